"""A shop's price of 25.00 against a ceiling of 20.00, at it, and a pack's where the ceiling is that of a tablet."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, one_line


def priced(unit_price, *, units_per_pack=1):
    item = {"price_ceiling_pharmacy_amount": 20, "units_per_pack": units_per_pack}
    return one_line(
        quantity=4, amount=4 * unit_price, line=DRUG | {"unit_price": unit_price}, fund=2 * unit_price, item=item,
        provider={"provider_type": "retail_pharmacy"},
    )  # fmt: skip


# 100.00 x (25 - 20) / 25 = 20.00 above the ceiling, half of it the fund's.
EXAMPLES = {
    "hit": Example(priced(25, units_per_pack=24), frozenset({("provider", "P1", 2000, 1000, 1)})),
    "near_miss": Example(priced(20)),
    "innocent_twin": Example(priced(400, units_per_pack=24)),
}
