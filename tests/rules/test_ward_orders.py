"""What was ordered before a doctor lay in hospital says nothing of the doctor: on wards, and on prescriptions."""

import pytest

from tests.rules.world import World

DRIP = {"charge_category": "western_drug", "item_type": "western_drug", "prescriber_id": "D1", "executor_id": "D9"}
ROUND = {"charge_category": "consultation", "prescriber_id": "D1", "executor_id": "D1"}
# Where it is not told who is a team, nothing is definite.
DOCTOR = {"practitioner_id": "D1", "person_id": "D", "is_team_identifier": False}


def ward(admitted, attending="D1", line=DRIP):
    # The doctor D1, insured as D, lies at P2 from 1 to 11 March; what is asked about is billed on the seventh.
    lying = [("2026-03-01", "BED", 1, 9)]
    world = World().stay("S1", "2026-03-01", "2026-03-11", person_id="D", provider_id="P2", lines=lying)
    lines = [(f"{admitted} 09:00:00", "BED", 1, 10), ("2026-03-07 09:00:00", "DRIP", 1, 50, line)]
    world.stay("S2", admitted, "2026-03-14", lines=lines, attending_practitioner_id=attending)
    return world.add("practitioners", **DOCTOR)


@pytest.mark.parametrize(
    ("world", "is_found"),
    [
        (ward("2026-03-05"), True),
        (ward("2026-03-05", line=ROUND), True),
        (ward("2026-03-01"), False),
        (ward("2026-02-25"), False),
        (ward("2026-02-25", line=ROUND), False),
        (ward("2026-03-05", attending="D2"), False),
    ],
    ids=["meanwhile", "round", "same_day", "before", "round_before", "of_another"],
)
def test_orders_of_patients_admitted_meanwhile_count(found, world, is_found):
    assert (("practitioner", "D1") in found(world, "practitioner_in_hospital")[0]) is is_found


@pytest.mark.parametrize(
    ("line", "result"), [(ROUND, "suspicious"), (ROUND | {"charge_category": "treatment"}, "definite")]
)
def test_an_order_on_the_ward_is_never_certain_what_was_done_there_is(found, line, result):
    world = ward("2026-03-10", line=line)
    world.lines[-1]["fee_time"] = "2026-03-12 09:00:00"
    world.add("persons", person_id="D", death_date="2026-03-05")
    _, run = found(world, "practitioner_after_death")
    assert set(run.findings.findings["result_type"]) == {result}


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("pharmacy", "suspicious"),
        ("special_drug", "suspicious"),
        ("chronic_outpatient", "suspicious"),
        ("outpatient", "definite"),
    ],
)
def test_what_fills_a_prescription_not_known_is_certain_at_visits_only(found, kind, result):
    drug = {"prescriber_id": "D1", "executor_id": None, "item_type": "western_drug"}
    world = World().bill("S1", encounter_type=kind, lines=[("2026-03-10 10:00:00", "PILL", 1, 50, drug)])
    world.add("persons", person_id="D", death_date="2026-03-04").add("practitioners", **DOCTOR)
    _, run = found(world, "practitioner_after_death")
    assert set(run.findings.findings["result_type"]) == {result}


@pytest.mark.parametrize(("issued", "is_found"), [("2026-02-28", False), ("2026-03-01", False), ("2026-03-02", True)])
def test_a_prescription_was_ordered_when_it_was_issued(found, issued, is_found):
    world = ward("2026-02-25").bill("BEFORE", person_id="X", lines=[("2026-02-20 10:00:00", "TALK", 1, 5)])
    fill = DRIP | {"executor_id": None, "prescription_id": "R1"}
    lines = [("2026-03-05 10:00:00", "PILL", 1, 50, fill)]
    world.bill("S3", encounter_type="pharmacy", provider_id="P3", lines=lines)
    rx = {"person_id": "A", "issuing_provider_id": "P1", "prescriber_id": "D1", "dispense_settlement_id": "S3"}
    world.add("prescriptions", prescription_id="R1", issue_time=f"{issued} 10:00:00", **rx)
    assert (("practitioner", "D1") in found(world, "practitioner_in_hospital")[0]) is is_found


NURSED = {"charge_category": "nursing"}


@pytest.mark.parametrize(
    ("day", "is_found"),
    [("04", True), pytest.param("05", False, id="a bed and no care"), pytest.param("07", False, id="posted late")],
)
def test_a_doctor_is_away_on_days_on_which_the_own_ward_did_something(found, day, is_found):
    # The doctor's bed is billed to the fifth, nursing to the fourth, and the discharge is dated the eleventh.
    lying = [(f"2026-03-{each:02d}", "NURSE", 1, 9, NURSED) for each in range(1, 5)]
    world = World().stay(
        "S1", "2026-03-01", "2026-03-11", person_id="D", provider_id="P2",
        lines=[*lying, ("2026-03-05", "BED", 1, 9, {"charge_category": "bed"})],
    )  # fmt: skip
    work = {"charge_category": "treatment", "executor_id": "D1"}
    world.bill("S2", lines=[(f"2026-03-{day} 10:00:00", "NEEDLE", 1, 50, work)]).add("practitioners", **DOCTOR)
    assert (("practitioner", "D1") in found(world, "practitioner_in_hospital")[0]) is is_found
