"""A tertiary price of 50.00 against a ceiling of 40.00, at the ceiling, and days after it fell."""

from tests.rules.example import Example
from tests.rules.one_line import one_line


def priced(unit_price, *, since="2020-01-01"):
    item = {f"price_ceiling_{level}_amount": ceiling for level, ceiling in (("tertiary", 40), ("secondary", 30))}
    line = {"unit_price": unit_price, "charge_category": "treatment"}
    return one_line(
        quantity=2, amount=2 * unit_price, line=line, fund=unit_price, provider={"provider_level": "tertiary"},
        item={**item, "units_per_pack": 1, "valid_from_date": since},
    )  # fmt: skip


# 100.00 x (50 - 40) / 50 = 20.00 above the ceiling, half of it the fund's.
EXAMPLES = {
    "hit": Example(priced(50), frozenset({("provider", "P1", 2000, 1000, 1)})),
    "near_miss": Example(priced(40)),
    "innocent_twin": Example(priced(50, since="2026-03-01")),
}
