"""Registers over time: the newer extract says the newer word, each month sees what was known in it."""

from datetime import date

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source


def bills(month, *ids, person="P1"):
    return [{"settlement_id": each, "person_id": person, "settle_time": f"{month}-20 09:00:00"} for each in ids]


def person(level, identifier="P1", **more):
    return {"person_id": identifier, "gender": "female", "birth_date": "1950-01-01", "home_region_code": level} | more


@pytest.fixture
def take(tmp_path):
    """Ingest one extract of bills and persons; each call is a source of its own."""
    calls = []

    def taken(month, persons, settlements=None, **more):
        calls.append(month)
        tables = {"settlements": settlements or bills(month, f"S{len(calls)}"), "persons": persons}
        report = ingest_source(write_source(tmp_path / f"source{len(calls)}", tables), tmp_path / "store", **more)
        count = next(each for each in report.tables if each.table == "persons")
        return count.n_read, count.n_stored, count.n_repeats, count.n_outdated, count.n_quarantined

    return taken


@pytest.fixture
def seen(tmp_path):
    """What a month sees of the register of persons."""

    def found(*months):
        with DuckDBEngine() as engine:
            ClaimsStore.open(tmp_path / "store").attach(engine, months=months or None)
            sql = "select person_id, home_region_code from persons join codes_person using (person_key)"
            return dict(engine.rows(sql))

    return found


def test_a_newer_extract_updates_and_the_month_before_sees_what_it_saw(take, seen, tmp_path):
    take("2026-03", [person("old"), person("old", "P2")])
    store = ClaimsStore.open(tmp_path / "store")
    march, whole = store.dimension_digest("persons", month="2026-03"), store.snapshot()
    # read = stored + repeats + outdated + quarantined: P1 anew, P2 as before, P3 for the first time
    assert take("2026-04", [person("new"), person("old", "P2"), person("x", "P3")]) == (3, 2, 1, 0, 0)
    assert seen("2026-03") == {"P1": "old", "P2": "old"}
    assert seen("2026-04") == seen() == {"P1": "new", "P2": "old", "P3": "x"}
    store = ClaimsStore.open(tmp_path / "store")
    assert store.dimension_digest("persons", month="2026-03") == march
    assert store.dimension_digest("persons", month="2026-04") == store.dimension_digest("persons") != march
    assert store.snapshot() != whole


def test_an_older_extract_never_overwrites_and_completes_what_was_known(take, seen):
    take("2026-04", [person("new"), person("new", "P2")])
    assert take("2026-02", [person("older"), person("first", "P3")]) == (2, 2, 0, 0, 0)
    assert seen("2026-04") == {"P1": "new", "P2": "new", "P3": "first"}
    assert seen("2026-02") == {"P1": "older", "P2": "new", "P3": "first"}
    # Between the two: newer than February's, older than April's.
    assert take("2026-03", [person("middle"), person("middle", "P2")]) == (2, 2, 0, 0, 0)
    assert [seen(month)["P1"] for month in ("2026-02", "2026-03", "2026-04")] == ["older", "middle", "new"]


def test_what_came_again_is_known_since_then(take, seen):
    """March and May say the same; April's word, which comes last, holds for April alone."""
    take("2026-03", [person("same")])
    assert take("2026-05", [person("same")]) == (1, 0, 1, 0, 0)
    assert take("2026-04", [person("other")]) == (1, 1, 0, 0, 0)
    assert [seen(month)["P1"] for month in ("2026-03", "2026-04", "2026-05")] == ["same", "other", "same"]


@pytest.mark.parametrize(
    ("day", "counts", "now"),
    [(20, (1, 0, 0, 0, 1), "one"), (21, (1, 1, 0, 0, 0), "two"), (19, (1, 0, 0, 1, 0), "one")],
)
def test_of_one_month_the_day_decides_and_one_day_is_a_conflict(take, seen, day, counts, now):
    take("2026-03", [person("one")])
    assert take("2026-03", [person("two")], extracted=date(2026, 3, day)) == counts
    assert seen() == {"P1": now}


def test_a_replaced_month_settles_a_conflict_of_one_day_and_no_other(take, seen):
    take("2026-03", [person("one")], bills("2026-03", "S"))
    again = bills("2026-03", "S")
    assert take("2026-03", [person("two")], again, replace_months=["2026-03"]) == (1, 1, 0, 0, 0)
    take("2026-04", [person("three")])
    assert take("2026-03", [person("four")], again, replace_months=["2026-03"]) == (1, 1, 0, 0, 0)
    assert (seen("2026-03"), seen("2026-04")) == ({"P1": "four"}, {"P1": "three"})


def test_whoever_late_bills_name_is_known_in_their_month(take, seen):
    take("2026-03", [person("old")])
    late = [*bills("2026-03", "L", person="P9"), *bills("2026-04", "S")]
    take("2026-04", [person("new"), person("x", "P9")], late)
    assert seen("2026-03") == {"P1": "old", "P9": "x"}


def test_a_delivery_after_the_month_is_known_in_it(take, seen):
    take("2026-03", [person("old")], extracted=date(2026, 4, 5))
    take("2026-04", [person("new")], extracted=date(2026, 5, 5))
    assert (seen("2026-03"), seen("2026-04")) == ({"P1": "old"}, {"P1": "new"})


def test_what_an_extract_does_not_give_stays(take, seen):
    take("2026-03", [person("one"), person("two", "P2")])
    take("2026-04", [{"person_id": "P1", "gender": "male", "birth_date": "1950-01-01"}])
    assert seen() == {"P1": "one", "P2": "two"}


def test_equal_snapshots_are_one_file_and_the_same_extract_twice_changes_nothing(take, tmp_path):
    take("2026-03", [person("one")], bills("2026-03", "S"))
    take("2026-04", [person("one")], bills("2026-04", "T"))
    parts = ClaimsStore.open(tmp_path / "store").catalog.tables["persons"]
    assert [(part.month, part.file) for part in parts] == [(m, parts[0].file) for m in ("2026-03", "2026-04")]
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert take("2026-04", [person("one")], bills("2026-04", "T")) == (1, 0, 1, 0, 0)
    assert {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()} == before


def test_the_day_is_told_and_a_slip_in_one_bill_does_not_make_it(tmp_path):
    slip = [*bills("2026-03", *(f"S{n}" for n in range(200))), *bills("2062-03", "X")]
    source = write_source(tmp_path / "source", {"settlements": slip})
    report = ingest_source(source, tmp_path / "store")
    assert report.as_dict()["extract"] == {
        "day": "2026-03-20",
        "month": "2026-03",
        "told_by": "settlements",
    }
    only = tmp_path / "only"
    only.mkdir()
    pd.DataFrame([person("new")]).to_csv(only / "persons.csv", index=False)
    assert ingest_source(only, tmp_path / "store").extract.told_by == "store"
    (tmp_path / "m.toml").write_text('extends = "contract"\nname = "dated"\nextracted = 2026-05-31\n')
    extract = ingest_source(only, tmp_path / "store", mapping=str(tmp_path / "m.toml")).extract
    assert (extract.day, extract.month, extract.told_by) == ("2026-05-31", "2026-05", "mapping")


def test_a_month_does_not_shrink_unasked(tmp_path):
    store = tmp_path / "store"
    ingest_source(write_source(tmp_path / "all", {"settlements": bills("2026-03", "S1", "S2")}), store)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    one = write_source(tmp_path / "one", {"settlements": bills("2026-03", "S1")})
    with pytest.raises(InputError, match=r"2026-03 settlements from 2 to 1; 2026-03 claim_lines from 2 to 1.*--allow"):
        ingest_source(one, store, replace_months=["2026-03"])
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
    report = ingest_source(one, store, replace_months=["2026-03"], max_month_shrink=0.5)
    # two settlements and two lines gave way, one of each came
    assert [(e.month, e.table, e.n_before, e.n_gone, e.n_now) for e in report.gave_way] == [
        ("2026-03", "settlements", 2, 2, 1),
        ("2026-03", "claim_lines", 2, 2, 1),
    ]


def test_equal_rows_of_two_sources_lie_in_quarantine_side_by_side(tmp_path):
    for number, month in enumerate(("2026-03", "2026-04")):
        source = write_source(tmp_path / f"s{number}", {"settlements": bills(month, f"S{number}")})
        with (source / "persons.csv").open("a") as file:
            file.write("P7\n")
        ingest_source(source, tmp_path / "store")
    assert len(ClaimsStore.open(tmp_path / "store").catalog.quarantine["persons"]) == 2


def test_bills_of_a_replaced_month_find_the_persons_that_were_known_from_it(take, tmp_path):
    take("2026-02", [person("a")])
    take("2026-03", [person("a", "P8")], bills("2026-03", "S8", "S9", person="P8"))
    source = write_source(tmp_path / "anew", {"settlements": bills("2026-03", "S8", "S7", person="P8")})
    (source / "persons.csv").unlink()
    report = ingest_source(source, tmp_path / "store", replace_months=["2026-03"])
    assert [each.n_failing for each in report.quality if each.name == "person_id of settlements"] == [0]
