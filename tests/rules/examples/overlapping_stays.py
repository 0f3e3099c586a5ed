"""Two stays with nights in common, one night of transfer, and a transfer's day."""

from tests.rules.example import Example
from tests.rules.world import World


def two_stays(second_admitted, **second):
    # P1: 1 to 11 March. P2: from the given day to 15 March, one line of 100.00 a day, 60 % paid by the fund.
    first = [(f"2026-03-{day:02d}", "BED", 1, 100) for day in range(1, 11)]
    daily = [(f"2026-03-{day:02d}", "BED", 1, 100) for day in range(int(second_admitted[-2:]), 16)]
    return (
        World()
        .stay("S1", "2026-03-01", "2026-03-11", lines=first)
        .stay("S2", second_admitted, "2026-03-15", provider_id="P2", lines=daily, fund=60 * len(daily), **second)
    )


# From 8 to 11 March both stays last: three nights in common, the lines of 8, 9 and 10 March: 3 x 100.00.
EXAMPLES = {
    "hit": Example(
        two_stays("2026-03-08"), frozenset({("provider", "P2", 30000, 18000, 3), ("patient", "A", 30000, 18000, 3)})
    ),
    "near_miss": Example(two_stays("2026-03-10")),
    "innocent_twin": Example(two_stays("2026-03-08", referral_id="REF1")),
}
