"""The embedded engine: limits, safe names, equal bytes, dialect."""

import doctest

import pandas as pd
import pytest

from features.engine import DuckDBEngine, duckdb_engine, identifier
from features.errors import InputError, ToolkitError


def test_a_view_replaces_a_table_of_its_name():
    with DuckDBEngine() as engine:
        engine.create_table("t", "select 1 as a")
        engine.create_view("t", "select 2 as a")
        assert engine.rows("select a from t") == [(2,)]
        engine.register("t", pd.DataFrame({"a": [3]}))
        assert engine.frame("select a from t where a = ?", [3])["a"].tolist() == [3]


def test_a_table_replaces_whatever_has_its_name(tmp_path):
    with DuckDBEngine(threads=1, spill_folder=tmp_path) as engine:
        engine.create_view("t", "select 1 as a")
        engine.create_table("t", "select 2 as a")
        assert engine.rows("select a from t") == [(2,)]
        engine.execute("create table other as select 3 as a")
        engine.create_table("other", "select 4 as a")
        engine.create_table("other", "select 5 as a")
        assert engine.rows("select a from other") == [(5,)]
        assert engine.tables == {"t", "other"}
        engine.drop("t")
        engine.drop("other")
        assert engine.rows("select count(*) from duckdb_tables()") == [(0,)]


@pytest.mark.parametrize("name", ["a b", "a;b", 'a"b', "", "A", "1a", "é", "a" * 64])
def test_names_that_are_no_names_are_refused(name):
    with pytest.raises(InputError, match="not an identifier"):
        identifier(name)
    with DuckDBEngine() as engine, pytest.raises(InputError, match="not an identifier"):
        engine.create_table(name, "select 1")


def test_equal_rows_give_equal_bytes_at_any_number_of_threads(tmp_path):
    sql = "select i as a, cast(i * 7919 % 1000 as varchar) as b from range(300000) r(i) order by b, a"
    for threads in (1, 2, 3):
        with DuckDBEngine(threads=threads) as engine:
            assert engine.write_parquet(sql, tmp_path / f"{threads}.parquet") == 300_000
    contents = {(tmp_path / f"{threads}.parquet").read_bytes() for threads in (1, 2, 3)}
    assert len(contents) == 1


def test_paths_are_taken_literally(tmp_path):
    odd = tmp_path / "it's [a] *?.parquet"
    (tmp_path / "it's a xx.parquet").write_bytes(b"never read")
    with DuckDBEngine() as engine:
        engine.write_parquet("select 1 as a", odd)
        engine.read_parquet_view("v", [odd])
        assert engine.rows("select a from v") == [(1,)]


def test_it_works_within_little_memory(tmp_path):
    with DuckDBEngine("100MB", 1, tmp_path / "spill") as engine:
        engine.create_table("t", "select hash(i) as h, i from range(3000000) r(i) order by h")
        assert engine.rows("select count(*), min(i), max(i) from t") == [(3_000_000, 0, 2_999_999)]


def test_senseless_settings_are_refused():
    with pytest.raises(InputError, match="engine settings"):
        DuckDBEngine(memory_limit="plenty")


def test_dialect():
    with DuckDBEngine() as engine:
        d = engine.dialect
        row = engine.rows(
            f"select {d.quantile('x', 0.5)}, {d.quantile('x', 0.9)} from (values (1), (2), (3), (10)) t(x)"
        )[0]
        # Between 2 and 3 in the middle; 0.9 · 3 = 2.7, hence 3 + 0.7 · 7 = 7.9
        assert row == (2.5, pytest.approx(7.9))
        late, early = "timestamp '2026-03-01 00:30:00'", "timestamp '2026-02-27 23:30:00'"
        assert engine.rows(
            f"select {d.days_between(early, late)}, {d.days_between(late, early)}, {d.seconds_between(early, late)}, "
            f"{d.weekday(late)}, {d.month(late)}, {d.text('12')}, "
            f"""{d.any_of("'a'", ("a", "b'"))}, {d.any_of("'a'", ())}"""
        ) == [(2, -2, 90_000, 7, "2026-03", "12", True, False)]  # a Sunday; 25 hours
        assert engine.rows(f"select {d.hash64('1')} = {d.hash64('1')}") == [(True,)]


def test_examples():
    assert doctest.testmod(duckdb_engine).failed == 0


def test_a_file_that_cannot_be_written_is_told_by_its_cause(tmp_path):
    with (
        DuckDBEngine() as engine,
        pytest.raises(
            ToolkitError, match=r"file a\.parquet in .*gone: not written \(.*No such file or directory\)\. Hint"
        ),
    ):
        engine.write_parquet("select 1", tmp_path / "gone" / "a.parquet")


def test_rows_kept_on_disk_again_under_one_name_are_the_new_ones_and_the_old_are_gone(tmp_path):
    with DuckDBEngine(spill_folder=tmp_path) as engine:
        engine.execute("set parquet_metadata_cache = true")
        for n_rows in (3, 500):
            engine.create_spilled("kept", f"select * from range({n_rows}) r(a)")
            assert engine.rows("select count(*), max(a) from kept") == [(n_rows, n_rows - 1)]
        assert len(list(tmp_path.rglob("*.parquet"))) == 1
