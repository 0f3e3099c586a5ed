"""Minutes of a day: whose they are, which lines pass the limit, by how much."""

from fraud.settings import RuleSettings
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
