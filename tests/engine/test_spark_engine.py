"""A borrowed session: what the user has set stays, what the engine made goes; spelling agrees with DuckDB."""

import sys
from datetime import date

import pandas as pd
import pytest

from features.engine import DuckDBEngine
from features.engine.spark_engine import REQUIRED_SETTINGS, SparkEngine, spark_session
from features.errors import InputError

# PySpark leaves its sockets to the garbage collector.
SOCKETS = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
pytestmark = pytest.mark.filterwarnings(SOCKETS)


@pytest.fixture
def engine(spark, tmp_path):
    with SparkEngine(spark, tmp_path / "scratch") as engine:
        yield engine


@pytest.mark.spark
def test_settings_and_views_of_the_user_stay(spark, tmp_path):
    spark.conf.set("spark.sql.ansi.enabled", "false")
    spark.sql("select 'mine' as a").createOrReplaceTempView("money")
    before = dict(spark.conf.getAll)
    with SparkEngine(spark, tmp_path) as engine:
        engine.create_table("money", "select 'ours' as a")
        assert {name: engine.session.conf.get(name) for name in REQUIRED_SETTINGS} == REQUIRED_SETTINGS
        assert engine.session.conf.get("spark.sql.shuffle.partitions") == "2"
        assert spark.table("money").collect()[0].a == "mine"
    assert dict(spark.conf.getAll) == before
    assert spark.table("money").collect()[0].a == "mine"
    assert spark.range(3).count() == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.spark
def test_a_name_is_given_anew_and_dropped(engine):
    engine.create_table("t", "select 1 as a")
    engine.create_view("t", "select 2 as a")
    assert engine.rows("select a from t") == [(2,)]
    engine.register("t", pd.DataFrame({"a": [3], "b": ["x"]}))
    assert engine.frame("select a from t where b = ?", ["x"])["a"].tolist() == [3]
    engine.drop("t")
    engine.drop("t")
    with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND"):
        engine.rows("select a from t")


@pytest.mark.spark
def test_names_that_are_no_names_are_refused(engine):
    for make in (engine.create_table, engine.create_view):
        with pytest.raises(InputError, match="not an identifier"):
            make("a b", "select 1")


@pytest.mark.spark
def test_files_of_duckdb_are_read_with_their_types_from_any_path(engine, tmp_path):
    one, two = tmp_path / "it's [a] {b} *? %20.parquet", tmp_path / "two.parquet"
    with DuckDBEngine() as embedded:
        embedded.write_parquet("select 1 as a, date '2026-01-02' as d, timestamp '2026-01-02 23:30:00' as t", one)
        embedded.write_parquet("select 2 as a, true as b, cast(3 as bigint) as n, 'x' as s", two)
    engine.read_parquet_view("v", [one, two])
    assert engine.rows("select a, d, hour(t), b, n, s from v order by a") == [
        (1, date(2026, 1, 2), 23, None, None, None),
        (2, None, None, True, 3, "x"),
    ]
    assert engine.write_parquet("select * from v", tmp_path / "out") == 2
    engine.read_parquet_view("again", [tmp_path / "out"])
    assert engine.rows("select count(*) from again") == [(2,)]


@pytest.mark.spark
def test_a_column_of_two_types_is_refused(engine, tmp_path):
    with DuckDBEngine() as embedded:
        embedded.write_parquet("select 1 as a", tmp_path / "one.parquet")
        embedded.write_parquet("select 'x' as a", tmp_path / "two.parquet")
    with pytest.raises(InputError, match=r"column 'a' of .*two\.parquet"):
        engine.read_parquet_view("v", [tmp_path / "one.parquet", tmp_path / "two.parquet"])


@pytest.mark.spark
def test_both_dialects_mean_the_same(engine):
    values = "(values (1), (2), (3), (10)) t(x)"
    late, early = "timestamp '2026-03-01 00:30:00'", "timestamp '2026-02-27 23:30:00'"
    with DuckDBEngine() as embedded:
        for one in (embedded, engine):
            d = one.dialect
            quantiles = one.rows(f"select {d.quantile('x', 0.5)}, {d.quantile('x', 0.9)} from {values}")[0]
            assert quantiles == (2.5, pytest.approx(7.9))  # 3 + 0.7 · 7
            assert one.rows(
                f"select {d.days_between(early, late)}, {d.days_between(late, early)}, "
                f"{d.seconds_between(early, late)}, {d.weekday(late)}, {d.month(late)}, {d.text('12')}, "
                f"""{d.any_of("'a'", ("a", "b'"))}, {d.any_of("'a'", ())}"""
            ) == [(2, -2, 90_000, 7, "2026-03", "12", True, False)]  # a Sunday; 25 hours
            assert one.rows(f"select {d.hash64('1')} = {d.hash64('1')}") == [(True,)]


@pytest.mark.spark
def test_a_division_by_zero_is_an_error_and_no_number(engine):
    with pytest.raises(Exception, match="DIVIDE_BY_ZERO"):
        engine.rows("select 1 / a from (values (0)) t(a)")


def test_without_pyspark_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(InputError, match=r"PySpark is not installed. Hint: pip install .claims-fraud-toolkit\[spark\]"):
        spark_session()


@pytest.mark.spark
def test_without_java_the_way_out_is_named(spark, monkeypatch):
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    def fail(_):
        raise PySparkRuntimeError(errorClass="JAVA_GATEWAY_EXITED", messageParameters={})

    monkeypatch.setattr(SparkSession.Builder, "getOrCreate", fail)
    with pytest.raises(InputError, match=r"no session: .JAVA_GATEWAY_EXITED.* Hint: .*Java"):
        spark_session()


@pytest.mark.spark
def test_the_session_that_runs_is_taken(spark):
    assert spark_session().sparkContext is spark.sparkContext
