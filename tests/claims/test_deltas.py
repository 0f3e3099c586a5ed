"""Deltas: rows that say whether they insert, update or delete, by key."""

from pathlib import Path

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import complete
from tests.support.deltas import BILLS, OPERATION, bill, line, mapping, started, stored, take, told


@pytest.fixture
def start(tmp_path):
    return started(tmp_path)


def test_an_updated_bill_takes_the_place_of_the_old_one_with_its_lines(start):
    report = take(start, ["settlements"], settlements=[bill("S1", "7.00", "u")], claim_lines=[line("S1", 1, "7.00")])
    assert told(report, "settlements") == {"read": 1, "stored": 1, "updated": 1}
    assert told(report, "claim_lines") == {"read": 1, "stored": 1, "updated": 1}
    assert stored(start) == {
        "settlements": {"S1": 700, "S2": 2000},
        # line 2 of S1 is not given any more; its diagnosis stays, as the source gives none
        "lines": [("S1", 1, 700, "2026-03"), ("S2", 1, 1000, "2026-03"), ("S2", 2, 1000, "2026-03")],
        "diagnoses": [("S1", "2026-03"), ("S2", "2026-03")],
    }
    assert [(e.table, e.n_before, e.n_gone, e.n_now) for e in report.gave_way] == [
        ("settlements", 2, 1, 2),
        ("claim_lines", 4, 2, 3),
    ]
    before = ClaimsStore.open(start / "store").catalog
    again = take(start, ["settlements"], settlements=[bill("S1", "7.00", "u")], claim_lines=[line("S1", 1, "7.00")])
    assert told(again, "settlements") == told(again, "claim_lines") == {"read": 1, "repeats": 1}
    assert (again.gave_way, ClaimsStore.open(start / "store").catalog) == ((), before)


def test_a_deleted_bill_goes_with_all_that_hangs_on_it(start):
    # only the key is needed of what goes
    gone = dict.fromkeys(BILLS, "") | {"settlement_id": "S1", "op": "DELETE"}
    report = take(start, ["settlements"], settlements=[gone], claim_lines=[line("S1", 1, "10.00")])
    assert told(report, "settlements") == told(report, "claim_lines") == {"read": 1, "deleted": 1}
    found = stored(start)
    assert (list(found["settlements"]), {row[0] for row in found["lines"]}) == (["S2"], {"S2"})
    assert found["diagnoses"] == [("S2", "2026-03")]
    assert {e.table: e.n_gone for e in report.gave_way} == {"settlements": 1, "claim_lines": 2, "diagnoses": 1}


def test_a_bill_that_moves_takes_along_what_the_source_does_not_give(start):
    take(start, ["settlements"], settlements=[bill("S1", "20.00", "U", "2026-04", person_id="P2")], persons=[
        {"person_id": "P2", "gender": "male", "birth_date": "1960-01-01", "home_region_code": "x"}
    ])  # fmt: skip
    found = stored(start)
    assert [row[3] for row in found["lines"]] == ["2026-04", "2026-04", "2026-03", "2026-03"]
    assert found["diagnoses"] == [("S1", "2026-04"), ("S2", "2026-03")]
    with DuckDBEngine() as engine:
        ClaimsStore.open(start / "store").attach(engine)
        sql = "select distinct person_id from claim_lines join codes_person using (person_key) where month = '2026-04'"
        assert engine.rows(sql) == [("P2",)]


def test_lines_with_operations_change_by_their_own_key(start):
    lines = [
        line("S1", 1, "4.00", "U"),
        line("S1", 2, "10.00", "D"),
        line("S1", 3, "6.00", "I"),
        line("S2", 9, "1.00", "U"),
    ]
    report = take(start, ["settlements", "claim_lines"], settlements=[bill("S1", "10.00", "U")], claim_lines=lines)
    assert told(report, "claim_lines") == {"read": 4, "stored": 2, "updated": 1, "deleted": 1, "quarantined": 1}
    assert [row[:3] for row in stored(start)["lines"]] == [
        ("S1", 1, 400),
        ("S1", 3, 600),
        ("S2", 1, 1000),
        ("S2", 2, 1000),
    ]


def test_lines_change_where_their_bills_have_no_operations(start):
    lines = [
        line("S1", 1, "4.00", "U"),
        line("S1", 2, "10.00", "D"),
        line("S2", 3, "6.00", "I"),
        line("S9", 1, "1", "I"),
    ]
    report = take(start, ["claim_lines"], claim_lines=lines)
    assert told(report, "claim_lines") == {"read": 4, "stored": 2, "updated": 1, "deleted": 1, "quarantined": 1}
    assert [row[:3] for row in stored(start)["lines"]] == [
        ("S1", 1, 400),
        ("S2", 1, 1000),
        ("S2", 2, 1000),
        ("S2", 3, 600),
    ]


def test_lines_change_by_their_serials_in_a_store_of_numbers(start):
    text = Path(mapping(start, "claim_lines")).read_text()
    (start / "serials.toml").write_text(text.replace('line_number = "line_number"', 'line_serial = "line_number"'))
    for lines, left in (
        ([line("S1", "X1", "5.00", "I"), line("S1", "X2", "2.00", "I")], [(1, 1000), (2, 1000), (3, 500), (4, 200)]),
        ([line("S1", "X2", "3.00", "U"), line("S1", "X1", "", "D")], [(1, 1000), (2, 1000), (4, 300)]),
    ):
        (start / "delta").mkdir(exist_ok=True)
        pd.DataFrame(lines).to_csv(start / "delta" / "claim_lines.csv", index=False)
        ingest_source(start / "delta", start / "store", mapping=str(start / "serials.toml"), max_month_shrink=1)
        assert [row[1:3] for row in stored(start)["lines"] if row[0] == "S1"] == left


LAST = {"read": 2, "stored": 1, "updated": 1, "outdated": 1}


@pytest.mark.parametrize(
    ("rows", "counts", "left"),
    [
        # The last of a key counts, as a log is read.
        ([bill("S1", "1.00", "U"), bill("S1", "2.00", "U")], LAST, 200),
        ([bill("S9", "1.00", "I"), bill("S9", "2.00", "U")], {"read": 2, "stored": 1, "outdated": 1}, 2000),
        ([bill("S9", "1.00", "I"), bill("S9", "1.00", "D")], {"read": 2, "outdated": 2}, 2000),
        ([bill("S1", "1.00", "D"), bill("S1", "3.00", "I")], LAST, 300),
        # What is not there, and what is there already.
        ([bill("S8", "1.00", "U"), bill("S9", "1.00", "D")], {"read": 2, "quarantined": 2}, 2000),
        ([bill("S1", "1.00", "I"), bill("S2", "1.00", "x")], {"read": 2, "quarantined": 2}, 2000),
        # What updates or inserts finds its own way.
        ([bill("S1", "1.00", "upsert"), bill("S9", "1.00", "Upsert")], {"read": 2, "stored": 2, "updated": 1}, 100),
        ([bill("S9", "1.00", "upsert"), bill("S9", "2.00", "U")], {"read": 2, "stored": 1, "outdated": 1}, 2000),
        ([bill("S9", "1.00", "upsert"), bill("S9", "1.00", "D")], {"read": 2, "outdated": 2}, 2000),
        ([bill("S2", "1.00", "withdraw"), bill("S9", "", "withdraw")], {"read": 2, "outdated": 1, "deleted": 1}, 2000),
        ([bill("S2", "1.00", "D"), bill("S2", "", "withdraw")], {"read": 2, "outdated": 1, "deleted": 1}, 2000),
    ],
)  # fmt: skip
def test_every_row_of_a_delta_is_accounted_for(start, rows, counts, left):
    report = take(start, ["settlements"], settlements=rows)
    assert told(report, "settlements") == counts
    assert stored(start)["settlements"]["S1"] == left


def test_reasons_say_what_is_wrong_with_an_operation(start):
    report = take(start, ["settlements"], settlements=[bill("S9", "1.00", "U"), bill("S1", "1.00", "replace")])
    reasons = [reason for count in report.tables for reason, _, _ in count.reasons]
    assert sorted(reasons) == [
        "an update or a deletion of a key that is not stored",
        "operation: not insert, update, upsert, delete or withdraw",
    ]


def test_rows_of_a_group_say_one_operation(start):
    grouped = f'{OPERATION}\ngroup_by = ["settlement_id"]'
    path = Path(mapping(start, "settlements"))
    path.write_text(path.read_text().replace(OPERATION, grouped))
    (start / "delta").mkdir()
    rows = [bill("S1", "7.00", "U"), bill("S1", "7.00", "u"), bill("S2", "1.00", "D"), bill("S2", "2.00", "D")]
    rows += [bill("S3", "5.00", "I"), bill("S3", "5.00", "D"), bill("S4", "5.00", "I"), bill("S4", "5.00", "")]
    pd.DataFrame(rows).to_csv(start / "delta" / "settlements.csv", index=False)
    report = ingest_source(start / "delta", start / "store", mapping=str(path), max_month_shrink=1)
    assert told(report, "settlements") == {"read": 4, "stored": 1, "updated": 1, "deleted": 1, "quarantined": 2}
    assert stored(start)["settlements"] == {"S1": 700}
    assert [reason for count in report.tables for reason, _, _ in count.reasons] == [
        "operation: the rows of the group differ"
    ]


def test_a_register_changes_by_key_and_a_deletion_is_not_undone_by_an_older_extract(start):
    def person(identifier, region, op):
        born = {"gender": "male", "birth_date": "1960-01-01"}
        return {"person_id": identifier, **born, "home_region_code": region, "op": op}

    april = [bill("S3", "1.00", "I", "2026-04")]
    first = [person("P1", "a", "U"), person("P2", "b", "I"), person("P7", "c", "U")]
    report = take(start, ["settlements", "persons"], settlements=april, persons=first)
    assert told(report, "persons") == {"read": 3, "stored": 2, "updated": 1, "quarantined": 1}
    may = [bill("S4", "1.00", "I", "2026-05")]
    assert told(
        take(start, ["settlements", "persons"], settlements=may, persons=[person("P2", "", "D")]), "persons"
    ) == {"read": 1, "deleted": 1}
    plain = complete(
        {"settlements": [{"settlement_id": "S5", "settle_time": "2026-04-11 09:00:00", "person_id": "P2"}]}
    )
    (start / "late").mkdir()
    for name, frame in plain.items():
        frame.to_csv(start / "late" / f"{name}.csv", index=False)
    ingest_source(start / "late", start / "store")

    def seen(month):
        with DuckDBEngine() as engine:
            ClaimsStore.open(start / "store").attach(engine, months=[month])
            return [row[0] for row in engine.rows("select person_id from persons join codes_person using (person_key)")]

    assert [sorted(seen(month)) for month in ("2026-03", "2026-04", "2026-05")] == [["P1"], ["P1", "P2"], ["P1"]]


def test_replaced_months_and_operations_do_not_go_together(start):
    with pytest.raises(InputError, match=r"a delta, which changes rows by key.*leave out one of the two"):
        ingest_source(start, start / "store", mapping=mapping(start, "settlements"), replace_months=["2026-03"])


def test_labels_have_no_operations(tmp_path):
    text = 'name = "x"\n[sources.l]\nfiles = ["l.csv"]\n[[tables.labels]]\nsource = "l"\noperation = "op"\n'
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(InputError, match="labels, which are never changed"):
        ingest_source(tmp_path, tmp_path / "store", mapping=str(tmp_path / "m.toml"))
