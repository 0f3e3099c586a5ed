"""Measure the scored months of a workspace against what was planted, and say it as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.evaluate import measure_against
from experiments.recall.claims import has_settlements, locate
from experiments.recall.lines import measure_lines
from experiments.recall.measure import measure_flagged, measure_list, measure_schemes
from experiments.recall.months import first_detections, measure_delays
from experiments.recall.power import guilty_rates, measure_power
from experiments.recall.rings import measure_rings
from experiments.recall.scored import Budget, read_reviewed, scored_months
from experiments.recall.subjects import guilty_subjects, size_of_lines
from experiments.recall.twins import measure_twins
from features.claims import ClaimsStore
from features.errors import InputError
from features.vocabulary.entities import SCORED
from fraud.runs.tables import read_output
from fraud.scoring.month import NO_MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.metrics import Interval
    from experiments.recall.scored import Reviewed
    from experiments.recall.truth import Truth
    from features.vocabulary.entities import ScoredEntity
    from fraud.workspace import Workspace

_DEFAULT = "champion"
_CITY = ("persons", "providers", "months", "seed", "seeds", "schemes")


@dataclass(frozen=True)
class Recall:
    """What a scored month found of what was planted. Aggregates only: no subject is named. Money in minor units.

    Parameters
    ----------
    month : str
        YYYY-MM.
    window, scored : tuple of str
        Claims months that the month looks at; scored months up to it.
    budget : Budget
        What can be reviewed.
    alias : str
        Model measured as `model` among the rankings.
    city : mapping
        How the city was asked for; empty when unknown.
    lists : DataFrame
        One row per entity: the whole list.
    schemes, flagged, delays : DataFrame
        Per entity and scheme (and size); see `measure` and `months`.
    twins, rings, lines, rates, power : DataFrame
        See the modules of these names.
    ring_summary : mapping
        Counts over all rings.
    rankings : mapping
        ScoredEntity to ranking to metric to interval.
    n_cities : int
        Cities pooled.
    """

    month: str
    window: tuple[str, ...]
    scored: tuple[str, ...]
    budget: Budget
    alias: str
    city: Mapping[str, Any]
    lists: pd.DataFrame
    schemes: pd.DataFrame
    flagged: pd.DataFrame
    delays: pd.DataFrame
    twins: pd.DataFrame
    rings: pd.DataFrame
    ring_summary: Mapping[str, Any]
    lines: pd.DataFrame
    rates: pd.DataFrame
    power: pd.DataFrame
    rankings: Mapping[str, Mapping[str, Mapping[str, Interval]]]
    n_cities: int = 1

    def record(self) -> dict[str, Any]:
        """All of it as JSON values; what is unknown is null."""
        frames = ("lists", "schemes", "flagged", "delays", "twins", "rings", "lines", "rates", "power")
        return {
            "format": 2,
            "n_cities": self.n_cities,
            "month": self.month,
            "window": list(self.window),
            "scored_months": list(self.scored),
            "budget": {"providers_share": self.budget.share, "patient_cases": self.budget.n_cases},
            "model": self.alias,
            "city": {name: self.city[name] for name in _CITY if name in self.city},
            **{name: [plain(row) for row in getattr(self, name).to_dict(orient="records")] for name in frames},
            "ring_summary": plain(self.ring_summary),
            "rankings": {
                entity: {
                    ranking: {name: plain(vars(interval)) for name, interval in metrics.items()}
                    for ranking, metrics in rankings.items()
                }
                for entity, rankings in self.rankings.items()
            },
        }

    def as_json(self) -> str:
        """Return the record as text; equal recalls give equal bytes."""
        return json.dumps(self.record(), ensure_ascii=False, indent=1) + "\n"


def measure_recall(
    workspace: Workspace,
    month: str,
    truth: Truth,
    *,
    budget: Budget,
    entities: Sequence[ScoredEntity] = SCORED,
    alias: str = _DEFAULT,
    n_draws: int = 500,
    seed: int = 7,
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
        Whose rankings.
    alias : str
        Model measured as `model`.
    n_draws, seed : int
        Of the bootstrap of the rankings' metrics.

    Raises
    ------
    InputError
        The month is not scored, or none of the truth's subjects is ranked in it.
    """
    folder = workspace.run(month)
    reviewed = {entity: read_reviewed(folder, month, entity, budget) for entity in SCORED}
    store = ClaimsStore.open(workspace.store)
    _check_same_city(truth, store, reviewed, month)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    window = tuple(sorted(manifest["inputs"]["claims"]["months"]))
    months = scored_months(workspace, month)
    findings, finding_lines = (_of_months(workspace, months, name) for name in ("findings", "finding_lines"))
    members = read_output(folder, "ring_members")
    everything = locate(store, truth.lines, findings, finding_lines, months=sorted({*window, *months}), first=window[0])
    located = replace(everything, planted=everything.planted[everything.planted["month"].isin(window)])
    guilty = {entity: guilty_subjects(truth, entity, month, located.planted) for entity in SCORED}
    lines = size_of_lines(located.planted, guilty["provider"])
    ring_rows, ring_summary = measure_rings(truth, month, members)
    lists = [measure_list(guilty[entity], reviewed[entity], lines) for entity in entities]
    rates = guilty_rates(guilty["provider"], reviewed["provider"], located)
    rankings = {
        row["entity"]: measure_against(
            workspace,
            month,
            set(guilty[row["entity"]]["subject_id"]),
            entity=row["entity"],
            budget=row["n_budget"] / row["n_subjects"],
            alias=alias,
            n_draws=n_draws,
            seed=seed,
        )
        for row in lists
        if row["n_guilty"]
    }
    if alias not in {_DEFAULT, NO_MODEL} and not any("model" in found for found in rankings.values()):
        raise InputError.of(
            f"model '{alias}'", "in the registry", "no such model", "see `fraud models`, or leave --alias out"
        )
    return Recall(
        month,
        window,
        months,
        budget,
        alias if any("model" in found for found in rankings.values()) else NO_MODEL,
        truth.city,
        lists=pd.DataFrame(lists),
        schemes=_labelled({e: measure_schemes(guilty[e], reviewed[e], lines) for e in entities}),
        flagged=_labelled({e: measure_flagged(guilty[e], reviewed[e], findings) for e in entities}),
        delays=_labelled({e: _delays(workspace, months, e, budget, guilty[e]) for e in entities}),
        twins=measure_twins(truth, {e: reviewed[e] for e in entities}, findings, members),
        rings=ring_rows,
        ring_summary=ring_summary,
        lines=measure_lines(everything, months),
        rates=rates,
        power=measure_power(rates),
        rankings=rankings,
    )


def _check_same_city(truth: Truth, store: ClaimsStore, reviewed: Mapping[ScoredEntity, Reviewed], month: str) -> None:
    """Refuse the truth of another city; persons and providers of all cities are numbered alike, their bills are not."""
    named = {"provider": truth.providers["provider_id"], "patient": truth.patients["person_id"]}
    twins = {kind: truth.twins.loc[truth.twins["subject_type"] == kind, "subject_id"] for kind in named}
    subjects = [(names, reviewed[e].ranks.index) for e in SCORED for names in (named[e], twins[e]) if len(names)]
    got = None
    if len(truth.lines) and not has_settlements(store, truth.lines["settlement_id"]):
        got = "none of its settlements is in the claims store"
    elif subjects and not any(names.isin(ranked).any() for names, ranked in subjects):
        got = "none of its subjects is ranked in that month"
    if got:
        raise InputError.of("--truth", f"for {month}", got, "give the truth of the city that was ingested")


def _delays(
    workspace: Workspace, months: Sequence[str], entity: ScoredEntity, budget: Budget, guilty: pd.DataFrame
) -> pd.DataFrame:
    past = [read_reviewed(workspace.run(name), name, entity, budget) for name in months]
    return measure_delays(first_detections(guilty, past))


def _of_months(workspace: Workspace, months: Sequence[str], table: str) -> pd.DataFrame:
    return pd.concat([read_output(workspace.run(name), table) for name in months], ignore_index=True)


def _labelled(parts: Mapping[ScoredEntity, pd.DataFrame]) -> pd.DataFrame:
    filled = [part.assign(entity=entity) for entity, part in parts.items() if len(part)]
    if not filled:
        return pd.DataFrame()
    whole = pd.concat(filled, ignore_index=True)
    return whole[["entity", *(name for name in whole.columns if name != "entity")]]


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the values of a row into JSON's own: NaN into null, minor units of an amount into currency."""
    return {str(n): _major(v) if str(n).endswith("_amount") else _plain(v) for n, v in row.items()}


def _major(amount: Any) -> float | None:
    """Return minor units as currency with two decimals."""
    return None if amount is None or pd.isna(amount) else int(amount) / 100


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if value is None or isinstance(value, bool | str):
        return value
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
