"""Honest drafts of a small city with a stage on them, for tests that plant by hand or look at registers alone."""

import tempfile
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from experiments.synthetic.care.book import Book
from experiments.synthetic.care.care import Care
from experiments.synthetic.identity import Identity
from experiments.synthetic.schemes import Stage
from experiments.synthetic.truth import Truth
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import INSURANCE
from experiments.synthetic.world.world import make_world


class Drafts:
    """A stage before anything is planted; visits and registers answer SQL."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.who = Identity.of(stage.world)
        self.connection = duckdb.connect()
        world, visits = stage.world, stage.visits
        person = visits["person"].to_numpy()
        region = world.geography.townships["region"].to_numpy()[world.people.township[person]]

        def dates(seconds: np.ndarray) -> pa.Array:
            return pa.array(((seconds + world.calendar.epoch) // DAY).astype(np.int32)).cast(pa.date32())

        self.register(
            visits=pa.table(
                {
                    "person_id": np.array(self.who.persons)[person],
                    "provider_id": np.array(self.who.providers)[visits["provider"].to_numpy()],
                    "start_date": dates(visits["start"].to_numpy()),
                    "settle_date": dates(visits["settle"].to_numpy()),
                    "insurance_type": np.array(INSURANCE)[world.people.insurance[person]],
                    "region_code": world.geography.regions["region_code"].to_numpy()[region],
                }
            )
        )

    def register(self, **tables: pa.Table) -> None:
        for name, table in tables.items():
            self.connection.register(name, table)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str):
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row


def drafts_of(persons: int, providers: int, months: int, *, seed: int, billed: int | None = None) -> Drafts:
    """Bill all months of a window, or only so many of them."""
    world = make_world(persons, providers, months, "2026-01", seed)
    care = Care(world)
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        for ledger in islice(care.months(), billed):
            book.shelve(ledger)
    return Drafts(Stage(world, care.presence, care.absent, book, Truth(), world.people.household.copy()))
