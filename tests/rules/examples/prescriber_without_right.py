"""A drug ordered without the right to prescribe, with it, and countersigned by one who has it."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PRACTITIONER, PROVIDER, one_line


def ordered(*, can_prescribe=False, signed_by="D1"):
    world = one_line(line=DRUG | {"prescriber_id": "D1", "prescription_id": "X1"})
    world.add("practitioners", practitioner_id="D1", can_prescribe=can_prescribe, is_team_identifier=False)
    world.add("practitioners", practitioner_id="D2", can_prescribe=True, is_team_identifier=False)
    return world.add(
        "prescriptions", prescription_id="X1", person_id="A", issuing_provider_id="P1", prescriber_id=signed_by,
        issue_time="2026-03-05 09:00:00",
    )  # fmt: skip


EXAMPLES = {
    "hit": Example(ordered(), frozenset({PROVIDER, PRACTITIONER})),
    "near_miss": Example(ordered(can_prescribe=True)),
    "innocent_twin": Example(ordered(signed_by="D2")),
}
