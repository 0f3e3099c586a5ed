"""One seed repeats to the byte, two seeds differ; writing is whole or not at all."""

import hashlib

import duckdb
import pytest

from experiments.synthetic import make_city, make_labels, write_city, write_labels
from features.errors import InputError

SMALL = {"persons": 1_200, "providers": 40, "months": 2, "start": "2026-01"}


@pytest.fixture(scope="module")
def small():
    return make_city(**SMALL, seed=5)


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def test_one_seed_repeats_to_the_byte(small, tmp_path):
    for name, city in (("a", small), ("b", make_city(**SMALL, seed=5))):
        write_city(city, tmp_path / name)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a-truth") == digests(tmp_path / "b-truth")


def test_two_seeds_differ(small):
    one, two = small, make_city(**SMALL, seed=6)
    assert one.tables["settlements"].num_rows != two.tables["settlements"].num_rows
    assert not one.tables["providers"].equals(two.tables["providers"])
    ids = (set(city.tables["settlements"]["settlement_id"].to_pylist()) for city in (one, two))
    assert set.intersection(*ids) == set()


def test_written_source_holds_what_was_made(small, tmp_path):
    write_city(small, tmp_path / "city")
    lines = f"{tmp_path}/city/claim_lines/month=*/part-0.parquet"
    settlements = f"{tmp_path}/city/settlements/month=*/part-0.parquet"
    assert duckdb.sql(f"select count(*) from '{lines}'").fetchall() == [(small.tables["claim_lines"].num_rows,)]
    wrong = duckdb.sql(
        f"select count(*) from read_parquet('{settlements}', hive_partitioning=true) "
        "where strftime(settle_time, '%Y-%m') <> month::varchar"
    ).fetchall()
    assert wrong == [(0,)]
    kinds = dict(duckdb.sql(f"select column_name, column_type from (describe select * from '{lines}')").fetchall())
    assert kinds["amount"] == "DECIMAL(16,2)"
    assert kinds["unit_price"] == "DECIMAL(16,6)"
    assert kinds["quantity"] == "DECIMAL(16,4)"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_former_city_is_replaced_whole(small, tmp_path):
    write_city(make_city(**{**SMALL, "months": 3}, seed=5), tmp_path / "city")
    write_city(small, tmp_path / "city")
    months = sorted(p.name for p in (tmp_path / "city" / "claim_lines").iterdir())
    assert months == ["month=2026-01", "month=2026-02"]


def test_other_folders_are_left_alone(small, tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds something else"):
        write_city(small, tmp_path / "papers")
    assert [p.name for p in tmp_path.rglob("*")] == ["papers", "thesis.txt"]


def test_labels_come_late_partly_and_sometimes_wrong(guilty, tmp_path):
    labels = make_labels(guilty.city, seed=3)
    assert labels.equals(make_labels(guilty.city, seed=3))
    guilty.connection.register("labels", labels)
    assert guilty.one("select count(*) - count(distinct label_id) from labels") == 0
    assert guilty.one("select count(*) from labels where known_date <= decided_date") == 0
    assert guilty.one("select count(*) from labels where recovered_amount > confirmed_amount") == 0
    examined, all_guilty = guilty.one("""select count(distinct t.person_id) filter (where l.subject_id is not null),
        count(distinct t.person_id) from truth_patients t left join labels l on l.subject_id = t.person_id""")
    assert 0.25 * all_guilty < examined < 0.65 * all_guilty
    freed, wronged = guilty.one("""
        select count(*) filter (where decision = 'unfounded' and person_id is not null),
        count(*) filter (where decision in ('confirmed_fraud', 'confirmed_abuse') and person_id is null)
        from labels left join (select distinct person_id from truth_patients) on person_id = subject_id
        where subject_type = 'patient'""")
    assert freed + wronged > 0
    audit = guilty.rows("select distinct selection_reason, selection_probability is null from labels order by all")
    assert audit == [("random_audit", False), ("ranked", True)]
    early = make_labels(guilty.city, seed=3, until=guilty.one("select median(known_date)::date from labels"))
    assert 0 < early.num_rows < labels.num_rows
    write_labels(labels, tmp_path / "labels.csv")
    assert duckdb.sql(f"select count(*) from '{tmp_path}/labels.csv'").fetchall() == [(labels.num_rows,)]


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_smallest_city_stands(seed):
    """Few people may mean no cancer, no dialysis, no long stay: nothing fails for want of them."""
    city = make_city(300, 30, 1, "2024-02", seed)
    assert city.tables["providers"].num_rows == 30
    assert city.tables["settlements"].num_rows > 0
    assert set(make_labels(city, seed=seed).column_names) >= {"label_id", "subject_id", "known_date"}


def test_truth_has_the_columns_of_its_contract(guilty):
    expected = {
        "truth_providers": ["provider_id", "scheme_code", "first_month", "last_month", "size"],
        "truth_patients": ["person_id", "scheme_code", "first_month"],
        "truth_practitioners": ["practitioner_id", "scheme_code"],
        "truth_lines": ["settlement_id", "line_number", "scheme_code", "exposure_amount"],
        "truth_rings": ["ring_id", "member_type", "member_id"],
        "truth_twins": ["subject_type", "subject_id", "twin_of", "note"],
        "truth_slips": ["settlement_id", "line_number", "kind", "note"],
    }
    assert {name: table.column_names for name, table in guilty.city.truth.items()} == expected
