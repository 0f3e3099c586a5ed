"""Invented dispositions: partial, late, sometimes wrong, sometimes overturned; the random audit is unbiased."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest

from experiments.synthetic import make_city, make_labels, write_city
from features.errors import InputError

SEEDS = range(12)


@pytest.fixture(scope="module")
def decided(guilty):
    """All decisions of several seeds on one city, beside its truth."""
    tables = [make_labels(guilty.city, seed=seed) for seed in SEEDS]
    seeds = pa.concat_tables([t.append_column("seed", pa.array([s] * t.num_rows)) for s, t in enumerate(tables)])
    connection = duckdb.connect()
    for name, table in {**guilty.city.tables, **guilty.city.truth, "labels": seeds}.items():
        connection.register(name, table)
    return lambda sql: connection.execute(sql).fetchone()


def test_written_city_gives_the_labels_of_the_one_in_memory(tmp_path):
    city = make_city(1_500, 60, 3, "2026-01", 5, schemes="R01,P06")
    write_city(city, tmp_path / "city")
    assert make_labels(tmp_path / "city", seed=3).equals(make_labels(city, seed=3))


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a written city"):
        make_labels(tmp_path / "papers", seed=3)


def test_part_of_the_guilty_is_examined_the_large_more_often(decided):
    shares = [
        decided(f"""
        select count(distinct (seed, subject_id))::double / ({len(SEEDS)} * (select count(distinct provider_id)
            from truth_providers where size = '{size}'))
        from labels where subject_type = 'provider' and selection_reason = 'ranked'
        and subject_id in (select provider_id from truth_providers where size = '{size}')""")[0]
        for size in ("small", "large")
    ]
    assert shares[0] < 0.5
    assert shares[1] > 0.5


def test_the_large_are_decided_sooner(decided):
    days = [
        decided(f"""
        select median(date_diff('day', make_date(2026, 1, 1), known_date)) from labels
        where subject_type = 'provider' and selection_reason = 'ranked' and supersedes_label_id is null
        and subject_id in (select provider_id from truth_providers where size = '{size}')""")[0]
        for size in ("small", "large")
    ]
    assert days[1] < days[0] - 30


def test_most_guilty_are_confirmed_and_some_go_free(decided):
    confirmed, freed, n = decided("""
        select count(*) filter (where decision in ('confirmed_fraud', 'confirmed_abuse')),
            count(*) filter (where decision = 'unfounded'), count(*)
        from labels semi join truth_patients on person_id = subject_id where supersedes_label_id is null""")
    assert 0.8 * n < confirmed < 0.94 * n  # 0.78 + 0.09
    assert 0.01 * n < freed < 0.08 * n  # 0.04


def test_audit_is_drawn_from_everyone_with_the_probability_on_record(decided):
    everyone = decided("select count(distinct person_id) from settlements")[0]
    drawn, probability = decided("""
        select count(distinct (seed, subject_id)), min(selection_probability) from labels
        where subject_type = 'patient' and selection_reason = 'random_audit'""")
    expected = len(SEEDS) * everyone * probability
    assert abs(drawn - expected) < 4 * expected**0.5
    bad = "count(*) filter (where (selection_reason = 'random_audit') <> (selection_probability is not null))"
    assert decided(f"select {bad} from labels") == (0,)
    both = """select count(*) from labels a join labels r using (seed, subject_type, subject_id)
        where a.selection_reason = 'random_audit' and r.selection_reason = 'ranked'"""
    assert decided(both) == (0,)


def test_nobody_is_decided_twice_for_one_scheme_save_on_appeal(decided):
    twice = """select count(*) from (select 1 from labels where supersedes_label_id is null and scheme_code is not null
        group by seed, subject_type, subject_id, scheme_code having count(*) > 1)"""
    assert decided(twice) == (0,)


def test_decisions_come_months_after_the_conduct_and_are_known_later(decided):
    assert decided("select count(*) from labels where known_date <= decided_date") == (0,)
    low, high = decided("""select min(decided_date - period_start_date), max(decided_date - period_start_date)
        from labels where supersedes_label_id is null""")
    assert 40 <= low < high < 200


def test_appeals_overturn_an_earlier_decision_on_the_same_subject(decided):
    n, wrong = decided("""
        select count(*), count(*) filter (where o.label_id is null or o.subject_id <> a.subject_id
            or a.decided_date <= o.decided_date or a.known_date <= o.known_date or a.decision = o.decision
            or o.decision not in ('confirmed_fraud', 'confirmed_abuse') or a.confirmed_amount > o.confirmed_amount)
        from labels a left join labels o on o.seed = a.seed and o.label_id = a.supersedes_label_id
        where a.supersedes_label_id is not null""")
    assert n > 0
    assert wrong == 0


def test_confirmed_schemes_are_those_planted_and_amounts_stay_below_them(decided):
    wrong = """
        select count(*) from labels l where scheme_code is not null and not exists (
            select 1 from (select provider_id as id, scheme_code from truth_providers union all
                select person_id, scheme_code from truth_patients union all
                select practitioner_id, scheme_code from truth_practitioners) t
            where t.id = l.subject_id and t.scheme_code = l.scheme_code)"""
    assert decided(wrong) == (0,)
    assert decided("select count(*) from labels where recovered_amount > confirmed_amount") == (0,)
    more = """
        select count(*) from labels l join (select provider_id as subject_id, scheme_code,
            sum(exposure_amount) planted from truth_lines join settlements using (settlement_id) group by all) p
        using (subject_id, scheme_code) where l.confirmed_amount > p.planted"""
    assert decided(more) == (0,)


def test_a_subject_of_several_schemes_has_a_decision_for_each_that_came_to_light(guilty):
    """A patient used by a second scheme: some of the many reviews end in two decisions, none in two alike."""
    truth = dict(guilty.city.truth)
    extra = truth["truth_patients"].set_column(1, "scheme_code", pa.array(["X1"] * truth["truth_patients"].num_rows))
    truth["truth_patients"] = pa.concat_tables([truth["truth_patients"], extra])
    both = replace(guilty.city, truth=truth)
    connection = duckdb.connect()
    connection.register("labels", make_labels(both, seed=3))
    found = connection.sql("""
        select max(n), max(n - d) from (select count(*) n, count(distinct scheme_code) d from labels
        where subject_type = 'patient' and scheme_code is not null and supersedes_label_id is null group by subject_id)
        """).fetchall()
    assert found == [(2, 0)]
