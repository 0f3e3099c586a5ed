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
from fraud.cases.case import CasePack
from fraud.cases.evidence import gather
from fraud.cases.keyed_ids import case_id, shown_findings
from fraud.cases.make_case import CaseParts, make_case
from fraud.cases.peer_views import PeerViews
from fraud.cases.ring_views import RingViews
from fraud.cases.triage import CANDIDATES_PER_PLACE, choose, weigh
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.runs.tables import read_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fraud.cases.evidence import CaseEvidence
    from fraud.cases.triage import Chosen
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
    places = top or settings.cases.top
    queue = _draw_queue(workspace, read, month, settings, places=places, entities=entities)
    shown: Callable[[str], str] = (lambda person: person) if unmask else (lambda person: names.of(person, CASES))
    return CasePack(
        month=month,
        lang=lang,
        cases=tuple(make_case(parts, shown) for parts in _parts_of_cases(read, month, queue, names, shown)),
        n_providers=len(read.scores["provider"]),
        n_patients=len(read.scores["patient"]),
        run=_run(read),
        is_unmasked=unmask,
        sampling=queue.sampling,
        not_checked=tuple(sorted(read.manifest.get("not_checked", {}).get("rules", {}))),
    )


@dataclass(frozen=True)
class Queue:
    """The queue of a month, and what was read of the store for it.

    Parameters
    ----------
    chosen : tuple of Chosen
        Its places in order.
    sampling : dict
        How the random audit was drawn.
    weighed : DataFrame
        Rows of `weigh`, index entity and subject.
    register : DataFrame
        One row per provider of the store: name, type and region.
    evidence : dict
        Evidence by entity and subject.
    """

    chosen: tuple[Chosen, ...]
    sampling: dict[str, object]
    weighed: pd.DataFrame
    register: pd.DataFrame
    evidence: dict[tuple[str, str], CaseEvidence]


def _draw_queue(
    workspace: Workspace, read: Month, month: str, settings: Settings, *, places: int, entities: Sequence[str]
) -> Queue:
    """Weigh the candidates, choose the queue and read its evidence."""
    store = ClaimsStore.open(workspace.store)
    months = sorted(read.manifest["inputs"]["claims"]["months"])
    spill = Path(settings.engine.spill_folder) if settings.engine.spill_folder else None
    with DuckDBEngine(settings.engine.memory_limit, settings.engine.threads, spill) as engine:
        store.attach(engine, months=months)
        register = _register(engine)
        weighed = _weighed(read, register, settings, _candidates(read, places, entities))
        everyone = pd.concat([_subjects(entity, read.scores[entity].index) for entity in entities], ignore_index=True)
        chosen, sampling = choose(weighed, everyone, places, month, settings.cases)
        drawn: dict[str, list[str]] = {
            entity: [each.subject_id for each in chosen if each.entity == entity] for entity in SCORED
        }
        rows = _weighed(read, register, settings, drawn).set_index(["entity", "subject_id"])
        evidence = gather(engine, chosen, read.tables, month=month, limit=settings.cases.max_lines_per_case)
    return Queue(chosen, sampling, rows, register, evidence)


def _parts_of_cases(
    read: Month, month: str, queue: Queue, names: Pseudonyms, shown: Callable[[str], str]
) -> Iterator[CaseParts]:
    """Yield what is known of each subject of the queue, in its order."""
    rings = RingViews(read.tables, shown)
    tail = float(read.manifest["settings"]["scoring"]["min_peer_percentile"])
    peers: dict[str, PeerViews] = {
        entity: PeerViews(entity, read.profiles[entity], read.tables["explanations"], tail) for entity in SCORED
    }
    findings = dict(iter(read.tables["findings"].groupby(["subject_type", "subject_id"], sort=True)))
    in_rings = read.tables["ring_members"].groupby("member_id")["amount"].max()
    for chosen in queue.chosen:
        key = (chosen.entity, chosen.subject_id)
        entity, subject = key
        is_registered = entity == "provider" and subject in queue.register.index
        yield CaseParts(
            case_id=case_id(names, month, *key),
            month=month,
            chosen=chosen,
            score=read.scores[entity].loc[subject],
            weighed=queue.weighed.loc[key],
            findings=_strongest_first(findings.get(key, read.tables["findings"].iloc[:0])),
            evidence=queue.evidence[key],
            register=queue.register.loc[subject] if is_registered else pd.Series(dtype=object),
            ring_amount=int(in_rings.get(subject, 0)),
            peers=peers[entity].of(subject),
            rings=rings.of(subject),
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


def _strongest_first(findings: pd.DataFrame) -> pd.DataFrame:
    order = findings["source"].map({"rule": 0, "ring": 1, "model": 2, "peer": 3}).fillna(4)
    keys = ["_order", "exposure_amount", "finding_id"]
    return findings.assign(_order=order).sort_values(keys, ascending=[True, False, True])
