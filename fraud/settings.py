"""Typed settings from a TOML file; an unknown key is an error that names the nearest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from features.claims.give_way import MAX_MONTH_SHRINK
from features.claims.quality.limits import Limits
from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text
from features.peers import MIN_PEERS
from fraud.engine_settings import EngineSettings
from fraud.sections import MOST_ROWS, Money, Section, Seed, validated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHOWN = 60


class IngestSettings(Section):
    """Shares beyond which no source is stored; our proposal.

    Of rows, from two on, that fail a relation of `fraud check`; and of what a stored month would lose.
    """

    max_dangling_share: float = Field(0.5, ge=0, le=1)
    max_failing_share: float = Field(1.0, ge=0, le=1)
    max_month_shrink: float = Field(MAX_MONTH_SHRINK, ge=0, le=1)

    @property
    def limits(self) -> Limits:
        """What may fail, as ingest takes it."""
        return Limits(self.max_dangling_share, self.max_failing_share)


class RuleSettings(Section):
    """Limits that rules use where the reference tables say nothing.

    Open: each key is a parameter of a rule, ours or the payer's, which owns its default and bounds;
    `fraud.rules.declare.rule_settings` checks.
    """

    model_config = ConfigDict(extra="allow")

    @property
    def given(self) -> Mapping[str, object]:
        """What the settings say, by parameter."""
        return self.model_extra or {}


class RingSettings(Section):
    """Ring search; fraud/rings/shared_patients/README.md gives the source of each default. Evidence is in nats."""

    min_shared_patients: int = Field(3, ge=2, le=MOST_ROWS)
    min_pair_llr: float = Field(6.0, gt=0, le=1e6)
    max_q_value: float = Field(0.05, gt=0, le=1)
    min_patient_log_odds: float = Field(4.0, ge=0, le=1e6)
    min_patients: int = Field(8, ge=2, le=MOST_ROWS)
    min_providers: int = Field(3, ge=3, le=MOST_ROWS)
    max_providers: int = Field(40, ge=3, le=MOST_ROWS)
    enter_share: float = Field(0.35, gt=0, le=1)
    stay_share: float = Field(0.30, gt=0, le=1)
    min_lift: float = Field(1.5, ge=1, le=1e6)
    min_provider_llr: float = Field(5.0, ge=0, le=1e6)
    max_overlap: float = Field(0.5, gt=0, le=1)
    max_pairs_per_provider: float = Field(1.0, gt=0, le=1e6)
    n_decoys: int = Field(20, ge=0, le=1000)
    seed: Seed = 7


class ModelSettings(Section):
    """Label counts that decide the mode, and the size of the trees."""

    min_positives_pu: int = Field(30, ge=2, le=MOST_ROWS)
    min_positives_labelled: int = Field(200, ge=2, le=MOST_ROWS)
    min_negatives_labelled: int = Field(200, ge=2, le=MOST_ROWS)


class ScoringSettings(Section):
    """The monthly batch; docs/scoring.md says what each weight and share means. All are our proposal."""

    seed: Seed = 7
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
    min_band_labels: int = Field(20, ge=1, le=MOST_ROWS)
    min_peers: int = Field(MIN_PEERS, ge=2, le=MOST_ROWS)
    min_peer_distance: float = Field(5.0, gt=0, le=1e6)
    min_peer_percentile: float = Field(90.0, ge=50, lt=100)
    peer_q: float = Field(0.1, gt=0, le=1)
    max_peer_findings: int = Field(3, ge=0, le=1000)
    max_reasons: int = Field(5, ge=1, le=1000)
    explained_patients: int = Field(5000, ge=0, le=MOST_ROWS)
    explained_practitioners: int = Field(5000, ge=0, le=MOST_ROWS)
    keep_versions: int = Field(5, ge=1, le=10_000)


class ReviewListSettings(Section):
    """Most of the first places that one leading scheme, kind or region may have; docs/scoring.md says why."""

    max_scheme_share: float = Field(0.4, gt=0, le=1)
    max_kind_share: float = Field(0.5, gt=0, le=1)
    max_region_share: float = Field(0.5, gt=0, le=1)
    capped_places: int = Field(2000, ge=1, le=10_000)


class CaseSettings(Section):
    """Review packs; weights, shares and costs are our proposal. Costs in currency units per case."""

    top: int = Field(50, ge=1, le=10_000)
    seed: Seed = 7
    pseudonyms: Literal["workspace", "month", "pack"] = "workspace"
    max_scheme_share: float = Field(0.4, gt=0, le=1)
    max_kind_share: float = Field(0.5, gt=0, le=1)
    max_region_share: float = Field(0.5, gt=0, le=1)
    max_patient_share: float = Field(0.3, ge=0, le=1)
    random_audit_share: float = Field(0.08, ge=0, le=0.5)
    recency_half_life_days: int = Field(180, ge=1, le=36_500)
    desk_audit_cost: Money = 300
    data_request_cost: Money = 800
    on_site_cost: Money = 4000
    on_site_from_amount: Money = 50_000
    reply_days: int = Field(14, ge=1, le=365)
    max_lines_per_case: int = Field(5000, ge=1, le=20_000)
    max_lines_on_page: int = Field(40, ge=1, le=500)


class Settings(Section):
    """All settings of a workspace."""

    engine: EngineSettings = EngineSettings()
    ingest: IngestSettings = IngestSettings()
    rules: RuleSettings = RuleSettings()
    rings: RingSettings = RingSettings()
    models: ModelSettings = ModelSettings()
    scoring: ScoringSettings = ScoringSettings()
    review_list: ReviewListSettings = ReviewListSettings()
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
    where, hint = plain_line(str(path)), "give a readable TOML file"
    data = parse_toml(read_text(path, "settings in", hint), "settings", f"in {where}", hint)
    return checked_settings(data, where)


def checked_settings(data: Mapping[str, Any], where: str) -> Settings:
    """Make settings of values by section and key.

    Parameters
    ----------
    data : mapping
        As read from outside.
    where : str
        Where they stand, for the error.

    Raises
    ------
    InputError
        A key or value is not allowed; the key is named.

    Examples
    --------
    >>> checked_settings({"engine": {"threads": "3"}}, "fraud.toml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: settings key 'engine.threads' in fraud.toml: Input should be a valid integer ...
    """
    _refuse_unknown(Settings, data, where)
    return validated(Settings, data, "settings key", where, "see docs/settings.md")


def _refuse_unknown(section: type[BaseModel], data: Mapping[str, Any], where: str) -> None:
    if section.model_config.get("extra") == "allow":
        return
    for key, value in data.items():
        if key not in section.model_fields:
            raise InputError.unknown_name("settings key", f"in {where}", plain_line(key)[:_SHOWN], section.model_fields)
        inner = section.model_fields[key].annotation
        if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, BaseModel):
            _refuse_unknown(inner, value, f"{where} [{key}]")
