"""Serials of a source number the lines of a bill: the same each time, going on where later lines come."""

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source

LONG = "33010020260312090000000000000001"
OTHER = "A330100202603130000000000000002"


def bills(folder, lines, column="line_number"):
    names = sorted({line["settlement_id"] for line in lines})
    source = write_source(
        folder,
        {
            "settlements": [
                {"settlement_id": name, "total_amount": "1.00", "fund_paid_amount": "1.00"} for name in names
            ]
        },
    )
    frame = pd.read_csv(source / "claim_lines.csv", dtype="str")
    made = pd.DataFrame([{**frame.iloc[0].to_dict(), "amount": "5.00", **line} for line in lines])
    made.rename(columns={"line_number": column}).to_csv(source / "claim_lines.csv", index=False)
    return source


def line(bill, serial, amount="5.00", **more):
    return {"settlement_id": bill, "line_number": serial, "amount": amount, **more}


def counted(report):
    each = next(count for count in report.tables if count.table == "claim_lines")
    return each.n_stored, each.n_repeats, each.n_quarantined


def stored(store):
    with DuckDBEngine() as engine:
        ClaimsStore.open(store).attach(engine)
        return engine.rows(
            "select settlement_id, line_number, line_serial, amount, original_line_number from claim_lines "
            "join codes_settlement using (settlement_key) order by 1, 2"
        )


@pytest.mark.parametrize("column", ["line_number", "line_serial"])
def test_lines_are_numbered_in_the_order_of_their_serials(tmp_path, column):
    lines = [line("S1", OTHER), line("S1", LONG, "6.00"), line("S1", "B10"), line("S1", "B9"), line("S2", LONG)]
    report = ingest_source(bills(tmp_path / "source", lines, column), tmp_path / "store")
    assert counted(report) == (5, 0, 0)
    # shorter serials first, then by text
    assert [row[:4] for row in stored(tmp_path / "store")] == [
        ("S1", 1, "B9", 500),
        ("S1", 2, "B10", 500),
        ("S1", 3, OTHER, 500),
        ("S1", 4, LONG, 600),
        ("S2", 1, LONG, 500),
    ]


def test_a_repeat_is_one_and_later_lines_go_on(tmp_path):
    store = tmp_path / "store"
    first = [line("S1", "X2"), line("S1", "X4")]
    source = bills(tmp_path / "first", first)
    assert counted(ingest_source(source, store)) == (2, 0, 0)
    assert counted(ingest_source(source, store)) == (0, 2, 0)
    more = [line("S1", "X1"), line("S1", "X3"), *first, line("S1", "X3"), line("S1", "X4", "9.00")]
    report = ingest_source(bills(tmp_path / "more", more), store)
    # X1 and X3 are new, X2, X4 and the second X3 repeat, X4 with another amount is in conflict
    assert counted(report) == (2, 3, 1)
    assert [row[1:3] for row in stored(store)] == [(1, "X2"), (2, "X4"), (3, "X1"), (4, "X3")]


def test_a_refund_finds_its_line_by_serial(tmp_path):
    lines = [
        line("S1", "F1", "5.00"),
        line("S1", "F2", "-5.00", original_line_number="F1"),
        line("S1", "F3", "-5.00", original_line_number="F9"),
    ]
    report = ingest_source(bills(tmp_path / "source", lines), tmp_path / "store")
    assert counted(report) == (2, 0, 1)
    told = next(each for each in report.tables if each.table == "claim_lines").reasons
    assert told == (("original_line_serial: names no line of its bill", 1, "claim_lines.csv row 3"),)
    assert [(row[1], row[4]) for row in stored(tmp_path / "store")] == [(1, None), (2, 1)]


def test_serials_among_whole_numbers_are_quarantined_with_the_way_out(tmp_path):
    lines = [line("S1", "1"), line("S1", OTHER), line("S1", "zwei")]
    each = next(count for count in check_source(bills(tmp_path / "a", lines)).tables if count.table == "claim_lines")
    assert [reason for reason, _, _ in each.reasons] == [
        "line_number: a serial among whole numbers: map it as line_serial, which numbers the lines of a bill",
        "line_number: not a whole number",
    ]
    report = ingest_source(bills(tmp_path / "b", lines, "line_serial"), tmp_path / "store")
    assert counted(report) == (3, 0, 0)


def test_lines_that_name_no_version_go_on_behind_those_of_the_newest(tmp_path):
    first = bills(tmp_path / "first", [line("S1", "X2"), line("S1", "X4")], "line_serial")
    pd.read_csv(first / "settlements.csv", dtype="str").assign(version_number="1").to_csv(
        first / "settlements.csv", index=False
    )
    ingest_source(first, tmp_path / "store")
    later = [line("S1", "X4"), line("S1", "X1"), line("S1", "X7", "-1.00", original_line_serial="X2")]
    more = bills(tmp_path / "more", later, "line_serial")
    (more / "settlements.csv").unlink()
    assert counted(ingest_source(more, tmp_path / "store")) == (2, 1, 0)
    assert [row[:3] + row[4:] for row in stored(tmp_path / "store")] == [
        ("S1~1", 1, "X2", None),
        ("S1~1", 2, "X4", None),
        ("S1~1", 3, "X1", None),
        ("S1~1", 4, "X7", 1),
    ]


@pytest.mark.parametrize("texts", [["zwei", "drei"], ["1.5", "2.5"], ["3.3E+29", "3.3E+29"]])
def test_what_is_no_serial_makes_none(tmp_path, texts):
    with pytest.raises(InputError, match=r"none of its 2 rows is usable .most often: line_number: not a whole number"):
        check_source(bills(tmp_path / "source", [line("S1", text) for text in texts]))


def test_whole_numbers_stay_numbers_beside_a_serial(tmp_path):
    lines = [line("S1", "7", line_serial=LONG), line("S1", "3", line_serial=OTHER)]
    assert counted(ingest_source(bills(tmp_path / "source", lines), tmp_path / "store")) == (2, 0, 0)
    assert [row[1:3] for row in stored(tmp_path / "store")] == [(3, OTHER), (7, LONG)]
