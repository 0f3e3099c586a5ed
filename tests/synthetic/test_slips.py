"""Honest slips: a few of each kind, each what it is said to be, and on the same bills whatever is planted elsewhere."""

import pytest

KINDS = {
    *("double_upload", "double_upload_reversed", "wrong_quantity", "wrong_quantity_reversed", "wrong_date"),
    *("missing_diagnosis", "wrong_doctor", "wrong_sex", "wrong_birth_year", "posted_after_death", "late_discharge"),
}
# Slips of a kind that do not show what the kind says.
UNLIKE = {
    "double_upload": """not exists (select 1 from settlements o where o.encounter_id = s.encounter_id
        and o.settlement_id <> s.settlement_id and o.total_amount = s.total_amount
        and o.settle_time < s.settle_time)""",
    "double_upload_reversed": """not exists (select 1 from settlements r
        where r.original_settlement_id = s.settlement_id and r.is_reversal)""",
    "missing_diagnosis": "exists (select 1 from diagnoses d where d.settlement_id = s.settlement_id)",
    "wrong_doctor": """(select provider_id from practitioners where practitioner_id = s.attending_practitioner_id)
        = s.provider_id""",
    "posted_after_death": """s.service_start_date <= (select death_date from persons p
        where p.person_id = s.person_id)""",
    "wrong_date": """not exists (select 1 from claim_lines l where l.settlement_id = s.settlement_id
        and l.line_number = t.line_number and l.fee_time::date < s.service_start_date - 20)""",
}


def test_every_kind_occurs_and_none_often(honest):
    assert {kind for (kind,) in honest.rows("select distinct kind from truth_slips")} <= KINDS
    assert honest.one("select count(distinct kind) from truth_slips") >= 6
    share = honest.one("select (select count(distinct settlement_id) from truth_slips) / count(*) from settlements")
    assert 0 < share < 0.01


@pytest.mark.parametrize("kind", sorted(UNLIKE))
def test_a_slip_is_what_it_is_said_to_be(honest, kind):
    assert (
        honest.one(f"""
        select count(*) from truth_slips t join settlements s using (settlement_id)
        where t.kind = '{kind}' and ({UNLIKE[kind]})""")
        == 0
    )


def test_slips_meet_no_guilty_bill(guilty):
    assert guilty.one("select count(*) from truth_slips join truth_lines using (settlement_id)") == 0
