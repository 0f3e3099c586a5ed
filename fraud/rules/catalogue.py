"""All rules, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.errors import InputError
from fraud.rules.library.claim_during_stay import CLAIM_DURING_STAY
from fraud.rules.library.duplicate_line import DUPLICATE_LINE
from fraud.rules.library.overlapping_stays import OVERLAPPING_STAYS
from fraud.rules.library.practitioner_day import PRACTITIONER_DAY
from fraud.rules.library.service_after_death import SERVICE_AFTER_DEATH

if TYPE_CHECKING:
    from fraud.rules.declare import Rule

RULES: tuple[Rule, ...] = (
    DUPLICATE_LINE,
    OVERLAPPING_STAYS,
    CLAIM_DURING_STAY,
    SERVICE_AFTER_DEATH,
    PRACTITIONER_DAY,
)


def find_rule(code: str) -> Rule:
    """Return the rule of that code, or refuse the name with the nearest that is one."""
    known = {rule.code: rule for rule in RULES}
    if code not in known:
        raise InputError.unknown_name("rule", "in the catalogue", code, known)
    return known[code]
