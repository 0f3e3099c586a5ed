"""Ids that became numbers: refused as a column, quarantined as a text, reported where zeros are missing."""

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.contract import TABLES
from features.claims.values.number_ids import NUMBER_REASONS, id_faults, is_id
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source

LOST = ["1.10101E+17", "1.1010119410202002e+17", "1E+17", "-1.1e+17", "1.e17", ".5E17"]
POINT = ["123.0", "1234567890.0", "123.", "-5.00"]
FINE = ["H1", "012345", "12E5", "1.2.3", "A.0", "1-5", "110101194102020021", "1.5", "E+17", "+8613800000000"]


def faulty(column, texts):
    table, name = column.split(".")
    tests = " or ".join(f"coalesce({test}, false)" for test, _ in id_faults(TABLES[table].by_name[name], "t"))
    with DuckDBEngine(threads=1) as engine:
        return [engine.rows(f"select {tests or 'false'} from (select ? as t)", [text])[0][0] for text in texts]


@pytest.mark.parametrize("column", ["persons.person_id", "settlements.original_settlement_id", "labels.subject_id"])
def test_an_id_is_no_number(column):
    assert faulty(column, [*LOST, *POINT]) == [True] * len([*LOST, *POINT])
    assert faulty(column, FINE) == [False] * len(FINE)


@pytest.mark.parametrize(("texts", "ending"), list(zip((LOST, POINT), NUMBER_REASONS, strict=True)))
def test_lost_digits_and_added_points_are_told_apart(texts, ending):
    ((_, reason),) = id_faults(TABLES["persons"].by_name["person_id"], "t")
    with DuckDBEngine(threads=1) as engine:
        said = [engine.rows(f"select {reason} from (select ? as t)", [text])[0][0] for text in texts]
    assert all(each.startswith("person_id: ") and each.endswith(ending) for each in said)


def test_codes_of_catalogues_may_hold_a_point_and_never_a_power():
    for column in ("diagnoses.diagnosis_code", "claim_lines.item_code"):
        assert faulty(column, ["250.0", "E11.90", "99213.0", *FINE]) == [False] * (3 + len(FINE))
        assert faulty(column, LOST) == [True] * len(LOST)
    assert faulty("claim_lines.item_name", [*LOST, *POINT]) == [False] * len([*LOST, *POINT])


def test_ids_of_every_domain_are_ids():
    names = {column.name for table in TABLES.values() for column in table.columns if is_id(column)}
    assert names >= {"settlement_id", "person_id", "provider_id", "prescription_id", "executor_id", "line_serial"}
    assert not names & {"item_code", "diagnosis_code", "item_name", "line_number", "region_code"}


@pytest.fixture
def source(tmp_path):
    bills = [{"settlement_id": f"S{n}", "person_id": "110101194102020021", "provider_id": "12345"} for n in (1, 2)]
    return write_source(tmp_path / "source", {"settlements": bills})


def as_parquet(source, table, **columns):
    frame = pd.read_csv(source / f"{table}.csv", dtype="str").assign(**columns)
    (source / f"{table}.csv").unlink()
    frame.to_parquet(source / f"{table}.parquet")


def test_a_column_of_binary_numbers_is_no_column_of_ids(source, tmp_path):
    as_parquet(source, "providers", provider_id=[12345.0])
    with pytest.raises(
        InputError, match=r"column 'provider_id' of table 'providers'.*binary number.*Hint: write it as"
    ):
        ingest_source(source, tmp_path / "store")
    assert not (tmp_path / "store").exists()
    frames = {name: pd.read_csv(source / f"{name}.csv", dtype="str").columns for name in ("settlements", "persons")}
    lines = ['name = "mine"']
    for name in ("settlements", "claim_lines", "persons", "providers"):
        columns = frames.get(name, TABLES[name].required)
        given = {column: f'"{column}"' for column in columns}
        if name == "providers":
            given["provider_id"] = "replace(provider_id, '.0', '')"
        lines += [f'[sources.{name}]\nfiles = ["{name}.*"]\n[[tables.{name}]]\nsource = "{name}"']
        lines += [f"[tables.{name}.columns]", *(f"{column} = '''{text}'''" for column, text in given.items())]
    (tmp_path / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
    report = ingest_source(source, tmp_path / "store", mapping=str(tmp_path / "mine.toml"))
    assert [count.n_quarantined for count in report.tables] == [0, 0, 0, 0]


def test_a_column_that_holds_no_value_has_no_wrong_type(source):
    as_parquet(source, "settlements", attending_practitioner_id=[float("nan")] * 2, original_settlement_id=[None] * 2)
    assert [count.n_quarantined for count in check_source(source).tables] == [0, 0, 0, 0]


def test_whole_numbers_are_ids(source, tmp_path):
    as_parquet(source, "providers", provider_id=[12345])
    ingest_source(source, tmp_path / "store")
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        assert engine.rows("select provider_id from codes_provider") == [("12345",)]


def test_mangled_ids_are_quarantined_one_by_one(source):
    frame = pd.read_csv(source / "settlements.csv", dtype="str")
    frame.loc[0, "person_id"] = "1.10101E+17"
    frame.to_csv(source / "settlements.csv", index=False)
    bills = check_source(source).tables[0]
    told = "person_id: the id lost its digits, it was written as a rounded number"
    assert (bills.n_stored, bills.reasons) == (1, ((told, 1, "settlements.csv row 1"),))


def test_a_source_of_mangled_ids_says_how_to_export_them(source, tmp_path):
    frame = pd.read_csv(source / "settlements.csv", dtype="str")
    frame.assign(person_id="1.10101E+17").to_csv(source / "settlements.csv", index=False)
    with pytest.raises(InputError, match=r"the id lost its digits.*Hint: export ids as text"):
        ingest_source(source, tmp_path / "store")
