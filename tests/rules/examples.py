"""For each rule a hit, a near miss and an innocent twin, with the arithmetic of the exposure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.rules.world import World


@dataclass(frozen=True)
class Example:
    """Claims, the month to look at, and what must be said of whom.

    `expected` holds (subject type, subject, exposure, fund exposure in minor units, violating lines).
    """

    world: World
    expected: frozenset = field(default_factory=frozenset)
    month: str = "2026-03"


def duplicate(second_time="2026-03-05 09:30:00", **second_columns):
    # In scope 80.00 of 100.00 per line; the fund paid 120.00 of the settlement's 160.00 in scope.
    return World().bill(
        "S1",
        lines=[
            ("2026-03-05 09:30:00", "I1", 2, 100, {"in_scope_amount": 80, "body_site": "left"}),
            (second_time, "I1", 2, 100, {"in_scope_amount": 80, "body_site": "left"} | second_columns),
        ],
        in_scope_amount=160,
        fund=120,
    )


# 80.00 in scope of the later line; 80.00 x 120.00 / 160.00 = 60.00 of it the fund's.
DUPLICATE_LINE = {
    "hit": Example(duplicate(), frozenset({("provider", "P1", 8000, 6000, 1)})),
    "near_miss": Example(duplicate("2026-03-05 09:30:01")),
    "innocent_twin": Example(duplicate(body_site="right")),
}


def two_stays(second_admitted, **second):
    # P1: 1 to 11 March. P2: from the given day to 15 March, one line of 100.00 a day, 60 % paid by the fund.
    first_day = int(second_admitted[-2:])
    daily = [(f"2026-03-{day:02d}", "BED", 1, 100) for day in range(first_day, 16)]
    total = 100 * len(daily)
    return (
        World()
        .stay("S1", "2026-03-01", "2026-03-11", lines=[("2026-03-01", "BED", 1, 100), ("2026-03-02", "BED", 1, 100)])
        .stay("S2", second_admitted, "2026-03-15", provider_id="P2", lines=daily, fund=total * 6 // 10, **second)
    )


# From 8 to 11 March both stays last: three nights in common, the lines of 8, 9 and 10 March: 3 x 100.00.
OVERLAPPING_STAYS = {
    "hit": Example(
        two_stays("2026-03-08"), frozenset({("provider", "P2", 30000, 18000, 3), ("patient", "A", 30000, 18000, 3)})
    ),
    "near_miss": Example(two_stays("2026-03-10")),
    "innocent_twin": Example(two_stays("2026-03-11")),
}


def purchase(day, **line):
    # A stay from 10 to 20 March, and 50.00 spent at a pharmacy, 30.00 of it in scope and all of that paid.
    return (
        World()
        .stay("S1", "2026-03-10", "2026-03-20", lines=[("2026-03-10", "BED", 1, 900), ("2026-03-11", "BED", 1, 900)])
        .bill(
            "S2",
            provider_id="SHOP",
            encounter_type="pharmacy",
            lines=[(f"{day} 15:00:00", "DRUG", 1, 50, {"in_scope_amount": 30} | line)],
            in_scope_amount=30,
            fund=30,
        )
    )


CLAIM_DURING_STAY = {
    "hit": Example(
        purchase("2026-03-11"), frozenset({("provider", "SHOP", 3000, 3000, 1), ("patient", "A", 3000, 3000, 1)})
    ),
    "near_miss": Example(purchase("2026-03-20")),
    "innocent_twin": Example(
        purchase("2026-03-15").add("stay_leaves", settlement_id="S1", start_date="2026-03-14", end_date="2026-03-16")
    ),
}


def after_death(day, **columns):
    return (
        World()
        .bill("S1", lines=[(f"{day} 10:00:00", "I1", 1, 100)], fund=70, **columns)
        .add("persons", person_id="A", death_date="2026-03-10")
    )


# 100.00 two days after the death, 70 % of it paid by the fund.
SERVICE_AFTER_DEATH = {
    "hit": Example(
        after_death("2026-03-12"), frozenset({("provider", "P1", 10000, 7000, 1), ("patient", "A", 10000, 7000, 1)})
    ),
    "near_miss": Example(after_death("2026-03-11")),
    "innocent_twin": Example(after_death("2026-03-14", service_start_date="2026-03-01", service_end_date="2026-03-10")),
}


def long_day(sessions, *, is_team=False):
    # Sessions of 60 standard minutes, 100.00 each, one practitioner, half of it at each of two providers.
    world = World().add("ref_items", item_code="HOUR", standard_minutes=60.0)
    world.add("practitioners", practitioner_id="D1", is_team_identifier=is_team)
    for number in range(sessions):
        world.bill(
            f"S{number:02d}",
            provider_id="P1" if number < 12 else "P2",
            person_id=f"N{number:02d}",
            lines=[(f"2026-03-05 {number % 24:02d}:0{number // 24}:00", "HOUR", 1, 100, {"executor_id": "D1"})],
            fund=50,
        )
    return world


# 26 hours: the fee times 00:01 and 01:01 of the 25th and 26th session lie early in the day, so in time order the
# last two hours of the day (22:00 and 23:00, at P2) pass 24 x 60 = 1,440 minutes: 2 x 100.00, half of it the fund's.
PRACTITIONER_DAY = {
    "hit": Example(
        long_day(26), frozenset({("provider", "P2", 20000, 10000, 2), ("practitioner", "D1", 20000, 10000, 2)})
    ),
    "near_miss": Example(long_day(24)),
    "innocent_twin": Example(long_day(26, is_team=True)),
}

EXAMPLES = {
    "duplicate_line": DUPLICATE_LINE,
    "overlapping_stays": OVERLAPPING_STAYS,
    "claim_during_stay": CLAIM_DURING_STAY,
    "service_after_death": SERVICE_AFTER_DEATH,
    "practitioner_day": PRACTITIONER_DAY,
}
