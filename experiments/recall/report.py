"""Measure the scored months of a workspace against what was planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.evaluate import measure_against
from experiments.recall.claims import has_settlements, locate
from experiments.recall.lines import measure_lines
from experiments.recall.measure import measure_flagged, measure_list, measure_schemes
from experiments.recall.months import first_detections, measure_delays
from experiments.recall.places import measure_places
from experiments.recall.power import guilty_rates, measure_power
from experiments.recall.recall import Recall
from experiments.recall.rings import measure_rings
from experiments.recall.scored import read_reviewed
from experiments.recall.subjects import guilty_subjects, size_of_lines
from experiments.recall.twins import measure_twins
from features.claims import ClaimsStore
from features.errors import InputError
from features.vocabulary.entities import PROFILED, SCORED
from fraud.engine_settings import EngineSettings
from fraud.registry.versions import CHAMPION
from fraud.runs.read import ScoredRun, scored_months
from fraud.scoring.request import NO_MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.metrics import Interval
    from experiments.recall.claims import Located
    from experiments.recall.scored import Budget, Reviewed
    from experiments.recall.truth import Truth
    from features.vocabulary.entities import Entity
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class _Evidence:
    """What every measure reads of the scored months and of the truth.

    Parameters
    ----------
    run : ScoredRun
        The month that is measured.
    runs : mapping of str to ScoredRun
        Every scored month up to it.
    budget : Budget
        What can be reviewed.
    reviewed, guilty : mapping by entity
        The month's ranking, and who is guilty by it.
    findings : DataFrame
        Of all the runs.
    everything, located : Located
        Guilty and reported lines of all months, and the same with the guilty lines of the month's window alone.
    lines : DataFrame
        Guilty lines of the window with the size of their scheme.
    """

    run: ScoredRun
    runs: Mapping[str, ScoredRun]
    budget: Budget
    reviewed: Mapping[Entity, Reviewed]
    guilty: Mapping[Entity, pd.DataFrame]
    findings: pd.DataFrame
    everything: Located
    located: Located
    lines: pd.DataFrame

    def placed(self, entity: Entity) -> pd.DataFrame:
        """List and place of every subject."""
        return self.run.scores(entity)[["list", "list_place"]]

    def delays(self, entity: Entity) -> pd.DataFrame:
        """How late each guilty subject first was inside a month's budget."""
        ranked = {month: run for month, run in self.runs.items() if run.is_ranked(entity)}
        past = [read_reviewed(run, month, entity, self.budget) for month, run in ranked.items()]
        return measure_delays(first_detections(self.guilty[entity], past))


def measure_recall(
    workspace: Workspace,
    month: str,
    truth: Truth,
    *,
    budget: Budget,
    entities: Sequence[Entity] = (),
    alias: str = CHAMPION,
    n_draws: int = 500,
    seed: int = 7,
    limits: EngineSettings | None = None,
) -> Recall:
    """Measure what a scored month, and those before it, found of what was planted.

    Parameters
    ----------
    workspace : Workspace
        Holds the store and the scored months.
    month : str
        YYYY-MM.
    truth : Truth
        What was planted; schemes that begin later do not count.
    budget : Budget
        What can be reviewed.
    entities : sequence of str
        Whose rankings; by default all that the month has.
    alias : str
        Model measured as `model`.
    n_draws, seed : int
        Of the bootstrap of the rankings' metrics.
    limits : EngineSettings, optional
        Of the engine; by default those of a workspace without settings.

    Raises
    ------
    InputError
        The month is not scored, none of the truth's subjects is ranked in it, or the model is not there or looks back
        over another window.
    """
    seen = _gather(workspace, month, truth, budget, limits or EngineSettings(), asked=entities)
    lists = [
        measure_list(seen.guilty[entity], seen.reviewed[entity], seen.lines) for entity in entities or seen.reviewed
    ]
    rankings = {
        row["entity"]: measure_against(
            workspace,
            month,
            set(seen.guilty[row["entity"]]["subject_id"]),
            entity=row["entity"],
            budget=row["n_budget"] / row["n_subjects"],
            alias=alias,
            n_draws=n_draws,
            seed=seed,
        )
        for row in lists
        if row["n_guilty"]
    }
    return _recall(truth, seen, lists, rankings, _measured(alias, rankings))


def _gather(
    workspace: Workspace, month: str, truth: Truth, budget: Budget, limits: EngineSettings, *, asked: Sequence[Entity]
) -> _Evidence:
    """Read the scored months and look the truth up in their claims."""
    run, store = ScoredRun.open(workspace, month), ClaimsStore.open(workspace.store)
    wanted = [entity for entity in PROFILED if entity in asked or run.is_ranked(entity)]
    reviewed = {entity: read_reviewed(run, month, entity, budget) for entity in wanted}
    _check_same_city(truth, store, reviewed, month, limits)
    runs = {name: ScoredRun.of_folder(workspace.run(name)) for name in scored_months(workspace, month)}
    findings, lines = (
        pd.concat([past.table(name) for past in runs.values()], ignore_index=True)
        for name in ("findings", "finding_lines")
    )
    window = run.window
    everything = locate(
        store, truth.lines, findings, lines, months=sorted({*window, *runs}), first=window[0], limits=limits
    )
    located = replace(everything, planted=everything.planted[everything.planted["month"].isin(window)])
    guilty = {entity: guilty_subjects(truth, entity, month, located.planted) for entity in wanted}
    sized = size_of_lines(located.planted, guilty["provider"])
    return _Evidence(run, runs, budget, reviewed, guilty, findings, everything, located, sized)


def _measured(alias: str, rankings: Mapping[Entity, Mapping[str, Any]]) -> str:
    """Return the alias of the model that was measured, or refuse one that was asked for by name and is not there."""
    if any("model" in found for found in rankings.values()):
        return alias
    if alias not in {CHAMPION, NO_MODEL}:
        hint = "see `fraud ui` for the versions there are, or leave --alias out"
        raise InputError.of(f"model '{alias}'", "in the registry", "no such model", hint)
    return NO_MODEL


def _recall(
    truth: Truth,
    seen: _Evidence,
    lists: Sequence[Mapping[str, Any]],
    rankings: Mapping[str, Mapping[str, Mapping[str, Interval]]],
    alias: str,
) -> Recall:
    """Take every other measure and put all together."""
    entities: list[Entity] = [row["entity"] for row in lists]
    guilty, reviewed, members = seen.guilty, seen.reviewed, seen.run.table("ring_members")
    ring_rows, ring_summary = measure_rings(truth, seen.run.month, members)
    places = [row for e in entities for row in measure_places(guilty[e], reviewed[e], seen.lines, seen.placed(e))]
    rates = guilty_rates(guilty["provider"], reviewed["provider"], seen.located)
    return Recall(
        seen.run.month,
        seen.run.window,
        tuple(seen.runs),
        seen.budget,
        alias,
        truth.city,
        lists=pd.DataFrame(lists),
        schemes=_labelled({e: measure_schemes(guilty[e], reviewed[e], seen.lines) for e in entities}),
        places=pd.DataFrame(places),
        flagged=_labelled({e: measure_flagged(guilty[e], reviewed[e], seen.findings) for e in entities}),
        delays=_labelled({e: seen.delays(e) for e in entities}),
        twins=measure_twins(truth, {e: reviewed[e] for e in entities}, seen.findings, members),
        rings=ring_rows,
        ring_summary=ring_summary,
        lines=measure_lines(seen.everything, tuple(seen.runs)),
        rates=rates,
        power=measure_power(rates),
        rankings=rankings,
    )


def _check_same_city(
    truth: Truth, store: ClaimsStore, reviewed: Mapping[Entity, Reviewed], month: str, limits: EngineSettings
) -> None:
    """Refuse the truth of another city; persons and providers of all cities are numbered alike, their bills are not."""
    named = {"provider": truth.providers["provider_id"], "patient": truth.patients["person_id"]}
    twins = {kind: truth.twins.loc[truth.twins["subject_type"] == kind, "subject_id"] for kind in named}
    subjects = [(names, reviewed[e].ranks.index) for e in SCORED for names in (named[e], twins[e]) if len(names)]
    got = None
    if len(truth.lines) and not has_settlements(store, truth.lines["settlement_id"], limits):
        got = "none of its settlements is in the claims store"
    elif subjects and not any(names.isin(ranked).any() for names, ranked in subjects):
        got = "none of its subjects is ranked in that month"
    if got:
        raise InputError.of("--truth", f"for {month}", got, "give the truth of the city that was ingested")


def _labelled(parts: Mapping[Entity, pd.DataFrame]) -> pd.DataFrame:
    filled = [part.assign(entity=entity) for entity, part in parts.items() if len(part)]
    if not filled:
        return pd.DataFrame()
    whole = pd.concat(filled, ignore_index=True)
    return whole[["entity", *(name for name in whole.columns if name != "entity")]]
