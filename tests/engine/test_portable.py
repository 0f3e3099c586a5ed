"""Every statement that features run keeps to what DuckDB and Spark read alike."""

import pytest

from features.build import build_profiles
from features.catalogue import families
from features.facts import FACTS
from features.subjects import SUBJECTS
from features.vocabulary.entities import PROFILED
from tests.support.portable import faults
from tests.support.recording import EmptyStore, RecordingEngine


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    store = EmptyStore(tmp_path_factory.mktemp("store"), ("2026-01", "2026-02"))
    with RecordingEngine() as engine:
        build_profiles(store, "2026-02", engine)
        return engine.statements


def test_no_statement_of_features_is_outside_the_subset(statements):
    found = {(what, fault, sql) for what, sql in statements for fault in faults(sql)}
    assert not found, "\n".join(f"{what}: {fault}" for what, fault, _ in sorted(found))


def test_no_statement_was_forgotten(statements):
    texts = [sql for _, sql in statements]
    assert {fact.sql for fact in FACTS} | set(SUBJECTS.values()) <= set(texts)
    for entity in PROFILED:
        for family in families(entity):
            (read,) = [sql for sql in texts if f"from ({family.relation}) r group by" in sql]
            assert all(f" as {feature.name}" in read for feature in family.features)
    assert {"money", "visits", "stays", "work", "drug_lines", "box_sales"} <= {what for what, _ in statements}


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select a from t qualify row_number() over (order by a) = 1", "construct Qualify"),
        ("select a::bigint from t", ":: instead of cast"),
        ("select a * 1.5 from t", "literal 1.5"),
        ("select a * 1e3 from t", "literal 1e3"),
        ("select nobody_knows(a) from t", "function nobody_knows"),
        ("select quantile_cont(a, 1) from t", "PercentileCont"),
        ("select date_diff('day', a, b) from t", "DateDiff"),
        ("select strftime(a, '%Y') from t", "TimeToStr"),
        ("select isodow(a) from t", "DayOfWeekIso"),
        ("select arg_max(a, b) from t", "ArgMax"),
        ("select log(a) from t", "function Log"),
        ("select list(a) from t", "Array"),
        ("select sum(a) filter (where b) from t", "construct Filter"),
        ("select * from t asof join u on t.a >= u.a", "ASOF join"),
        ("select * exclude (a) from t", "star with exceptions"),
        ("select distinct on (a) a, b from t", "distinct on"),
        ("select a, count(*) from t group by all", "group by all"),
        ("select a from t order by all", "order by all"),
        ("select lag(a) over (partition by b) from t", "Lag without an order"),
        ("select sum(a) over (order by b range between 1 preceding and current row) from t", "window frame range"),
        ("select cast(a as varchar) from t", "type TEXT"),
        ("select cast(a as hugeint) from t", "type INT128"),
        ("select try_cast(a as bigint) from t", "function TryCast"),
        ("select extract(dow from a) from t", "extract DOW"),
        ("select a[1] from t", "Bracket"),
        ("select a from t limit 1", "construct Limit"),
        ("select a from", "not read"),
    ],
)
def test_what_is_outside_the_subset_is_refused(sql, fault):
    assert any(fault in found for found in faults(sql)), faults(sql)


@pytest.mark.parametrize("extra", ["qualify", "decimal", "colons", "function"])
def test_a_real_statement_that_is_changed_is_refused(statements, extra):
    name, sql = next((what, sql) for what, sql in statements if what == "provider_people")
    change = {
        "qualify": lambda text: text + " qualify row_number() over (order by person_key) = 1",
        "decimal": lambda text: text.replace("count(*)", "count(*) * 1.0"),
        "colons": lambda text: text.replace("cast(sum(total_amount) as bigint)", "sum(total_amount)::bigint"),
        "function": lambda text: text.replace("max(day)", "any_value(day)"),
    }[extra]
    assert not faults(sql), name
    assert change(sql) != sql
    assert faults(change(sql))
