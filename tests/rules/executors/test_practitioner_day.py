"""Minutes of a day: whose they are, which lines pass the limit, by how much."""

import pytest

from fraud.settings import RuleSettings
from tests.rules.examples.long_practitioner_day import days
from tests.rules.examples.practitioner_day import long_day
from tests.rules.world import World

RULE = "practitioner_day"


def ten_hours(**line):
    # one line of 10 units x 150 standard minutes = 1,500 minutes, 1,000.00
    world = World().add("ref_items", item_code="LONG", standard_minutes=150.0)
    return world.bill("S1", lines=[("2026-03-05 08:00:00", "LONG", 10, 1000, line)], attending_practitioner_id="D9")


def test_the_line_that_crosses_the_limit_violates_by_its_excess(found):
    # 1,500 - 1,440 = 60 minutes beyond; 1,000.00 x 60 / 1,500 = 40.00
    said, result = found(ten_hours(executor_id="D1", prescriber_id="D2"), RULE)
    assert said == {("provider", "P1"): (4000, 1), ("practitioner", "D1"): (4000, 1)}
    assert "the fullest day holds 1,500 standard minutes" in result.findings.findings["reason_en"].iloc[0]


def test_services_belong_to_who_ordered_them_where_nobody_executed(found):
    assert ("practitioner", "D2") in found(ten_hours(prescriber_id="D2"), RULE)[0]


def test_services_belong_to_who_attended_where_nobody_ordered(found):
    assert ("practitioner", "D9") in found(ten_hours(), RULE)[0]


def test_the_limit_is_a_setting(found):
    # 1,500 - 1,200 = 300 minutes beyond; 1,000.00 x 300 / 1,500 = 200.00
    settings = RuleSettings(practitioner_minutes_per_day=1200)
    assert found(ten_hours(), RULE, settings=settings)[0][("practitioner", "D9")] == (20000, 1)


def test_lines_of_several_days_posted_on_one_are_left_in_peace(found):
    world = ten_hours()
    world.settlements[0] |= {"service_start_date": "2026-03-01"}
    assert found(world, RULE)[0] == {}


def test_the_version_in_force_on_the_day_counts(found):
    world = ten_hours()
    world.more["ref_items"] = [
        {
            "item_code": "LONG",
            "standard_minutes": 150.0,
            "valid_from_date": "2020-01-01",
            "valid_to_date": "2026-01-31",
        },
        {"item_code": "LONG", "standard_minutes": 100.0, "valid_from_date": "2026-02-01", "valid_to_date": None},
    ]
    # 10 x 100 = 1,000 minutes since February
    assert found(world, RULE)[0] == {}


def test_a_version_without_minutes_ends_the_one_before(found):
    world = ten_hours()
    world.more["ref_items"] = [
        {"item_code": "LONG", "standard_minutes": 150.0, "valid_from_date": "2020-01-01"},
        {"item_code": "LONG", "standard_minutes": None, "valid_from_date": "2026-02-01"},
    ]
    assert found(world, RULE)[0] == {}


def test_lines_already_settled_come_first_and_only_the_month_violates(found):
    # 26 hours of 5 March; the last two to be settled, at 00:01 and 01:01, are settled in April
    world = long_day(26)
    for late in world.settlements[24:]:
        late["settle_time"] = "2026-04-02 10:00:00"
    said, result = found(world, RULE, "2026-04")
    assert said[("practitioner", "D1")] == (20000, 2)
    violating = result.findings.lines[result.findings.lines["role"] == "violating"]
    assert sorted(set(violating["settlement_id"])) == ["S24", "S25"]
    # the other 24 lines of that day are the evidence
    practitioner = result.findings.findings.query("subject_type == 'practitioner'")["finding_id"].iloc[0]
    assert (result.findings.lines["finding_id"] == practitioner).sum() == 26


def test_the_fewest_lines_that_cannot_have_been_done_violate(found):
    # 30 visits of 10 minutes after two courses of 600: 1,500 - 1,440 = 60 minutes beyond. A course violates by them,
    # 600.00 x 60 / 600 = 60.00, and no visit does, though all were given later.
    world = World().add("ref_items", item_code="LONG", standard_minutes=150.0)
    world.add("ref_items", item_code="VISIT", standard_minutes=10.0)
    own = {"executor_id": "D1"}
    lines = [(f"2026-03-05 0{hour}:00:00", "LONG", 4, 600, own) for hour in (7, 8)]
    lines += [(f"2026-03-05 10:{minute}:00", "VISIT", 1, 10, own) for minute in range(10, 40)]
    said, result = found(world.bill("S1", lines=lines), RULE)
    assert said[("practitioner", "D1")] == (6000, 1)
    named = result.findings.lines.query("role == 'violating'")
    assert set(named["line_number"]) == {2}


def result_types(result):
    return set(result.findings.findings["result_type"])


OWN = {"executor_id": "D1", "charge_category": "treatment"}


@pytest.mark.parametrize(
    ("columns", "expected"), [({}, "definite"), ({"executor_id": None, "prescriber_id": "D1"}, "suspicious")]
)
def test_what_was_only_ordered_is_never_certain(found, columns, expected):
    world = ten_hours(**(OWN | columns)).add("practitioners", practitioner_id="D1", is_team_identifier=False)
    # somebody else's line, so that the claims know who executes
    world.bill("S2", lines=[("2026-03-05 09:00:00", "OTHER", 1, 10, OWN | {"executor_id": "D7"})])
    assert result_types(found(world, RULE)[1]) == {expected}


@pytest.mark.parametrize(("kind", "category"), [("inpatient", "treatment"), ("outpatient", "laboratory")])
def test_care_that_assistants_do_under_one_name_is_left_in_peace(found, kind, category):
    world = ten_hours(**(OWN | {"charge_category": category}))
    world.settlements[0] |= {"encounter_type": kind}
    assert found(world, RULE)[0] == {}


def test_a_long_day_puts_fees_on_the_same_bills_in_question_but_no_goods(found):
    world = days(25)
    last = world.lines[-1]
    seen = {"executor_id": None, "prescriber_id": "D1", "charge_category": "consultation"}
    drug = seen | {"item_type": "western_drug", "charge_category": "western_drug"}
    others = {"executor_id": "E1", "charge_category": "treatment"}
    for number, more in enumerate((seen, drug, others), start=26):
        world.lines.append(last | {"line_number": number, "item_code": f"OTHER{number}", "amount": 5} | more)
    world.settlements[-1]["total_amount"] += 15
    # 25 hours of 100.00 and the fee of 5.00
    assert found(world, "long_practitioner_day")[0][("practitioner", "D1")] == (250500, 26)


def test_own_work_passes_the_limit_by_its_own_minutes(found):
    # 800 minutes only ordered, settled before; then 1,500 of the practitioner's own: 60 beyond, 1,000.00 x 60 / 1,500
    world = ten_hours(executor_id="D1")
    world.add("ref_items", item_code="ASKED", standard_minutes=800.0)
    world.bill("S2", lines=[("2026-03-05 08:00:00", "ASKED", 1, 90, {"prescriber_id": "D1"})])
    world.settlements[0]["settle_time"] = "2026-04-05 18:00:00"
    assert found(world, RULE, "2026-04")[0][("practitioner", "D1")] == (4000, 1)
