"""Of the versions of a claim one stands: a case is a provider, its rows, and what is right to bill at it."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.store.part import content_name
from features.claims.versions.standing import standing_digests
from features.claims.versions.versions import Version, resolve
from features.engine import DuckDBEngine
from tests.claims.version_cases import LINKED, again, bill, void
from tests.support.claims import write_source
from tests.support.portable import faults
from tests.support.recording import RecordingEngine

PROVIDERS = {name: f"H{number:02}" for number, name in enumerate(LINKED)}


def sums(store, months=None, relation="settlements", column="total_amount"):
    with DuckDBEngine() as engine:
        store.attach(engine, months=months)
        named = f"{relation} r join codes_provider c using (provider_key)"
        sql = f"select c.provider_id, sum({column}) from {named} group by 1"
        return {provider: int(total) / 100 for provider, total in engine.rows(sql)}


def lined(rows):
    """A line for each bill, of its amount."""
    number = lambda row: {"version_number": row["version_number"]} if row.get("version_number") else {}  # noqa: E731
    return [
        {
            "settlement_id": row["settlement_id"],
            "amount": row["total_amount"],
            "quantity": "-1" if row["total_amount"].startswith("-") else "1",
            **number(row),
        }
        for row in rows
    ]


def ingest(folder, name, rows, **tables):
    source = write_source(folder / name, {"settlements": rows, "claim_lines": lined(rows), **tables})
    report = ingest_source(source, folder / "store")
    assert not [count.reasons for count in report.tables if count.n_quarantined]
    return ClaimsStore.open(folder / "store")


@pytest.fixture(scope="module", params=["in order", "later first"])
def linked(request, tmp_path_factory):
    """All cases in one store, brought in month by month; in the other order too."""
    folder = tmp_path_factory.mktemp("linked")
    rows = [{**row, "provider_id": PROVIDERS[name]} for name, (given, _, _) in LINKED.items() for row in given]
    for month in ("2026-03", "2026-04") if request.param == "in order" else ("2026-04", "2026-03"):
        of_month = [row for row in rows if row["settle_time"].startswith(month)]
        store = ingest(folder, month, of_month)
    return store


NET_LINES = """(
  select l.provider_key, l.amount + coalesce(f.refunded_amount, 0) as amount
  from effective_lines l left join line_refunds f using (settlement_key, line_number)
)"""


@pytest.mark.parametrize(
    ("relation", "column", "place"),
    [
        ("settlements", "total_amount", 1),
        ("claim_lines", "amount", 1),
        ("effective_settlements", "total_amount", 2),
        (NET_LINES, "amount", 2),
    ],
)
def test_what_stands_adds_up(linked, relation, column, place):
    found = sums(linked, None, relation, column)
    wrong = {
        name: found.get(PROVIDERS[name], 0.0)
        for name, case in LINKED.items()
        if found.get(PROVIDERS[name], 0.0) != case[place]
    }
    assert wrong == {}


def test_a_past_month_shows_what_was_known_then(linked):
    march, april = sums(linked, ["2026-03"]), sums(linked, ["2026-04"])
    for name, amount in (("replaced twice in a chain", 1200), ("replaced twice under the first number", 1200)):
        assert (march[PROVIDERS[name]], april[PROVIDERS[name]]) == (amount, 1100)


def test_every_row_stays_in_the_store(linked):
    with DuckDBEngine() as engine:
        linked.attach(engine)
        n_rows = sum(len(rows) for rows, _, _ in LINKED.values())
        assert engine.rows("select count(*) from stored_settlements") == [(n_rows,)]
        linked.attach(engine, all_versions=True)
        assert engine.rows("select count(*) from settlements") == [(n_rows,)]


def test_versions_under_one_number_over_three_months(tmp_path):
    versions = [(1, "01", 100), (2, "02", 120), (3, "03", 90)]
    for number, month, amount in versions:
        rows = [bill("A", f"{month}-05", amount, version_number=number), bill(f"B{month}", f"{month}-06", 1)]
        store = ingest(tmp_path, month, rows, diagnoses=[{"settlement_id": "A", "version_number": number}])
    months = ["2026-01", "2026-02", "2026-03"]
    assert [sums(store, months[: n + 1])["H1"] for n in range(3)] == [101, 122, 93]
    assert [sums(store, [month])["H1"] for month in months] == [101, 121, 91]
    assert sums(store, None, NET_LINES, "amount")["H1"] == 93
    with DuckDBEngine() as engine:
        store.attach(engine)
        assert engine.rows(
            "select settlement_id, c.version_number from diagnoses d join codes_settlement using "
            "(settlement_key) join settlements c using (settlement_key)"
        ) == [("A~3", 3)]


def test_what_names_no_version_is_of_the_newest(tmp_path):
    rows = [bill("A", "03-01", 10, version_number=1), bill("A", "03-02", 20, version_number=2)]
    lines = [{"settlement_id": "A", "amount": "20.00"}]
    write_source(tmp_path / "one", {"settlements": rows, "claim_lines": lines})
    ingest_source(tmp_path / "one", tmp_path / "store")
    more = [{"settlement_id": "A", "sequence_number": 1, "diagnosis_code": "I10"}]
    write_source(tmp_path / "two", {"diagnoses": more})
    for name in ("settlements", "claim_lines"):
        (tmp_path / "two" / f"{name}.csv").unlink()
    report = ingest_source(tmp_path / "two", tmp_path / "store")
    assert [(count.table, count.n_stored) for count in report.tables if count.table == "diagnoses"] == [
        ("diagnoses", 1)
    ]
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        for table in ("claim_lines", "diagnoses"):
            named = f"select settlement_id from {table} join codes_settlement using (settlement_key)"
            assert engine.rows(named) == [("A~2",)]


def tangle(chance):
    """A few rows of two claims that name each other at random."""
    n = chance.randrange(1, 7)
    rows = []
    for key in range(1, n + 1):
        is_reversal, claim = chance.random() < 0.35, chance.choice([None, 101, 102])
        is_negative = is_reversal and chance.random() < 0.6
        amount = chance.choice([10, 20, 30]) * (-1 if is_negative else 1)
        named = chance.choice([each for each in (None, *range(1, n + 1), 101, 102) if each != key])
        number = chance.choice([None, 1, 2, 3]) if claim else None
        time = datetime(2026, 3, 1) + timedelta(days=chance.randrange(4))  # noqa: DTZ001 - local time
        rows.append(Version(key, claim, number, named, is_reversal, is_negative, amount, amount, time))
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_however_rows_name_each_other(seed):
    chance = random.Random(seed)
    for _ in range(50):
        rows = tangle(chance)
        found = resolve(rows)
        assert resolve(reversed(rows)) == found
        is_positive = {row.key for row in rows if row.is_reversal and not row.is_negative}
        assert is_positive <= found.fallen
        assert not found.fallen & {*found.moved, *found.moved.values()}
        bills = [row._replace(is_reversal=False, is_negative=False) for row in rows]
        assert len(resolve(bills).fallen) < len(bills)


def test_statements_are_of_the_subset_that_engines_share(tmp_path):
    rows = [bill("A1", "03-01", 10), again("A2", "03-02", 20, "A1"), void("A3", "03-02", -5, "A2")]
    store = ingest(tmp_path, "in", rows)
    with RecordingEngine() as engine:
        store.attach(engine)
        standing_digests(engine)
        named = {name for name, _ in engine.statements}
        told = {name: faults(sql) for name, sql in engine.statements if faults(sql)}
    assert {"fallen_settlements", "linked_claims", "reversed_parts", "settlements"} <= named
    assert told == {}


def test_a_store_from_before_the_contract_knew_versions(tmp_path):
    store = ingest(tmp_path, "in", [bill("A1", "03-01", 100), void("A2", "03-02", -30, "A1")])
    (part,) = store.catalog.tables["settlements"]
    older = tmp_path / "older.parquet"
    with DuckDBEngine() as engine:
        columns = "claim_key, version_number, replaces_settlement_key"
        engine.write_parquet(f"select * exclude ({columns}) from '{store.folder / part.file}'", older)
    file = f"parts/settlements/2026-03/{content_name(older)}"
    older.rename(store.folder / file)
    tables = {**store.catalog.tables, "settlements": (replace(part, file=file),)}
    old = ClaimsStore(store.folder, replace(store.catalog, tables=tables))
    assert sums(old)["H1"] == sums(old, None, "effective_settlements")["H1"] == 70
