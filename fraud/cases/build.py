"""Build the cases of a scored month: the queue, and for each subject everything the pack shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.vocabulary.entities import ID_COLUMNS, SCORED
from features.vocabulary.months import last_day
from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.case import Case, CasePack, FindingView, PeerView, RingView
from fraud.cases.evidence import Evidence, gather, show_persons
from fraud.cases.keyed_ids import case_id, shown_findings
from fraud.cases.peer_views import PeerViews
from fraud.cases.ring_views import RingViews
from fraud.cases.triage import CANDIDATES_PER_PLACE, Chosen, action_text, choose, priority_of, weigh
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.runs.tables import read_output
from fraud.scoring.detectors import DETECTORS, finding_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fraud.scoring.detectors.declare import Detector
    from fraud.settings import Settings
    from fraud.workspace import Workspace

_TABLES = ("findings", "finding_lines", "rings", "ring_members", "ring_edges", "explanations")


@dataclass(frozen=True)
class Month:
    """The tables of a scored month, read once."""

    folder: Path
    manifest: dict[str, Any]
    scores: dict[str, pd.DataFrame]
    profiles: dict[str, pd.DataFrame]
    tables: dict[str, pd.DataFrame]

    @classmethod
    def read(cls, workspace: Workspace, month: str) -> Month:
        """Read a scored month, or refuse one that is not."""
        folder = workspace.run(month).resolve()
        return cls(
            folder=folder,
            manifest=json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
            scores={e: read_output(folder, f"{e}_scores").set_index(ID_COLUMNS[e]).sort_index() for e in SCORED},
            profiles={e: read_output(folder, f"{e}_profiles").set_index(ID_COLUMNS[e]).sort_index() for e in SCORED},
            tables={name: read_output(folder, name) for name in _TABLES},
        )


def build_pack(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    top: int | None = None,
    entities: Sequence[str] = SCORED,
    lang: str = "en",
    unmask: bool = False,
) -> CasePack:
    """Build the pack of a scored month.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month and the store.
    month : str
        YYYY-MM.
    settings : Settings
        Engine limits and case settings.
    top : int, optional
        Places in the queue; by default the setting.
    entities : sequence of str
        Whose cases: `provider`, `patient` or both.
    lang : str
        `en` or `zh`.
    unmask : bool
        Whether ids of persons are shown as stored.

    Raises
    ------
    InputError
        The month is not scored.
    """
    names = Pseudonyms(workspace)
    read = Month.read(workspace, month)
    read = replace(read, tables=shown_findings(read.tables, names))
    shown: Callable[[str], str] = (lambda person: person) if unmask else (lambda person: names.of(person, CASES))
    store = ClaimsStore.open(workspace.store)
    months = sorted(read.manifest["inputs"]["claims"]["months"])
    spill = Path(settings.engine.spill_folder) if settings.engine.spill_folder else None
    with DuckDBEngine(settings.engine.memory_limit, settings.engine.threads, spill) as engine:
        store.attach(engine, months=months)
        register = _register(engine)
        places = top or settings.cases.top
        weighed = _weighed(read, register, settings, _candidates(read, places, entities))
        everyone = pd.concat([_subjects(entity, read.scores[entity].index) for entity in entities], ignore_index=True)
        queue, sampling = choose(weighed, everyone, places, month, settings.cases)
        drawn: dict[str, list[str]] = {entity: [c.subject_id for c in queue if c.entity == entity] for entity in SCORED}
        rows = _weighed(read, register, settings, drawn).set_index(["entity", "subject_id"])
        evidence = gather(
            engine,
            queue,
            read.tables["findings"],
            read.tables["finding_lines"],
            read.tables["ring_members"],
            month=month,
            limit=settings.cases.max_lines_per_case,
        )
    rings = RingViews(read.tables, shown)
    peers: dict[str, PeerViews] = {
        entity: PeerViews(entity, read.profiles[entity], read.tables["explanations"]) for entity in SCORED
    }
    findings = dict(iter(read.tables["findings"].groupby(["subject_type", "subject_id"], sort=True)))
    in_rings = read.tables["ring_members"].groupby("member_id")["amount"].max()
    cases = []
    for chosen in queue:
        key = (chosen.entity, chosen.subject_id)
        own = findings.get(key, read.tables["findings"].iloc[:0])
        row = rows.loc[key]
        score = read.scores[chosen.entity].loc[chosen.subject_id]
        known = register.loc[chosen.subject_id] if chosen.subject_id in register.index else pd.Series(dtype=object)
        register_row = known if chosen.entity == "provider" else pd.Series(dtype=object)
        in_ring = int(in_rings.get(chosen.subject_id, 0))
        parts = Parts(case_id(names, month, *key), score, row, own, evidence[key], register_row, in_ring)
        views = (peers[chosen.entity].of(chosen.subject_id), rings.of(chosen.subject_id))
        cases.append(_case(month, chosen, parts, views, shown))
    return CasePack(
        month=month,
        lang=lang,
        cases=tuple(cases),
        n_providers=len(read.scores["provider"]),
        n_patients=len(read.scores["patient"]),
        run=_run(read),
        is_unmasked=unmask,
        sampling=sampling,
        not_checked=tuple(sorted(read.manifest.get("not_checked", {}).get("rules", {}))),
    )


def _register(engine: DuckDBEngine) -> pd.DataFrame:
    """One row per provider: name, type and region."""
    return engine.frame(
        "select c.provider_id, p.provider_name, p.provider_type, p.region_code from providers p "
        "join codes_provider c on c.provider_key = p.provider_key order by 1"
    ).set_index("provider_id")


def _subjects(entity: str, ids: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({"entity": entity, "subject_id": ids.astype(str)})


def _candidates(read: Month, places: int, entities: Sequence[str]) -> dict[str, list[str]]:
    """Subjects of each entity that rank high enough to be weighed."""
    most = CANDIDATES_PER_PLACE * places
    ranks = {entity: read.scores[entity]["rank"] for entity in entities}
    return {entity: list(rank.index[rank <= most]) for entity, rank in ranks.items()}


def _weighed(
    read: Month, register: pd.DataFrame, settings: Settings, subjects: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Weigh subjects; one row each, with entity, rank and region."""
    end = last_day(str(read.manifest["month"])).isoformat()
    members = read.tables["ring_members"].merge(read.tables["rings"][["ring_id", "last_date"]], on="ring_id")
    last = members.groupby("member_id")["last_date"].max()
    findings = read.tables["findings"]
    # A rule finding of this month is as fresh as can be; the ring's last day counts only where no rule speaks.
    fresh = set(findings.loc[findings["source"] == "rule", "subject_id"])
    last = last.loc[[subject not in fresh for subject in last.index]]
    parts = []
    for entity, chosen in subjects.items():
        scores = read.scores[entity].loc[list(chosen)]
        own = findings[(findings["subject_type"] == entity) & findings["subject_id"].isin(chosen)]
        part = weigh(scores, own, last, end, settings.cases)
        regions = register["region_code"].reindex(scores.index) if entity == "provider" else pd.Series("", scores.index)
        part = part.assign(entity=entity, subject_id=scores.index, rank=scores["rank"], region=regions.fillna(""))
        parts.append(part.reset_index(drop=True))
    return pd.concat(parts, ignore_index=True)


def _run(read: Month) -> dict[str, str]:
    content = (read.folder / "manifest.json").read_bytes()
    models = read.manifest["inputs"].get("models", {})
    named = {e: f"{m['name']} {m['version']}" if m else "none" for e, m in sorted(models.items())}
    return {
        "manifest_sha256": hashlib.sha256(content).hexdigest(),
        "version": read.folder.name,
        "tool_version": str(read.manifest.get("tool_version", "")),
        **{f"model_{entity}": name for entity, name in named.items()},
    }


@dataclass(frozen=True)
class Parts:
    """What the tables hold of one subject: score, weighing, findings, evidence, register, money inside its rings."""

    case_id: str
    score: pd.Series
    weighed: pd.Series
    findings: pd.DataFrame
    evidence: Evidence
    register: pd.Series
    ring_amount: int


def _case(
    month: str,
    chosen: Chosen,
    parts: Parts,
    views_of: tuple[tuple[PeerView, ...], tuple[RingView, ...]],
    shown: Callable[[str], str],
) -> Case:
    entity, subject = chosen.entity, chosen.subject_id
    score, row, evidence, known = parts.score, parts.weighed, parts.evidence, parts.register
    name = _text(known.get("provider_name"))
    codes = tuple(row["scheme_codes"])
    views = tuple(_view(finding) for finding in _strongest_first(parts.findings).itertuples())
    ring_exposure = max((view.exposure_amount for view in views if view.source == "ring"), default=0)
    is_ring_money = ring_exposure > evidence.exposure_amount
    dates = pd.to_datetime(evidence.lines["settle_time"])
    words = [scheme(code) for code in (codes[:3] or ("",))]
    return Case(
        case_id=parts.case_id,
        month=month,
        subject_type=entity,
        subject_id=subject,
        shown_id=subject if entity == "provider" else shown(subject),
        subject_name=name,
        kind=_text(known.get("provider_type")),
        region=_text(known.get("region_code")),
        rank=int(score["rank"]),
        risk_score=float(score["risk_score"]),
        score_mode=str(score["score_mode"]),
        selection_reason=chosen.selection_reason,
        selection_probability=chosen.selection_probability,
        scheme_codes=codes,
        action=action_text("random_audit" if chosen.selection_reason == "random_audit" else str(row["action"])),
        exposure_gross_amount=max(evidence.exposure_gross_amount, parts.ring_amount if is_ring_money else 0),
        exposure_amount=max(evidence.exposure_amount, ring_exposure),
        fund_exposure_amount=evidence.fund_exposure_amount,
        n_patients=int(evidence.lines["person"].nunique()),
        n_settlements=int(evidence.lines["settlement_id"].nunique()),
        n_lines=evidence.n_lines,
        first_date="" if dates.empty else dates.min().date().isoformat(),
        last_date="" if dates.empty else dates.max().date().isoformat(),
        priority=priority_of(row),
        reasons=tuple(Text(str(en), str(zh)) for en, zh in zip(score["reasons_en"], score["reasons_zh"], strict=True)),
        findings=views,
        peers=views_of[0],
        rings=views_of[1],
        innocent=_unique(words, "innocent"),
        records=_unique(words, "records"),
        lines=show_persons(evidence.lines, shown),
        n_lines_left_out=evidence.n_lines - len(evidence.lines),
        is_ring_money=is_ring_money,
    )


def _strongest_first(findings: pd.DataFrame, detectors: Sequence[Detector] = DETECTORS) -> pd.DataFrame:
    places = {source: place for place, source in enumerate(finding_sources(detectors))}
    order = findings["source"].map(places).fillna(len(places))
    keys = ["_order", "exposure_amount", "finding_id"]
    return findings.assign(_order=order).sort_values(keys, ascending=[True, False, True])


def _view(finding: Any) -> FindingView:
    return FindingView(
        finding_id=str(finding.finding_id),
        source=str(finding.source),
        code=str(finding.code),
        scheme_code=str(finding.scheme_code),
        version=str(finding.version),
        result_type=str(finding.result_type),
        basis=str(finding.basis),
        exposure_amount=int(finding.exposure_amount),
        fund_exposure_amount=int(finding.fund_exposure_amount),
        n_lines=int(finding.n_lines),
        reason=Text(str(finding.reason_en), str(finding.reason_zh)),
    )


def _unique(words: Sequence[Any], what: str) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(text for each in words for text in getattr(each, what)))


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
