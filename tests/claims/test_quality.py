"""Relations are counted over the source and the store beside it, by `check` and `ingest` alike."""

import pandas as pd
import pytest

from features.claims import check_source, ingest_source
from tests.support.claims import make_store, write_source

BILL = {"settlements": [{"settlement_id": "S1", "total_amount": "100.00"}]}


def failing(report):
    return {each.name: (each.n_failing, each.n_checked, each.first) for each in report.quality if each.n_failing}


def without(folder, *tables):
    for table in tables:
        (folder / f"{table}.csv").unlink()
    return folder


def both(source, folder):
    """Check, then ingest, with the same store; both must count the same."""
    checked = check_source(source, store=folder)
    stored = ingest_source(source, folder)
    assert (checked.quality, checked.unchecked) == (stored.quality, stored.unchecked)
    return stored


def test_ingest_says_that_lines_repeat_the_total(tmp_path):
    lines = [
        {"settlement_id": settlement, "line_number": number, "amount": amount}
        for settlement, amounts in {"S1": ("600.00", "390.00", "990.00"), "S2": ("600.00", "600.00")}.items()
        for number, amount in enumerate(amounts, start=1)
    ]
    bills = [{"settlement_id": "S1", "total_amount": "990.00"}, {"settlement_id": "S2", "total_amount": "600.00"}]
    source = write_source(tmp_path / "source", {"settlements": bills, "claim_lines": lines})
    found = failing(both(source, tmp_path / "store"))
    # 600 + 390 + 990 = 1,980 against 990; 600 + 600 = 1,200 against 600; the funds paid what the lines add up to
    assert found.pop("lines add up") == (2, 2, "settlements.csv row 1")
    assert found == {"fund within total": (2, 2, "settlements.csv row 1")}


def test_what_the_store_has_is_not_dangling(tmp_path):
    store = make_store(tmp_path / "made", {"settlements": [{"settlement_id": "S1", "settle_time": "2026-01-15"}]})
    back = {
        "settlement_id": "R1",
        "settle_time": "2026-02-15",
        "is_reversal": "true",
        "original_settlement_id": "S1",
        "total_amount": "-100.00",
    }
    tables = {"settlements": [back], "claim_lines": [{"settlement_id": "R1", "amount": "-100.00"}]}
    source = write_source(tmp_path / "february", tables)
    # Alone its reversal hangs in the air; beside the store it names the bill of the month before.
    assert failing(check_source(source)) == {"original_settlement_id of settlements": (1, 1, "settlements.csv row 1")}
    for table in ("persons", "providers"):  # P2 and H2, so that P1 and H1 are in the store alone
        (source / f"{table}.csv").write_text((source / f"{table}.csv").read_text().replace("1,", "2,", 1))
    report = both(source, store.folder)
    assert failing(report) == {}
    counted = {each.name: each.n_checked for each in report.quality}
    names = ("person_id of settlements", "provider_id of settlements", "original_settlement_id of settlements")
    assert [counted[name] for name in names] == [1, 1, 1]


def test_late_lines_are_held_against_the_bill_in_the_store(tmp_path):
    bills = [{"settlement_id": f"S{n}", "total_amount": "100.00", "fund_paid_amount": "80.00"} for n in (1, 2, 3)]
    lines = [{"settlement_id": "S1", "amount": "60.00"}, {"settlement_id": "S2", "amount": "60.00"}]
    store = make_store(tmp_path / "made", {"settlements": bills, "claim_lines": lines})
    late = [
        {"settlement_id": "S1", "line_number": 2, "amount": "40.00"},
        {"settlement_id": "S2", "line_number": 2, "amount": "50.00"},
        {"settlement_id": "S2", "line_number": 1, "amount": "60.00"},  # a repeat, which counts once
    ]
    tables = {"settlements": bills[:1], "claim_lines": late}
    source = without(write_source(tmp_path / "late", tables), "settlements", "persons", "providers")
    # S1: 60 + 40 = 100. S2: 60 + 50 = 110 against 100, first touched in row 2. S3 is not touched.
    report = both(source, store.folder)
    assert failing(report) == {"lines add up": (1, 2, "claim_lines.csv row 2")}
    assert "a settlement has at least one line" in report.unchecked


def test_a_repeat_within_the_source_counts_once(tmp_path):
    line = {"settlement_id": "S1", "amount": "100.00"}
    source = write_source(tmp_path / "source", {**BILL, "claim_lines": [line]})
    lines = pd.read_csv(source / "claim_lines.csv", dtype=str)
    pd.concat([lines, lines]).to_csv(source / "claim_lines.csv", index=False)
    assert "lines add up" not in failing(both(source, tmp_path / "store"))


def test_a_month_that_gives_way_does_not_count(tmp_path):
    first = {"settlements": [{"settlement_id": "S1"}], "claim_lines": [{"settlement_id": "S1", "amount": "70.00"}]}
    store = make_store(tmp_path / "made", first)
    lines = [{"settlement_id": "S1", "line_number": 2, "amount": "30.00"}]
    source = write_source(tmp_path / "again", {"settlements": [{"settlement_id": "S1"}], "claim_lines": lines})
    # Line 1 of 70.00 goes with its month: 30.00 is the whole bill.
    assert failing(ingest_source(source, store.folder, replace_months=["2026-01"])) == {}


def ids(table, *given):
    return {table: [{f"{table[:-1]}_id": each} for each in given]}


PADDED = {
    "in one register": ({}, ids("providers", "012345", "12345"), "providers", 2),
    "against the store": (ids("providers", "12345"), ids("providers", "0012345"), "providers", 1),
    "persons": (ids("persons", "7"), ids("persons", "07", "70"), "persons", 1),
    "practitioners": ({}, ids("practitioners", "9A", "09A", "009A"), "practitioners", 3),
}


@pytest.mark.parametrize("name", PADDED)
def test_ids_that_differ_by_leading_zeros_are_told(tmp_path, name):
    before, now, table, n = PADDED[name]
    store = make_store(tmp_path / "made", {**BILL, **before}) if before else None
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S2"}], **now})
    report = both(source, store.folder if store else tmp_path / "store")
    # P1 and H1 of the fixture stand in the registers too and have no twin
    key = f"{table[:-1]}_id"
    found = next(each for each in report.quality if each.name == f"zeros of {key} of {table}")
    assert (found.n_failing, found.kind) == (n, "warning")
    assert found.first.startswith(f"{table}.csv row ")


def test_ids_that_are_all_padded_are_not_told(tmp_path):
    source = write_source(tmp_path / "source", {"persons": [{"person_id": p} for p in ("001", "010", "100", "0")]})
    assert failing(both(source, tmp_path / "store")) == {}


def test_no_id_of_a_person_is_told(tmp_path):
    person = {"person_id": "44010119600501001X", "birth_date": "2000-01-01", "death_date": "1990-01-01"}
    bill = {"settlement_id": "44010119600501001X-1", "person_id": "44010119600501001X", "total_amount": "7.00"}
    source = write_source(tmp_path / "source", {"settlements": [bill], "persons": [person]})
    report = both(source, tmp_path / "store")
    assert len(failing(report)) == 3
    assert "44010119600501001X" not in str(report.as_dict())


def test_a_minus_that_nobody_calls_a_reversal_is_told(tmp_path):
    bills = [
        {"settlement_id": "S1", "total_amount": "540.00"},
        {"settlement_id": "S2", "total_amount": "-90.00"},
        {"settlement_id": "S3", "total_amount": "-10.00", "original_settlement_id": "S1"},
        {"settlement_id": "S4", "total_amount": "-20.00", "is_reversal": "true"},
    ]
    found = failing(both(write_source(tmp_path / "source", {"settlements": bills}), tmp_path / "store"))
    assert found["minus is a reversal"] == (1, 3, "settlements.csv row 2")
