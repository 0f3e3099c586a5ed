"""What an example of a rule is."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.rules.world import World

KINDS = ("hit", "near_miss", "innocent_twin")


@dataclass(frozen=True)
class Example:
    """Claims, the month to look at, and what must be said of whom.

    `expected` holds (subject type, subject, exposure, fund exposure in minor units, violating lines).
    `is_found_among_others` is false where peers decide, and the examples of other rules are peers too.
    """

    world: World
    expected: frozenset = field(default_factory=frozenset)
    month: str = "2026-03"
    is_found_among_others: bool = True
