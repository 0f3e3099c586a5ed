"""An item billed after a reminder that nobody answered, before it, and after one whose reason was accepted."""

from tests.rules.example import Example
from tests.rules.world import World


def reminded(reminder_time="2026-03-05 09:00:00", **reminder):
    # In scope 80.00 of 100.00; the fund paid 60.00 of the settlement's 80.00 in scope.
    world = World().bill(
        "S1",
        lines=[("2026-03-05 09:30:00", "I1", 1, 100, {"in_scope_amount": 80, "prescriber_id": "D1"})],
        settled="2026-03-05 18:00:00",
        in_scope_amount=80,
        fund=60,
        encounter_id="V1",
    )
    told = {
        "reminder_id": "J1", "detail_id": "J1-1", "reminder_time": reminder_time, "rule_id": "R1", "person_id": "A",
        "provider_id": "P1", "practitioner_id": "D1", "encounter_id": "V1", "item_code": "I1", "needs_feedback": True,
        "feedback": None, "feedback_time": None, "has_reason": None, "is_reason_accepted": None,
    }  # fmt: skip
    return world.add("reminders", **(told | reminder))


REASON = {"feedback": "continued", "has_reason": True, "is_reason_accepted": True}
EXAMPLES = {
    "hit": Example(reminded(), frozenset({("provider", "P1", 8000, 6000, 1), ("practitioner", "D1", 8000, 6000, 1)})),
    "near_miss": Example(reminded("2026-03-05 18:00:01")),
    "innocent_twin": Example(reminded(**REASON)),
}
