"""Quick pairs without scans at a shop that scans otherwise: two days of them say what five pairs say elsewhere."""

import pytest

from tests.rules.world import World

CODE = "equal_payments"
BOX = {"item_type": "western_drug"}


class Shop:
    """Twenty boxes sold to people whom the fund pays for, and what is added to them, in March."""

    def __init__(self, *, others=20, bare=0):
        self.world = World().add("providers", provider_id="SHOP", provider_type="retail_pharmacy")
        self.n = 0
        for number in range(others):
            self.sell(f"2026-03-01 09:{number:02d}:00", f"O{number}", account=0, is_scanned=number < others - bare)

    def sell(self, at, person, *, account=30, item="PILL", packs=1, is_scanned=False):
        """Sell packs for 30.00 in all, of which the account pays so much."""
        self.n += 1
        bill, paid = f"S{self.n:03d}", {"fund": 30 - account, "account_paid_amount": account}
        own = {"provider_id": "SHOP", "encounter_type": "pharmacy", "invoice_number": bill, "person_id": person}
        self.world.bill(bill, settled=at, lines=[(at, item, packs, 30, BOX)], **own, **paid)
        if is_scanned:
            scan = {"trace_code": f"8{self.n * 7_919 + 12_345_678_901:019d}", "event_time": at, "event_type": "sale"}
            self.world.add("trace_events", provider_id="SHOP", item_code=item, settlement_id=bill, **scan)

    def pair(self, day, person, **own):
        """Sell twice, ten seconds apart."""
        for second in (0, 10):
            self.sell(f"2026-03-{day:02d} 10:00:{second:02d}", person, **own)


def shop(*days, item="PILL", scanned_pairs=0, **own):
    made = Shop(**own)
    for number, day in enumerate(days):
        made.pair(day, f"A{number}", item=item)
    for number in range(scanned_pairs):
        made.pair(2 + number, f"G{number}", is_scanned=True)
    return made


# A bill is 30.00.
@pytest.mark.parametrize(
    ("made", "bills"),
    [
        pytest.param(shop(5, 6), 4, id="on two days"),
        pytest.param(shop(5, 5), 0, id="on one day: the scanner failed for a moment"),
        pytest.param(shop(5, 6, others=19), 0, id="nineteen others say too little"),
        pytest.param(shop(5, 6, bare=2), 4, id="chance leaves out two of twenty, so one in ten of the pairs"),
        pytest.param(shop(5, 6, bare=3), 0, id="three of twenty: more than one in ten"),
        pytest.param(shop(5, 6, item="WEIGHED"), 0, id="nobody scans what has no code"),
        # Of 24 bills paid again one in twenty would be 1.2, which is more than a tenth of four.
        pytest.param(shop(5, 6, bare=1, scanned_pairs=10), 0, id="a promotion whose packs are scanned"),
        pytest.param(shop(5, 6, bare=1, scanned_pairs=2), 4, id="few pairs that are scanned"),
    ],
)
def test_pairs_on_two_days_speak_where_the_shop_scans_otherwise(found, bills, made):
    assert found(made.world, CODE)[0].get(("provider", "SHOP")) == ((bills * 3000, bills) if bills else None)


def test_before_its_first_scan_a_shop_had_no_scanner(found):
    made = shop(25, 26)
    # The first box is scanned on the day after the first pair.
    for row in (*made.world.lines, *made.world.settlements, *made.world.more["trace_events"]):
        for name, value in row.items():
            if isinstance(value, str) and value.startswith("2026-03-01"):
                row[name] = "2026-03-26" + value[10:]
    assert found(made.world, CODE)[0] == {}


@pytest.mark.parametrize(
    ("own", "is_named"),
    [
        ({"packs": 2}, True),
        ({"packs": 1}, False),
        ({"packs": 2, "account": 20}, False),
        ({"packs": 2, "is_scanned": True}, False),
        ({"packs": 2, "item": "WEIGHED"}, False),
    ],
)
def test_packs_of_one_drug_from_the_account_alone_are_named_beside_pairs(found, own, is_named):
    made = shop(5, 6)
    made.sell("2026-03-20 15:00:00", "B", **own)
    assert found(made.world, CODE)[0][("provider", "SHOP")] == ((15000, 5) if is_named else (12000, 4))


def test_packs_that_chance_leaves_unscanned_are_not_named(found):
    # Of eleven one in twenty lacks its scan: .55, more than a tenth of the one that does.
    made = shop(5, 6, bare=1)
    for number in range(11):
        made.sell(f"2026-03-20 15:{number:02d}:00", f"B{number}", packs=2, is_scanned=number > 0)
    assert found(made.world, CODE)[0][("provider", "SHOP")] == (12000, 4)
