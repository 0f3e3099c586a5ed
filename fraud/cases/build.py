"""Build the pack of a scored month: its queue, and the case of every subject in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from features.claims import ClaimsStore
from features.vocabulary.entities import SCORED
from fraud.cases.case import CasePack
from fraud.cases.clue_names import clue_names, rule_names
from fraud.cases.keyed_ids import case_id, shown_findings
from fraud.cases.make_case import CaseParts, make_case
from fraud.cases.peer_views import PeerViews
from fraud.cases.queue import ScoredTables, draw_queue
from fraud.cases.ring_views import RingViews
from fraud.cases.rule_gaps import rule_gaps
from fraud.cases.scopes import make_scope
from fraud.cases.year_points import year_months, year_points
from fraud.pseudonyms import Pseudonyms, shown_person
from fraud.runs.read import ScoredRun
from fraud.scoring.detectors import DETECTORS, finding_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from features.vocabulary.text import Text
    from fraud.cases.queue import Queue
    from fraud.cases.scopes import PackScope
    from fraud.scoring.detectors.declare import Detector
    from fraud.settings import Settings
    from fraud.workspace import Workspace

_TABLES = ("findings", "finding_lines", "rings", "ring_members", "ring_edges", "explanations")


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
    scope = make_scope(settings.cases.pseudonyms, month)
    run = ScoredRun.open(workspace, month)
    scores: dict[str, pd.DataFrame] = {entity: run.scores(entity) for entity in SCORED}
    scored = ScoredTables(month, scores, _shown_tables(run, names, scope))
    with settings.engine.open() as engine:
        ClaimsStore.open(workspace.store).attach(engine, months=run.window)
        places = top or settings.cases.top
        queue = draw_queue(engine, scored, settings=settings.cases, places=places, entities=entities)

    def shown(kind: str, identifier: str) -> str:
        return identifier if unmask else shown_person(names, kind, identifier, scope.purpose)

    def named(kind: str, identifier: str) -> str:
        return case_id(names, month, kind, identifier, scope.purpose)

    rules = rule_names(workspace)
    parts = _parts_of_cases(run, scored, queue, named, shown, rules=rules)
    # Practitioners' points are a matter of providers: who asks for persons' cases gets none.
    points_months = year_months(workspace, month) if "provider" in entities else ()
    return CasePack(
        month=month,
        lang=lang,
        cases=tuple(make_case(replace(each, reply_days=settings.cases.reply_days), shown) for each in parts),
        n_providers=len(scores["provider"]),
        n_patients=len(scores["patient"]),
        run=_describe(run),
        is_unmasked=unmask,
        sampling=_keyed_sampling(queue.sampling, names, scope),
        gaps=rule_gaps(run.manifest, rules),
        scope=scope,
        points=year_points(workspace, points_months, shown),
        points_months=points_months,
    )


def _shown_tables(run: ScoredRun, names: Pseudonyms, scope: PackScope) -> dict[str, pd.DataFrame]:
    return shown_findings({name: run.table(name) for name in _TABLES}, names, scope.purpose)


def _keyed_sampling(sampling: Mapping[str, object], names: Pseudonyms, scope: PackScope) -> dict[str, object]:
    """Key the digests of the frames: a plain one of few persons could be guessed."""
    return {
        name: names.digest(str(value), f"{scope.purpose}/frame") if name.endswith("frame_digest") else value
        for name, value in sampling.items()
    }


def _parts_of_cases(
    run: ScoredRun,
    scored: ScoredTables,
    queue: Queue,
    named: Callable[[str, str], str],
    shown: Callable[[str, str], str],
    *,
    rules: Mapping[str, Text],
) -> Iterator[CaseParts]:
    """Yield what is known of each subject of the queue, in its order."""
    tables = scored.tables
    tail = float(run.manifest.settings["scoring"]["min_peer_percentile"])
    rings = RingViews(tables, shown)
    peers: dict[str, PeerViews] = {
        entity: PeerViews(entity, run.profiles(entity), tables["explanations"], tail) for entity in SCORED
    }
    names: dict[str, Mapping[tuple[str, str], Text]] = {entity: clue_names(rules, entity) for entity in SCORED}
    findings = dict(iter(tables["findings"].groupby(["subject_type", "subject_id"], sort=True)))
    in_rings = tables["ring_members"].groupby("member_id")["amount"].max()
    for chosen in queue.chosen:
        key = (chosen.entity, chosen.subject_id)
        entity, subject = key
        is_registered = entity == "provider" and subject in queue.register.index
        yield CaseParts(
            case_id=named(*key),
            month=scored.month,
            chosen=chosen,
            score=scored.scores[entity].loc[subject],
            weighed=queue.weighed.loc[key],
            findings=_strongest_first(findings.get(key, tables["findings"].iloc[:0])),
            evidence=queue.evidence[key],
            register=queue.register.loc[subject] if is_registered else pd.Series(dtype=object),
            ring_amount=int(in_rings.get(subject, 0)),
            peers=peers[entity].of(subject),
            rings=rings.of(subject),
            inside=queue.inside.get(subject) if entity == "provider" else None,
            trails=queue.trails.get(key),
            names=names[entity],
        )


def _describe(run: ScoredRun) -> dict[str, str]:
    """Say of which run a pack is, for its manifest."""
    models = sorted(run.manifest.inputs.models.items())
    return {
        "manifest_sha256": run.reference.manifest_sha256,
        "version": run.reference.version,
        "tool_version": run.manifest.tool_version,
        **{f"model_{entity}": used.name if used else "none" for entity, used in models},
    }


def _strongest_first(findings: pd.DataFrame, detectors: Sequence[Detector] = DETECTORS) -> pd.DataFrame:
    places = {source: place for place, source in enumerate(finding_sources(detectors))}
    order = findings["source"].map(places).fillna(len(places))
    keys = ["_order", "exposure_amount", "finding_id"]
    return findings.assign(_order=order).sort_values(keys, ascending=[True, False, True])
