"""H21: coded complications without care; the look-alike codes what it treats."""

import pytest

from experiments.synthetic.care.drg import CC_CODES, MCC_CODES
from experiments.synthetic.care.illness_tests import COMPLICATION_TESTS

CODES = str((*CC_CODES, *MCC_CODES))
CARE = "('吸氧', '心电监护', '电解质测定', 'C反应蛋白测定')"


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H21:large", persons=14_000, providers=90, months=4)


def test_guilty_stays_are_called_sicker_than_they_were(asked, planted):
    """Each guilty stay has the lines it had, but another main diagnosis or a complication that it had not."""
    honest = planted("none", persons=14_000, providers=90, months=4)
    guilty = dict(
        asked.rows("select settlement_id, group_code from truth_lines join drg_assignments using (settlement_id)")
    )
    before = dict(honest.rows("select settlement_id, group_code from drg_assignments"))
    assert len(guilty) >= 3
    assert all(before[stay] != group for stay, group in guilty.items())
    weights = "select settlement_id, weight from drg_assignments"
    now, then = dict(asked.rows(weights)), dict(honest.rows(weights))
    assert all(now[stay] > then[stay] for stay in guilty)
    exposed = dict(
        asked.rows("""select settlement_id, round(exposure_amount / in_scope_amount, 3)::double from truth_lines
        join settlements using (settlement_id) where in_scope_amount > 0""")
    )
    assert exposed == {s: pytest.approx((now[s] - then[s]) / now[s], abs=0.001) for s in exposed}
    count = "select settlement_id, count(*), sum(amount) from claim_lines group by 1"
    mine, theirs = ({s: (n, a) for s, n, a in city.rows(count)} for city in (asked, honest))
    assert all(mine[stay] == theirs[stay] for stay in guilty)


def test_most_of_the_hospitals_cases_stay_as_they_were(asked):
    """Large is 12 % of the cases of the scheme's months, give or take a fifth."""
    share = asked.one("""select avg((settlement_id in (select settlement_id from truth_lines))::int) from settlements
        where admit_time is not null and provider_id in (select provider_id from truth_providers)""")
    assert 0.01 < share < 0.16


def test_look_alike_treats_what_it_codes(asked):
    """Of the twin's stays with a complication, nearly all were watched, given oxygen, or tested for it."""
    n, treated = asked.one(f"""
        with coded as (select distinct settlement_id from diagnoses join settlements using (settlement_id)
            where diagnosis_code in {CODES} and provider_id in (select subject_id from truth_twins))
        select count(*), count(*) filter (where exists (select 1 from claim_lines l
            where l.settlement_id = coded.settlement_id and l.item_name in {CARE})) from coded""")
    assert n >= 5
    assert treated == n


def test_honest_complications_have_their_test(planted):
    """No honest stay is paid for a complication that nobody tested for; the tests are rare elsewhere."""
    city = planted("none", persons=14_000, providers=90, months=4)
    rows = city.rows(f"""
        with tested as (select distinct settlement_id, item_name from claim_lines)
        select diagnosis_code, count(distinct d.settlement_id), count(distinct t.settlement_id)
        from diagnoses d join settlements using (settlement_id)
        left join tested t on t.settlement_id = d.settlement_id
            and t.item_name = map {COMPLICATION_TESTS}[diagnosis_code]
        where diagnosis_code in {CODES} and not is_reversal group by 1""")
    assert len(rows) == len(COMPLICATION_TESTS)
    assert all(n == tested > 0 for _, n, tested in rows)


@pytest.mark.slow
def test_shares_grow_with_the_size(planted):
    cases = [
        planted(f"H21:{size}", persons=14_000, providers=90, months=4).one("select count(*) from truth_lines")
        for size in ("small", "medium", "large")
    ]
    assert cases == sorted(cases)
    assert cases[0] < cases[2]
