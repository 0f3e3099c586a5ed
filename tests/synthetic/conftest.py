"""Two small cities, made once: one honest, one with every scheme."""

import duckdb
import pytest

from fraud.synthetic import City, make_city

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


@pytest.fixture(scope="session")
def honest() -> Asked:
    return Asked(make_city(PERSONS, PROVIDERS, MONTHS, "2026-01", seed=11, schemes="none"))


@pytest.fixture(scope="session")
def guilty() -> Asked:
    return Asked(make_city(PERSONS, PROVIDERS, MONTHS, "2026-01", seed=11, schemes="all"))
