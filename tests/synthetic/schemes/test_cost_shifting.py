"""H23: drugs leave the bill of the stay; the day hospital leaves them there."""

import pytest


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H23:medium")


def test_ward_drugs_stand_on_bills_around_the_stay(asked):
    """Every guilty bill has ward drugs only, within seven days before or after a stay of the same person."""
    n, near, drugs = asked.one("""
        select count(*), count(*) filter (where exists (select 1 from settlements s where s.person_id = g.person_id
            and s.admit_time is not null and (date_diff('day', s.discharge_time, g.settle_time) between 0 and 8
            or date_diff('day', g.settle_time, s.admit_time) between 0 and 8))),
            count(*) filter (where not exists (select 1 from claim_lines l where l.settlement_id = g.settlement_id
            and l.item_type not in ('western_drug', 'chinese_patent_drug')))
        from settlements g where settlement_id in (select settlement_id from truth_lines)""")
    assert n >= 15
    assert near == n
    assert drugs == n


def test_what_is_added_outside_is_missing_inside(asked, planted):
    """Quantities of ward drugs per person are those of the honest city: nothing was given twice."""
    honest = planted("none")
    given = """select person_id, item_code, sum(quantity) from claim_lines join settlements using (settlement_id)
        where person_id in ({persons}) and is_discharge_medication = false group by all order by all"""
    persons = ", ".join(f"'{p}'" for (p,) in asked.rows("select person_id from truth_patients order by 1"))
    assert asked.rows(given.format(persons=persons)) == honest.rows(given.format(persons=persons))


def test_no_bill_outside_names_a_drug_twice(asked):
    assert not asked.rows("""select settlement_id, item_code from claim_lines
        where settlement_id in (select settlement_id from truth_lines) group by all having count(*) > 1""")


def test_hospitals_keep_most_drugs_inside(asked):
    inside, outside = asked.one("""
        select sum(l.amount) filter (where s.admit_time is not null), sum(l.amount) filter (where s.settlement_id in
        (select settlement_id from truth_lines)) from claim_lines l join settlements s using (settlement_id)
        where l.item_type = 'western_drug' and s.provider_id in (select provider_id from truth_providers)""")
    assert 0 < 3 * outside < inside


def test_day_hospital_bills_treatments_not_drugs(asked):
    drugs = asked.one("""
        select count(*) from claim_lines join settlements s using (settlement_id) where item_type = 'western_drug'
        and s.provider_id in (select subject_id from truth_twins) and item_code in (select item_code from claim_lines
        where settlement_id in (select settlement_id from truth_lines)) and s.encounter_type = 'outpatient'
        and not is_reversal""")
    treated = asked.one("""
        select count(distinct settlement_id) from claim_lines join settlements s using (settlement_id)
        where item_name = '静脉输液' and s.encounter_type = 'outpatient' and s.provider_id in
        (select subject_id from truth_twins)""")
    assert treated >= 3
    assert drugs <= treated  # what its clinics give on a drip anyway


@pytest.mark.slow
def test_hospitals_by_size(planted):
    """One, two, four hospitals, where the city has them."""
    counts = [planted(f"H23:{s}").one("select count(*) from truth_providers") for s in ("small", "medium", "large")]
    assert counts == [1, 2, 4]
