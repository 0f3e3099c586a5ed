"""Who a scored month would send to review: ranks by risk score, and the first of them that the budget pays for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.vocabulary.entities import ID_COLUMNS
from fraud.budget import review_size
from fraud.runs.tables import read_output

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from features.vocabulary.entities import ScoredEntity
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Budget:
    """How many a month can review.

    Parameters
    ----------
    share : float
        Of the scored providers, 0..1; at least one.
    n_cases : int
        Patients.
    """

    share: float
    n_cases: int

    def size(self, entity: ScoredEntity, n: int) -> int:
        """How many of n subjects are reviewed."""
        return review_size(n, self.share) if entity == "provider" else min(self.n_cases, n)


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

    entity: ScoredEntity
    month: str
    ranks: pd.Series
    n_budget: int

    @property
    def inside(self) -> frozenset[str]:
        """Subjects inside the budget."""
        return frozenset(self.ranks.index[self.ranks <= self.n_budget])


def read_reviewed(folder: Path, month: str, entity: ScoredEntity, budget: Budget) -> Reviewed:
    """Read an entity's ranking from the folder of a scored month."""
    scores = read_output(folder, f"{entity}_scores")
    ranks = scores.set_index(scores[ID_COLUMNS[entity]].astype(str))["rank"].astype("int64")
    return Reviewed(entity, month, ranks, budget.size(entity, len(ranks)))


def scored_months(workspace: Workspace, last: str) -> tuple[str, ...]:
    """Months that are scored, up to the last, sorted."""
    names = sorted(path.name for path in workspace.runs.glob("????-??") if (path / "manifest.json").is_file())
    return tuple(name for name in names if name <= last)
