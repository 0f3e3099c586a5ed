"""What a scored month found of what was planted: the measures together, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.metrics import Interval
    from experiments.recall.scored import Budget

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
    places, twins, rings, lines, rates, power : DataFrame
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
    places: pd.DataFrame
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
        frames = ("lists", "places", "schemes", "flagged", "delays", "twins", "rings", "lines", "rates", "power")
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
