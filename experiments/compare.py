"""Two model versions on one month: which leads one gains and loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from features.errors import InputError
from fraud.budget import review_size
from fraud.models.trained import AMOUNT, apply_model
from fraud.registry.versions import load_model
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from features.vocabulary.entities import ScoredEntity
    from fraud.registry.records import LoadedModel
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Comparison:
    """What changes for investigators when version `second` takes the place of `first`.

    Parameters
    ----------
    month : str
        Month whose profiles both scored.
    first, second : str
        Names of the versions.
    n_budget : int
        Leads that the budget pays for.
    leads : DataFrame
        One row per lead that only one of the two has: `change` (gained or lost), ranks under both, `amount`.
    jaccard : float
        Leads in common over leads of either.
    gained_amount, lost_amount : float
        Money paid to the leads gained and lost, in major units.
    """

    month: str
    first: str
    second: str
    n_budget: int
    leads: pd.DataFrame
    jaccard: float
    gained_amount: float
    lost_amount: float


def compare_versions(
    workspace: Workspace, first: str, second: str, *, entity: ScoredEntity, month: str | None, budget: float
) -> Comparison:
    """Score one month's stored profiles with two versions and set their leads side by side.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month and the registry.
    first, second : str
        Aliases or version numbers.
    entity : str
        `provider` or `patient`.
    month : str or None
        YYYY-MM; None takes the last scored month.
    budget : float
        Share of subjects that are reviewed, 0..1.

    Raises
    ------
    InputError
        No month is scored, a version is not there, or one looks back over another window than the month's profiles.
    """
    run = ScoredRun.open(workspace, month or _last_scored(workspace))
    models = [_load(workspace, run, entity, alias) for alias in (first, second)]
    profiles = run.profiles(entity)
    ranks = [_ranks(model, profiles) for model in models]
    n_budget = review_size(len(profiles), budget)
    frame = pd.DataFrame({"rank_first": ranks[0], "rank_second": ranks[1], "amount": profiles[AMOUNT]})
    in_first, in_second = frame["rank_first"] <= n_budget, frame["rank_second"] <= n_budget
    gained, lost = frame[in_second & ~in_first], frame[in_first & ~in_second]
    leads = pd.concat(
        [
            gained.assign(change="gained").sort_values("rank_second"),
            lost.assign(change="lost").sort_values("rank_first"),
        ]
    )
    return Comparison(
        month=run.month,
        first=models[0].name,
        second=models[1].name,
        n_budget=n_budget,
        leads=leads.rename_axis("subject_id").reset_index(),
        jaccard=float((in_first & in_second).sum() / (in_first | in_second).sum()),
        gained_amount=float(gained["amount"].sum()),
        lost_amount=float(lost["amount"].sum()),
    )


def _load(workspace: Workspace, run: ScoredRun, entity: ScoredEntity, alias: str) -> LoadedModel:
    model = load_model(workspace, entity, alias)
    if model is None:
        hint = f"train one with `fraud train --entity {entity}`"
        raise InputError.of(f"model '{alias}'", f"of {entity}", "the registry has none", hint)
    hint = f"score the month with --window-months {model.window_months}, or name another month with --month"
    model.check_window(run.manifest.window_months, f"the profiles of {run.month}", hint)
    return model


def _ranks(model: LoadedModel, profiles: pd.DataFrame) -> pd.Series:
    scores = apply_model(model, profiles[[*model.card["features"]]])[0].scores
    return scores.rank(ascending=False, method="first").astype("int64")


def _last_scored(workspace: Workspace) -> str:
    months = scored_months(workspace)
    if not months:
        raise InputError.of(
            "--month", f"in {workspace.runs}", "no month is scored", "run `fraud score --month M` first"
        )
    return months[-1]
