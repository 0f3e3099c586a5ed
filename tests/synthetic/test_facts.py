"""The figures of a city, each worked out by hand on a city of two persons and seven bills."""

import duckdb
import pytest

from experiments.synthetic import make_city, write_city
from experiments.synthetic.facts import describe
from features.errors import InputError

# id, person, provider, kind, settled, admitted, left, planned, total, fund, care region, reversal of
BILLS = """
    ('a', 'p1', 'h', 'inpatient', '2026-01-10', '2026-01-02', '2026-01-10', false, 800, 600, '4299', null),
    ('b', 'p1', 'h', 'inpatient', '2026-01-25', '2026-01-20', '2026-01-25', false, 500, 300, '4299', null),
    ('c', 'p1', 'h', 'inpatient', '2026-02-20', '2026-02-19', '2026-02-20', true, 200, 100, '4201', null),
    ('d', 'p2', 'c', 'outpatient', '2026-01-05', null, null, false, 100, 20, '4299', null),
    ('e', 'p2', 's', 'pharmacy', '2026-01-06', null, null, false, 100, 0, '4299', null),
    ('f', 'p2', 's', 'pharmacy', '2026-02-07', null, null, false, 300, 0, '4299', null),
    ('g', 'p2', 's', 'pharmacy', '2026-02-07', null, null, false, -300, 0, '4299', 'f')"""


@pytest.fixture
def by_hand(tmp_path):
    folder = tmp_path / "city"
    for name in ("settlements", "claim_lines"):
        (folder / name / "month=2026-01").mkdir(parents=True)
    connection = duckdb.connect()
    connection.execute(f"""
        copy (select col0 as settlement_id, col1 as person_id, col2 as provider_id, col3 as encounter_type,
            col4::timestamp as settle_time, col5::timestamp as admit_time, col6::timestamp as discharge_time,
            col7 as is_planned_readmission, col8::decimal(16,2) as total_amount,
            col9::decimal(16,2) as fund_paid_amount, '429901' as insured_region_code,
            col10 || '00' as care_region_code, col11 as original_settlement_id,
            col11 is not null as is_reversal
        from (values {BILLS})) to '{folder}/settlements/month=2026-01/part-0.parquet'""")
    connection.execute(f"""
        copy (select unnest(['a', 'a', 'a', 'b', 'b', 'c', 'd', 'd', 'e', 'f', 'g']) as settlement_id)
        to '{folder}/claim_lines/month=2026-01/part-0.parquet'""")
    connection.execute(f"""
        copy (from (values ('h', 'hospital'), ('c', 'clinic'), ('s', 'retail_pharmacy')) t(provider_id, provider_type))
        to '{folder}/providers.parquet'""")
    connection.execute(f"copy (select unnest(['p1', 'p2']) as person_id) to '{folder}/persons.parquet'")
    return describe(folder)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("settlements_per_person_month", 5 / 2 / 2),  # a–e: f is reversed by g
        ("inpatient_lines_mean", (3 + 2 + 1) / 3),
        ("outpatient_lines_mean", 2),
        ("inpatient_bill_amount_mean", 500),
        ("inpatient_row_share", 3 / 5),
        ("inpatient_amount_share", 1_500 / 1_700),
        ("pharmacy_row_share", 1 / 5),
        ("dearest_10_percent_amount_share", None),  # no bill ranks among the dearest tenth of five
        ("admissions_per_person_year", 3 / 2 / (2 / 12)),
        ("nights_mean", (8 + 5 + 1) / 3),
        ("one_night_share", 1 / 3),
        ("returned_unplanned_15d_share", 1 / 3),  # b ten days after a; c was planned
        ("returned_30d_share", 2 / 3),
        ("planned_stay_share", 1 / 3),
        ("fund_share", 1_020 / 1_700),
        ("outside_row_share", 1 / 5),
        ("outside_amount_share", 200 / 1_700),
        # 100, 100, 200, 500, 800 with weights -4, -2, 0, 2, 4
        ("bill_amount_gini", (-400 - 200 + 1_000 + 3_200) / (5 * 1_700)),
        ("bill_amount_tail_index", 2 / 0.4700036292457356),  # of 800 over 500: 1 / mean(ln 1.6, ln 1)
    ],
)
def test_figure(by_hand, figure, expected):
    assert by_hand.get(figure) == (None if expected is None else pytest.approx(expected))


def test_invented_city_has_every_figure_and_those_are_plausible(tmp_path):
    write_city(make_city(2_000, 60, 3, "2026-01", 5, schemes="none"), tmp_path / "city")
    figures = describe(tmp_path / "city")
    assert 0.3 < figures["settlements_per_person_month"] < 1
    assert 0.4 < figures["inpatient_amount_share"] < 0.85
    assert 0.12 < figures["admissions_per_person_year"] < 0.35
    assert figures["dearest_1_percent_amount_share"] < figures["dearest_10_percent_amount_share"] < 1
    assert 0.6 < figures["bill_amount_gini"] < 0.95


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a written city"):
        describe(tmp_path)
