"""Small cities, made once per worker: one honest, one with every scheme, and one per scheme asked for."""

from functools import cached_property, lru_cache
from typing import Self

import duckdb
import pytest

from experiments.synthetic import City, make_city
from experiments.synthetic.schemes import choose

PERSONS, PROVIDERS, MONTHS = 6_000, 120, 5


# Settlements of encounters that an honest slip has met.
_SLIPPED = """
    select settlement_id from settlements where encounter_id in
    (select encounter_id from settlements join truth_slips using (settlement_id))"""
_KEYS = ("settlement_id", "dispense_settlement_id")


class Asked:
    """A city that answers SQL."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.connection = duckdb.connect()
        for name, table in {**city.tables, **city.truth}.items():
            self.connection.register(name, table)

    @cached_property
    def sound(self) -> Self:
        """The same city without the bills that honest slips have met."""
        other = type(self)(self.city)
        for name, table in self.city.tables.items():
            for key in {*_KEYS} & {*table.column_names}:
                kept = f"select * from {name} where coalesce({key}, '') not in ({_SLIPPED})"
                other.connection.register(name, self.connection.sql(kept).to_arrow_table())
        kept = "select * from referrals where referral_id in (select referral_id from settlements)"
        other.connection.register("referrals", other.connection.sql(kept).to_arrow_table())
        return other

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str):
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row


# The long tests ask for hundreds: no more are kept than one file comes back to.
@lru_cache(maxsize=12)
def _planted(schemes: str, seed: int, persons: int, providers: int, months: int) -> Asked:
    return Asked(make_city(persons, providers, months, "2026-01", seed, schemes=schemes))


@pytest.fixture(scope="module", autouse=True)
def _forgotten():
    """Cities of one file are gone with it: hundreds of megabytes each, and hardly one is asked for by two files."""
    yield
    _planted.cache_clear()


@pytest.fixture(scope="session")
def honest() -> Asked:
    return _planted("none", 11, PERSONS, PROVIDERS, MONTHS)


@pytest.fixture(scope="session")
def guilty() -> Asked:
    return _planted("R01:large,H04,H08:small,P06", 11, PERSONS, PROVIDERS, MONTHS)


@pytest.fixture(scope="session")
def planted():
    """`planted("T01:medium")` is a city of 4,000 persons, 80 providers, 5 months with these schemes."""

    def ask(schemes: str, *, seed: int = 11, persons: int = 4_000, providers: int = 80, months: int = 5) -> Asked:
        return _planted(schemes, seed, persons, providers, months)

    return ask


@pytest.fixture(scope="session")
def planted_first():
    """As `planted`, with the first way of each code alone."""

    def ask(schemes: str, *, seed: int = 11, persons: int = 4_000, providers: int = 80, months: int = 5) -> Asked:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(choose, "SCHEMES", tuple(scheme for scheme in choose.SCHEMES if not scheme.way))
            return _planted.__wrapped__(schemes, seed, persons, providers, months)

    return ask
