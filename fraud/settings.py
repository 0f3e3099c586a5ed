"""Typed settings from a TOML file; an unknown key is an error that names the nearest one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.engine import DuckDBEngine
from features.errors import InputError
from features.peers import MIN_PEERS

if TYPE_CHECKING:
    from collections.abc import Mapping


class Section(BaseModel):
    """Settings are values: frozen, checked when built, closed to unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EngineSettings(Section):
    """How much of the machine the SQL engine may use."""

    memory_limit: str = Field("4GB", pattern=r"^\d+(\.\d+)?\s?(MB|GB|TB)$")
    threads: int = Field(2, ge=1)
    spill_folder: str | None = None
    spill_limit: str | None = Field(None, pattern=r"^\d+(\.\d+)?\s?(MB|GB|TB)$")

    def open(self, threads: int | None = None) -> DuckDBEngine:
        """Open DuckDB within these limits, as a context manager; `threads` instead of the setting's where given.

        Examples
        --------
        >>> with EngineSettings(threads=1).open() as engine:
        ...     engine.rows("select 1")
        [(1,)]
        """
        spill = Path(self.spill_folder) if self.spill_folder else None
        return DuckDBEngine(self.memory_limit, threads or self.threads, spill, self.spill_limit)


class RuleSettings(Section):
    """Limits that rules use where the reference tables say nothing.

    Open: each key is a parameter of a rule, ours or the payer's, which owns its default and bounds;
    `fraud.rules.rule_settings` checks.
    """

    model_config = ConfigDict(extra="allow")

    @property
    def given(self) -> Mapping[str, object]:
        """What the settings say, by parameter."""
        return self.model_extra or {}


class RingSettings(Section):
    """Ring search; fraud/rings/shared_patients/README.md gives the source of each default. Evidence is in nats."""

    min_shared_patients: int = Field(3, ge=2)
    min_pair_llr: float = Field(6.0, gt=0)
    max_q_value: float = Field(0.05, gt=0, le=1)
    min_patient_log_odds: float = Field(4.0, ge=0)
    min_patients: int = Field(8, ge=2)
    min_providers: int = Field(3, ge=3)
    max_providers: int = Field(40, ge=3)
    enter_share: float = Field(0.35, gt=0, le=1)
    stay_share: float = Field(0.30, gt=0, le=1)
    min_lift: float = Field(1.5, ge=1)
    min_provider_llr: float = Field(5.0, ge=0)
    max_overlap: float = Field(0.5, gt=0, le=1)
    max_pairs_per_provider: float = Field(1.0, gt=0)
    n_decoys: int = Field(20, ge=0)
    seed: int = Field(7, ge=0)


class ModelSettings(Section):
    """Label counts that decide the mode, and the size of the trees."""

    min_positives_pu: int = Field(30, ge=2)
    min_positives_labelled: int = Field(200, ge=2)
    min_negatives_labelled: int = Field(200, ge=2)


class ScoringSettings(Section):
    """The monthly batch; docs/scoring.md says what each weight and share means. All are our proposal."""

    seed: int = Field(7, ge=0)
    window_months: int = Field(6, ge=1, le=60)
    review_budget: float = Field(0.02, gt=0, le=1)
    policy: Literal["precision", "money"] = "precision"
    rules_weight: float = Field(0.7, ge=0, lt=1)
    rings_weight: float = Field(0.8, ge=0, lt=1)
    model_weight: float = Field(0.6, ge=0, lt=1)
    anomaly_weight: float = Field(0.4, ge=0, lt=1)
    excess_weight: float = Field(0.3, ge=0, lt=1)
    rules_half_share: float = Field(0.02, gt=0, le=1)
    top_band_probability: float = Field(0.5, ge=0, le=1)
    middle_band_probability: float = Field(0.25, ge=0, le=1)
    rest_probability: float = Field(0.05, ge=0, le=1)
    min_band_labels: int = Field(20, ge=1)
    min_peers: int = Field(MIN_PEERS, ge=2)
    min_peer_distance: float = Field(5.0, gt=0)
    min_peer_percentile: float = Field(90.0, ge=50, lt=100)
    max_peer_findings: int = Field(3, ge=0)
    max_reasons: int = Field(5, ge=1)
    explained_patients: int = Field(5000, ge=0)
    keep_versions: int = Field(5, ge=1)


class CaseSettings(Section):
    """Review packs; weights, shares and costs are our proposal. Costs in currency units per case."""

    top: int = Field(50, ge=1)
    seed: int = Field(7, ge=0)
    max_scheme_share: float = Field(0.4, gt=0, le=1)
    max_region_share: float = Field(0.5, gt=0, le=1)
    max_patient_share: float = Field(0.3, ge=0, le=1)
    random_audit_share: float = Field(0.08, ge=0, le=0.5)
    recency_half_life_days: int = Field(180, ge=1)
    desk_audit_cost: int = Field(300, ge=0)
    data_request_cost: int = Field(800, ge=0)
    on_site_cost: int = Field(4000, ge=0)
    on_site_from_amount: int = Field(50_000, ge=0)
    reply_days: int = Field(14, ge=1)
    max_lines_per_case: int = Field(5000, ge=1, le=20_000)
    max_lines_on_page: int = Field(40, ge=1, le=500)


class Settings(Section):
    """All settings of a workspace."""

    engine: EngineSettings = EngineSettings()
    rules: RuleSettings = RuleSettings()
    rings: RingSettings = RingSettings()
    models: ModelSettings = ModelSettings()
    scoring: ScoringSettings = ScoringSettings()
    cases: CaseSettings = CaseSettings()


def load_settings(path: Path | None) -> Settings:
    """Read settings from a TOML file, or take the defaults.

    Parameters
    ----------
    path : Path or None
        The file; None means all defaults.

    Raises
    ------
    InputError
        The file cannot be read, or a key or value is not allowed; what `[rules]` says is checked where the rules are
        known.
    """
    if path is None:
        return Settings()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError.of("settings", f"in {path}", str(error), "give a readable TOML file") from error
    _refuse_unknown(Settings, data, str(path))
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        got = f"{first['msg']} (got {first['input']!r})"
        raise InputError.of(f"settings key '{key}'", f"in {path}", got, "see docs/settings.md") from error


def _refuse_unknown(section: type[BaseModel], data: dict[str, object], where: str) -> None:
    if section.model_config.get("extra") == "allow":
        return
    for key, value in data.items():
        if key not in section.model_fields:
            raise InputError.unknown_name("settings key", f"in {where}", key, section.model_fields)
        inner = section.model_fields[key].annotation
        if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, BaseModel):
            _refuse_unknown(inner, value, f"{where} [{key}]")
