"""The queue of a scored month: weigh those who rank high, choose among them, and read the evidence of the chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.entities import SCORED
from features.vocabulary.months import last_day
from fraud.cases.box_trails import read_trails
from fraud.cases.choose import CANDIDATES_PER_PLACE, choose
from fraud.cases.evidence import gather
from fraud.cases.inside import read_inside
from fraud.cases.triage import weigh
from fraud.rings.core import core_rings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.engine import DuckDBEngine
    from fraud.cases.choose import Chosen
    from fraud.cases.evidence import CaseEvidence
    from fraud.settings import CaseSettings


@dataclass(frozen=True)
class Queue:
    """The subjects chosen for review in order, and what the store holds of them.

    Parameters
    ----------
    chosen : tuple of Chosen
        Its places in order.
    sampling : dict
        How the random audit was drawn.
    weighed : DataFrame
        Factors of the priority, one row per place, index entity and subject.
    register : DataFrame
        Name, type and region, one row per provider of the store.
    evidence : dict
        Evidence by entity and subject.
    inside : mapping of str to DataFrame
        Departments and practitioners of the providers chosen.
    trails : dict
        Steps of the boxes behind findings of trace codes, by entity and subject.
    """

    chosen: tuple[Chosen, ...]
    sampling: dict[str, object]
    weighed: pd.DataFrame
    register: pd.DataFrame
    evidence: dict[tuple[str, str], CaseEvidence]
    inside: Mapping[str, pd.DataFrame]
    trails: dict[tuple[str, str], pd.DataFrame]


@dataclass(frozen=True)
class ScoredTables:
    """A scored month as the pack reads it: findings about persons bear the ids that the pack shows.

    Parameters
    ----------
    month : str
        The scored month, YYYY-MM.
    scores : mapping of str to DataFrame
        Score tables by entity, index the subject.
    tables : mapping of str to DataFrame
        Output tables by name; the queue needs `findings`, `finding_lines`, `rings` and `ring_members`.
    """

    month: str
    scores: Mapping[str, pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]


def draw_queue(
    engine: DuckDBEngine, scored: ScoredTables, *, settings: CaseSettings, places: int, entities: Sequence[str]
) -> Queue:
    """Draw the queue of a month.

    Parameters
    ----------
    engine : DuckDBEngine
        With the months of the run's window attached.
    scored : ScoredTables
        The scored month.
    settings : CaseSettings
        Costs, quotas, share of the random audit.
    places : int
        Of the queue.
    entities : sequence of str
        Whose cases: `provider`, `patient` or both.
    """
    register = _register(engine)
    weighed = _weighed(scored, register, settings, _candidates(scored, places, entities))
    everyone = pd.concat([_subjects(entity, scored) for entity in entities], ignore_index=True)
    chosen, sampling = choose(weighed, everyone, places, scored.month, settings)
    drawn: dict[str, list[str]] = {
        entity: [each.subject_id for each in chosen if each.entity == entity] for entity in SCORED
    }
    rows = _weighed(scored, register, settings, drawn).set_index(["entity", "subject_id"])
    evidence = gather(engine, chosen, scored.tables, month=scored.month, limit=settings.max_lines_per_case)
    inside = read_inside(engine, drawn["provider"], scored.tables["finding_lines"])
    trails = read_trails(engine, drawn, scored.tables)
    return Queue(chosen, sampling, rows, register, evidence, inside, trails)


def _register(engine: DuckDBEngine) -> pd.DataFrame:
    """One row per provider: name, type and region."""
    return engine.frame(
        "select c.provider_id, p.provider_name, p.provider_type, p.region_code from providers p "
        "join codes_provider c on c.provider_key = p.provider_key order by 1"
    ).set_index("provider_id")


def _subjects(entity: str, scored: ScoredTables) -> pd.DataFrame:
    """One row per scored subject of an entity: its rank, and the ring that it is core of."""
    ranks = scored.scores[entity]["rank"]
    ids = ranks.index.astype(str)
    rings = _rings_of(entity, ids, scored)
    return pd.DataFrame({"entity": entity, "subject_id": ids, "rank": ranks.to_numpy(), "ring_id": rings})


def _rings_of(entity: str, ids: pd.Index, scored: ScoredTables) -> list[str]:
    core = core_rings(scored.tables["rings"], scored.tables["ring_members"])
    own = core[core["subject_type"] == entity].set_index("subject_id")["ring_id"]
    return list(own.reindex(ids).astype(object).fillna(""))


def _candidates(scored: ScoredTables, places: int, entities: Sequence[str]) -> dict[str, list[str]]:
    """Subjects of each entity that rank high enough to be weighed."""
    most = CANDIDATES_PER_PLACE * places
    ranks = {entity: scored.scores[entity]["rank"] for entity in entities}
    return {entity: list(rank.index[rank <= most]) for entity, rank in ranks.items()}


def _weighed(
    scored: ScoredTables, register: pd.DataFrame, settings: CaseSettings, subjects: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Weigh subjects; one row each, with entity, rank, and what quotas count."""
    end = last_day(scored.month).isoformat()
    findings, rings, members = (scored.tables[name] for name in ("findings", "rings", "ring_members"))
    last = members.merge(rings[["ring_id", "last_date"]], on="ring_id").groupby("member_id")["last_date"].max()
    # A rule finding of this month is as fresh as can be; the ring's last day counts only where no rule speaks.
    fresh = set(findings.loc[findings["source"] == "rule", "subject_id"])
    last = last.loc[[subject not in fresh for subject in last.index]]
    parts = []
    for entity, chosen in subjects.items():
        scores = scored.scores[entity].loc[list(chosen)]
        own = findings[(findings["subject_type"] == entity) & findings["subject_id"].isin(chosen)]
        part = weigh(scores, own, last, end, settings)
        part = part.assign(entity=entity, subject_id=scores.index, rank=scores["rank"])
        part["ring_id"] = _rings_of(entity, scores.index.astype(str), scored)
        part = part.assign(kind="", region="")
        if entity == "provider":
            known = register.reindex(scores.index).astype(object).fillna("")
            part = part.assign(kind=known["provider_type"], region=known["region_code"])
        parts.append(part.reset_index(drop=True))
    return pd.concat(parts, ignore_index=True)
