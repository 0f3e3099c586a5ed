"""Whatever text stands in a column of any type: every row is stored, repeated or quarantined, and no money appears."""

import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.claims import TABLES, ClaimsStore, ingest_source
from features.claims.quality.limits import Limits
from features.engine import path_list
from features.errors import InputError
from tests.hard.corruptions.cells import DATES, NUMBERS, TEXTS
from tests.hard.corruptions.exports import FORMULAS, HALF_DAYS, LOST_DIGITS, PLACEHOLDERS
from tests.hard.sources import tables, write_tables

CELLS = [(table, column) for table, rows in tables().items() for column in rows[0]]
DIGITS = st.text("0123456789.,-+eE %", max_size=24)
TIMES = st.text("0123456789-/: TZAPMapm年月日上下午", max_size=30)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KINDS = {
    "number": st.sampled_from([*NUMBERS, *LOST_DIGITS, *FORMULAS]) | DIGITS | ANY,
    "time": st.sampled_from([*DATES, *PLACEHOLDERS, *HALF_DAYS]) | TIMES | ANY,
    "text": st.sampled_from([*TEXTS[:20], *LOST_DIGITS, *FORMULAS]) | ANY,
}


def kind(table, column):
    found = TABLES[table].by_name[column]
    if found.type in {"date", "timestamp"}:
        return "time"
    return "number" if found.type == "integer" or found.scale is not None else "text"


@st.composite
def damaged(draw):
    """Return tables of the small legal source with up to 40 cells changed, the first rows of each left alone."""
    made = tables()
    for table, column in draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=40)):
        header, *rows = made[table]
        row = draw(st.integers(3, len(rows) - 1))
        rows[row][header.index(column)] = draw(KINDS[kind(table, column)])
    return made


def hundredths(text):
    try:
        return {int(Decimal(text.strip()) * 100)}
    except (InvalidOperation, ValueError, OverflowError):
        return set()


def conserve(made):
    with tempfile.TemporaryDirectory() as folder:
        source, store = write_tables(Path(folder) / "source", made), Path(folder) / "store"
        try:
            report = ingest_source(source, store, limits=Limits(max_dangling_share=1))
        except InputError:
            assert not store.exists()
            return
        parts = ClaimsStore.open(store).catalog.tables
        for count in report.tables:
            lines = next(each for each in report.files if each.file == f"{count.table}.csv")
            assert count.n_read == lines.n_rows + lines.n_malformed
            # a bare carriage return within a cell makes two lines of its row, never none
            assert count.n_read >= len(made[count.table]) - 1
            assert count.n_stored == sum(part.rows for part in parts[count.table])
        files = path_list([store / part.file for part in parts["claim_lines"]])
        given_amounts = {row[made["claim_lines"][0].index("amount")] for row in made["claim_lines"]}
        amounts = set().union(*map(hundredths, given_amounts))
        stored = {row[0] for row in duckdb.sql(f"select distinct amount from read_parquet({files})").fetchall()}
        assert stored <= amounts


COMMON = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=8, **COMMON)
@given(damaged())
def test_no_row_and_no_money_is_lost_whatever_a_cell_holds(made):
    conserve(made)


@pytest.mark.slow
@settings(max_examples=1_000, **COMMON)
@given(damaged())
def test_a_thousand_damaged_sources_lose_nothing(made):
    conserve(made)
