"""Who a scored month would send to review: ranks by risk score, and the first of them that the budget pays for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fraud.budget import review_size

if TYPE_CHECKING:
    import pandas as pd

    from features.vocabulary.entities import Entity
    from fraud.runs.read import ScoredRun


@dataclass(frozen=True)
class Budget:
    """How many a month can review.

    Parameters
    ----------
    share : float
        Of the scored providers, and of the practitioners, 0..1; at least one.
    n_cases : int
        Patients.
    """

    share: float
    n_cases: int

    def size(self, entity: Entity, n: int) -> int:
        """How many of n subjects are reviewed."""
        return min(self.n_cases, n) if entity == "patient" else review_size(n, self.share)


@dataclass(frozen=True)
class Reviewed:
    """One entity's ranking of one scored month.

    Parameters
    ----------
    entity, month : str
        Whose and when.
    ranks : Series
        Published rank by subject, 1 the most suspicious.
    n_budget : int
        Subjects reviewed.
    """

    entity: Entity
    month: str
    ranks: pd.Series
    n_budget: int

    @property
    def inside(self) -> frozenset[str]:
        """Subjects inside the budget."""
        return frozenset(self.ranks.index[self.ranks <= self.n_budget])


def read_reviewed(run: ScoredRun, month: str, entity: Entity, budget: Budget) -> Reviewed:
    """Read an entity's ranking of a scored month."""
    ranks = run.ranks(entity).astype("int64")
    return Reviewed(entity, month, ranks.set_axis(ranks.index.astype(str)), budget.size(entity, len(ranks)))
