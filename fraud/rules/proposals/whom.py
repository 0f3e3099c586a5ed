"""Whom a proposed rule would have cost: lines and money by kind, level and region of provider; persons never."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

# What providers are counted by.
TRAITS = ("provider_type", "provider_level", "region_code")
_MOST_PROVIDERS = 5
_SUMS = {"n_providers": ("provider_id", "nunique"), "n_lines": ("exposure_amount", "size")}
_MONEY = {"exposure_amount": ("exposure_amount", "sum")}


@dataclass
class Whom:
    """Collects the providers behind lines, month by month.

    Parameters
    ----------
    engine : DuckDBEngine
        With the month of the lines attached.
    """

    engine: DuckDBEngine
    _parts: list[pd.DataFrame] = field(default_factory=list, init=False)

    def look(self, lines: pd.DataFrame) -> None:
        """Take the violating lines of a month, each once."""
        if not lines.empty:
            providers = self.engine.frame(_PROVIDERS, [list(lines["settlement_id"].unique())])
            self._parts.append(lines.merge(providers, on="settlement_id", how="left", validate="many_to_one"))

    def by_trait(self) -> dict[str, list[dict[str, Any]]]:
        """Return providers, lines and exposure in minor units by each value of each trait, most money first."""
        return {trait: self._grouped(trait) for trait in TRAITS}

    def providers(self) -> list[dict[str, Any]]:
        """Return the providers of most exposure, with lines and exposure in minor units."""
        return self._grouped("provider_id")[:_MOST_PROVIDERS]

    def _grouped(self, column: str) -> list[dict[str, Any]]:
        if not self._parts:
            return []
        found = pd.concat(self._parts, ignore_index=True)
        found[column] = found[column].fillna("unknown").astype(str)
        sums = found.groupby(column, as_index=False).agg(**_SUMS, **_MONEY)
        by_money = sums.sort_values(["exposure_amount", column], ascending=[False, True])
        records: list[dict[str, Any]] = [
            {"value": getattr(row, column), **{name: int(getattr(row, name)) for name in (*_SUMS, *_MONEY)}}
            for row in by_money.itertuples()
        ]
        return records


_PROVIDERS = f"""
select c.settlement_id, p.provider_id, {", ".join(f"o.{trait}" for trait in TRAITS)}
from settlements s
join codes_settlement c on c.settlement_key = s.settlement_key
join codes_provider p on p.provider_key = s.provider_key
left join providers o on o.provider_key = s.provider_key
where c.settlement_id in (select unnest(?))
"""
