"""Small cities, made once per worker: one honest, one with every scheme, and one per scheme asked for."""

from functools import cache

import duckdb
import pytest

from experiments.synthetic import City, make_city

PERSONS, PROVIDERS, MONTHS = 6_000, 120, 5


class Asked:
    """A city that answers SQL."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.connection = duckdb.connect()
        for name, table in {**city.tables, **city.truth}.items():
            self.connection.register(name, table)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str):
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row


@cache
def _planted(schemes: str, seed: int, persons: int, providers: int, months: int) -> Asked:
    return Asked(make_city(persons, providers, months, "2026-01", seed, schemes=schemes))


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
