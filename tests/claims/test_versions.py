"""Of the versions of a claim one stands: a case is a provider, its rows, and what is right to bill at it."""

import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from tests.support.claims import write_source


def bill(name, day, amount, **more):
    return {"settlement_id": name, "settle_time": f"2026-{day} 10:00:00", "total_amount": f"{amount:.2f}", **more}


def void(name, day, amount, of=None, **more):
    return bill(name, day, amount, is_reversal="true", original_settlement_id=of, **more)


def again(name, day, amount, of, **more):
    return bill(name, day, amount, replaces_settlement_id=of, **more)


# Rows, what standing bills and reversals add up to, and what rules see of it.
LINKED = {
    "a bill alone": ([bill("A1", "03-01", 100)], 100, 100),
    "a reversal with a minus": ([bill("B1", "03-01", 100), void("B2", "03-02", -100, "B1")], 0, 0),
    "a void written positive": ([bill("C1", "03-01", 100), void("C2", "03-02", 100, "C1")], 0, 0),
    "a void of nothing written": ([bill("D1", "03-01", 100), void("D2", "03-02", 0, "D1")], 0, 0),
    "a part taken back": ([bill("E1", "03-01", 100), void("E2", "03-02", -30, "E1")], 70, 70),
    "replaced": ([bill("F1", "03-01", 900), again("F2", "03-02", 700, "F1")], 700, 700),
    "replaced by its original's number": (
        [bill("G1", "03-01", 900), bill("G2", "03-02", 700, original_settlement_id="G1")],
        700,
        700,
    ),
    "replaced twice in a chain": (
        [bill("H1", "03-01", 1000), again("H2", "03-02", 1200, "H1"), again("H3", "04-03", 1100, "H2")],
        1100,
        1100,
    ),
    "replaced twice under the first number": (
        [bill("I1", "03-01", 1000), again("I2", "03-02", 1200, "I1"), again("I3", "04-03", 1100, "I1")],
        1100,
        1100,
    ),
    "the replacement came first": ([again("J2", "03-01", 700, "J1"), bill("J1", "03-02", 900)], 700, 700),
    "replaced, and the replacement voided": (
        [bill("K1", "03-01", 900), again("K2", "03-02", 700, "K1"), void("K3", "03-03", 700, "K2")],
        0,
        0,
    ),
    "replaced, and reversed with a minus": (
        [bill("L1", "03-01", 900), again("L2", "03-02", 700, "L1"), void("L3", "03-03", -700, "L2")],
        0,
        0,
    ),
    "reversed, then billed anew": (
        [bill("M1", "03-01", 900), void("M2", "03-02", -900, "M1"), again("M3", "03-02", 700, "M1")],
        700,
        700,
    ),
    "billed anew, then voided under the first number": (
        [bill("N1", "03-01", 900), again("N2", "03-02", 700, "N1"), void("N3", "03-03", -700, "N1")],
        0,
        0,
    ),
    "billed anew, then a part taken back under the first number": (
        [bill("O1", "03-01", 900), again("O2", "03-02", 700, "O1"), void("O3", "03-03", -200, "O1")],
        500,
        500,
    ),
    "the first bill reversed after it was replaced": (
        [bill("P1", "03-01", 900), again("P2", "03-02", 700, "P1"), void("P3", "03-03", -900, "P1")],
        700,
        700,
    ),
    "the original is not in the store": ([again("Q2", "03-01", 700, "Q1")], 700, 700),
    "a reversal of a bill not in the store": ([void("R2", "03-01", -30, "R1"), bill("R3", "03-02", 100)], 70, 100),
    "a positive void of a bill not in the store": ([void("S2", "03-01", 30, "S1"), bill("S3", "03-02", 100)], 100, 100),
    "two that replace each other": ([again("T1", "03-01", 900, "T2"), again("T2", "03-02", 700, "T1")], 700, 700),
    "a circle of three": (
        [again("U1", "03-01", 1, "U3"), again("U2", "03-02", 2, "U1"), again("U3", "03-03", 3, "U2")],
        3,
        3,
    ),
    "one that replaces itself": ([again("V1", "03-01", 100, "V1")], 100, 100),
    "a void that was undone": (
        [bill("W1", "03-01", 100), void("W2", "03-02", 100, "W1"), void("W3", "03-03", 100, "W2")],
        100,
        100,
    ),
    "a bill that takes up a reversed one by the reversal's number": (
        [bill("X1", "03-01", 100), void("X2", "03-02", -100, "X1"), again("X3", "03-03", 90, "X2")],
        90,
        90,
    ),
    "cancelled under a number of the claim": (
        [bill("Y1", "03-01", 84, claim_id="Y"), void("Y2", "03-22", 84, claim_id="Y"), bill("Y3", "03-22", 70, claim_id="Y")],
        70,
        70,
    ),
    "adjusted to the same charge": (
        [bill("Z1", "03-01", 84, claim_id="Z"), void("Z2", "03-22", 84, claim_id="Z"), bill("Z3", "03-22", 84, claim_id="Z")],
        84,
        84,
    ),
    "two like claims on one day, one cancelled": (
        [bill("a1", "03-01", 50, claim_id="a"), bill("a2", "03-01", 50, claim_id="a"), void("a3", "03-02", -50, claim_id="a")],
        50,
        50,
    ),
    "numbered versions under numbers of their own": (
        [
            bill("b1", "03-01", 10, claim_id="b", version_number=1),
            bill("b3", "03-01", 30, claim_id="b", version_number=3),
            bill("b2", "04-05", 20, claim_id="b", version_number=2),
        ],
        30,
        30,
    ),
    "the last version is a cancellation": (
        [bill("c1", "03-01", 10, claim_id="c", version_number=1), void("c2", "03-02", 10, claim_id="c", version_number=2)],
        0,
        0,
    ),
    "cancellation and adjustment share a number": (
        [
            bill("d1", "03-01", 84, claim_id="d", version_number=15),
            void("d2", "03-22", 84, claim_id="d", version_number=22),
            bill("d3", "03-22", 84, claim_id="d", version_number=22),
        ],
        84,
        84,
    ),
    "a claim replaced by its number": (
        [
            bill("e1", "03-01", 10, claim_id="e", version_number=1),
            bill("e2", "03-02", 20, claim_id="e", version_number=2),
            again("f1", "03-03", 15, "e", claim_id="f", version_number=1),
        ],
        15,
        15,
    ),
    "a claim cancelled by its number": (
        [bill("g1", "03-01", 10, claim_id="g", version_number=1), void("h1", "03-03", -10, "g")],
        0,
        0,
    ),
    "a part of a numbered claim": (
        [
            bill("i1", "03-01", 90, claim_id="i", version_number=1),
            bill("i2", "03-02", 100, claim_id="i", version_number=2),
            void("i3", "03-03", -30, claim_id="i", version_number=3),
        ],
        70,
        70,
    ),
}
PROVIDERS = {name: f"H{number:02}" for number, name in enumerate(LINKED)}


def sums(store, months=None, relation="settlements", column="total_amount"):
    with DuckDBEngine() as engine:
        store.attach(engine, months=months)
        sql = f"select c.provider_id, sum({column}) from {relation} r join codes_provider c using (provider_key) group by 1"
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
        assert engine.rows("select settlement_id, c.version_number from diagnoses d join codes_settlement using "
                           "(settlement_key) join settlements c using (settlement_key)") == [("A~3", 3)]


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
    assert [(count.table, count.n_stored) for count in report.tables if count.table == "diagnoses"] == [("diagnoses", 1)]
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        for table in ("claim_lines", "diagnoses"):
            named = f"select settlement_id from {table} join codes_settlement using (settlement_key)"
            assert engine.rows(named) == [("A~2",)]
