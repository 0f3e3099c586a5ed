"""A small invented city, held in memory: for tests and studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.synthetic.generate import CityRequest, generate_city

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class City:
    """Claims in contract form, and the truth about them.

    Attributes
    ----------
    request : CityRequest
        What the city was asked to be.
    by_month : tuple
        Name of each claims month, and its tables.
    registers : dict of str to pyarrow.Table
        Tables that know no claims month.
    truth : dict of str to pyarrow.Table
        The tables of `truth.csv`.
    not_planted : tuple of str
        What the city had no room for.
    """

    request: CityRequest
    by_month: tuple[tuple[str, dict[str, pa.Table]], ...]
    registers: dict[str, pa.Table]
    truth: dict[str, pa.Table]
    not_planted: tuple[str, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """Claims months, `YYYY-MM`."""
        return self.request.months

    @property
    def tables(self) -> dict[str, pa.Table]:
        """Contract tables; money and quantities as decimals, rows in a fixed order."""
        import pyarrow as pa

        first = self.by_month[0][1]
        joined = {name: pa.concat_tables([part[name] for _, part in self.by_month]) for name in first}
        return {**joined, **self.registers}

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table, or a truth table, as pandas with Arrow types, so that decimals stay exact."""
        import pandas as pd

        table = self.tables.get(name, self.truth.get(name))
        if table is None:
            raise KeyError(name)
        return table.to_pandas(types_mapper=pd.ArrowDtype)


def make_city(
    persons: int = 20_000,
    providers: int = 300,
    months: int = 6,
    start: str = "2026-01",
    seed: int = 7,
    *,
    schemes: str = "all",
) -> City:
    """Invent a city and its claims in memory.

    Parameters
    ----------
    persons, providers, months : int
        Insured persons (at least 300), providers (at least 30), claims months (1 to 60).
    start : str
        First claims month, `YYYY-MM`.
    seed : int
        Equal seeds give equal cities.
    schemes : str
        `all`, `none`, or codes with sizes such as `R01,H04:large`.

    Returns
    -------
    City
        Contract tables and truth tables.

    Raises
    ------
    InputError
        For numbers out of range, a start that is no month, an unknown scheme or size, or a scheme asked for by name
        in a city too small for it.
    """
    with generate_city(persons, providers, months, start, seed, schemes=schemes) as city:
        by_month = tuple(city.by_month)
        return City(city.request, by_month, city.registers(), city.truth(), city.not_planted)
