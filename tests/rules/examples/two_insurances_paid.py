"""Care that two insurances paid to 130 percent, to the full, and two visits with invoices of their own."""

from tests.rules.example import Example
from tests.rules.world import World


def paid(second, invoices=("N1", "N1")):
    # A bill of 100.00, of which the first insurance paid 70.00.
    world = World()
    for number, (insurance, fund) in enumerate((("employee", 70), ("resident", second))):
        lines = [("2026-03-10 09:00:00", "I", 1, 100)]
        columns = {"insurance_type": insurance, "invoice_number": invoices[number]}
        world.bill(f"S{number}", lines=lines, fund=fund, settled=f"2026-03-1{number} 12:00:00", **columns)
    return world


# 70.00 + 60.00 are 30.00 too much, half of the second payment: half of 100.00, and of it 60 % the fund's.
EXAMPLES = {
    "hit": Example(paid(60), frozenset({("provider", "P1", 5000, 3000, 1), ("patient", "A", 5000, 3000, 1)})),
    "near_miss": Example(paid(30)),
    "innocent_twin": Example(paid(60, invoices=("N1", "N2"))),
}
