"""Packs without the scans that nearly all others have never left the shelf, whatever the books still cover."""

import pytest

from tests.rules.world import World

CODE = "stock_gap"


def shop(*, pills, usual, opening=10, bought=0):
    """Sell one pack of 20.00 a line: pills of which ten were there or so, and twenty others with the `usual` proof.

    Proof of a pack is 2 for delivered and scanned, 1 for scanned, 0 for neither.
    """
    world = World().add("providers", provider_id="P1", provider_type="retail_pharmacy")
    packs = [("PILL", proof) for proof in pills] + [("OTHER", proof) for proof in usual]
    for number, (item, proof) in enumerate(packs):
        at = f"2026-03-{number % 28 + 1:02d} 10:00:00"
        bill, code = f"S{number:02d}", f"8{number * 7_919 + 12_345_678_901:019d}"
        world.bill(bill, encounter_type="pharmacy", lines=[(at, item, 1, 20)])
        own = {"trace_code": code, "provider_id": "P1", "item_code": item}
        if proof == 2:
            world.add("trace_events", event_time="2026-03-01 08:00:00", event_type="inbound", **own)
        if proof:
            world.add("trace_events", event_time=at, event_type="sale", settlement_id=bill, **own)
    for item, began, more in (("PILL", opening, bought), ("OTHER", 100, 0)):
        books = {"opening_quantity": began, "purchased_quantity": more}
        world.add("stock_movements", provider_id="P1", item_code=item, month="2026-03", **books)
    return world


# Of 21 sold the books cover ten.
@pytest.mark.parametrize(
    ("pills", "usual", "lines"),
    [
        pytest.param([2] * 5 + [0] * 16, [2] * 20, 16, id="whoever paid without insurance took some of the ten"),
        pytest.param([2] * 5 + [1] * 16, [2] * 20, 11, id="scanned, but never delivered: ten were there"),
        pytest.param([2] * 5 + [1] * 4 + [0] * 12, [1] * 20, 12, id="where deliveries are not on record"),
        # As many of the scanned should lack it as of the others: 5 x 4/16 of 16 that do, and 5 x 5/15.
        pytest.param([2] * 5 + [0] * 16, [2] * 16 + [0] * 4, 16, id="one and a quarter of sixteen"),
        pytest.param([2] * 5 + [0] * 16, [2] * 15 + [0] * 5, 11, id="one and two thirds of sixteen"),
        pytest.param([2] * 5 + [0] * 16, [2] * 19, 11, id="nineteen others say too little"),
        pytest.param([0] * 21, [2] * 20, 11, id="an item that is never scanned"),
    ],
)
def test_what_lacks_the_usual_proof_is_named(found, pills, usual, lines):
    assert found(shop(pills=pills, usual=usual), CODE)[0] == {("provider", "P1"): (lines * 2000, lines)}


def test_an_item_that_another_shop_scans_has_a_code(found):
    # The books cover ten of 21; that it is never scanned here says that none left.
    world = shop(pills=[0] * 21, usual=[2] * 20).add("providers", provider_id="P2", provider_type="retail_pharmacy")
    world.bill("X", provider_id="P2", encounter_type="pharmacy", lines=[("2026-03-01 10:00:00", "PILL", 1, 20)])
    own = {"trace_code": "80000000000000000001", "provider_id": "P2", "item_code": "PILL", "settlement_id": "X"}
    world.add("trace_events", event_time="2026-03-01 10:00:00", event_type="sale", **own)
    assert found(world, CODE)[0] == {("provider", "P1"): (21 * 2000, 21)}


def test_delivered_packs_stand_before_those_that_were_scanned(found):
    # Eleven of twenty-one are too many; three of the others lack a delivery, which is not rare then.
    world = shop(pills=[1] * 11 + [2] * 10, usual=[2] * 17 + [1] * 3)
    lines = found(world, CODE)[1].findings.lines
    assert set(lines["settlement_id"]) == {f"S{number:02d}" for number in range(11)}


def test_the_code_of_a_pack_that_was_sold_before_proves_nothing(found):
    # All of 21 are scanned with codes that were delivered, ten of them with that of the first; the books cover ten.
    world = shop(pills=[2] * 21, usual=[2] * 20)
    events = world.more["trace_events"]
    for row in events:
        if row["event_type"] == "sale" and row["settlement_id"] in {f"S{number:02d}" for number in range(1, 11)}:
            row["trace_code"] = next(own["trace_code"] for own in events if own.get("settlement_id") == "S00")
    lines = found(world, CODE)[1].findings.lines
    assert set(lines["settlement_id"]) == {*(f"S{number:02d}" for number in range(1, 11)), "S20"}


def test_before_its_first_scan_a_provider_had_no_scanner(found):
    # Scans begin on the ninth; of the eight pills before it the books cover five, of the eight after the others none.
    world = shop(pills=[0] * 8 + [2] * 5 + [0] * 8, usual=[2] * 20)
    for row in (*world.lines, *world.more["trace_events"]):
        if row["item_code"] == "OTHER" and row.get("event_type") != "inbound":
            row["fee_time" if "fee_time" in row else "event_time"] = "2026-03-20 10:00:00"
    assert found(world, CODE)[0] == {("provider", "P1"): (11 * 2000, 11)}


@pytest.mark.parametrize(("opening", "delivered", "lines"), [(10, 3, 8), (0, 3, 18), (8, 5, 8), (8, 3, 10)])
def test_what_the_window_began_with_may_have_come_in_before_deliveries_were_scanned(found, opening, delivered, lines):
    # Thirteen were there, all of 21 sold were scanned; what was neither delivered nor there before was never there.
    world = shop(pills=[2] * delivered + [1] * (21 - delivered), usual=[2] * 20, opening=opening, bought=13 - opening)
    assert found(world, CODE)[0] == {("provider", "P1"): (lines * 2000, lines)}


def test_what_the_window_began_with_is_used_up_once(found):
    # Ten of February's opening were sold undelivered in February; the ten that March began with were delivered.
    world = shop(pills=[2] * 5 + [1] * 16, usual=[2] * 20)
    for number in range(10):
        bill, at = f"F{number}", f"2026-02-{number + 1:02d} 10:00:00"
        world.bill(bill, encounter_type="pharmacy", lines=[(at, "PILL", 1, 20)])
        own = {"trace_code": f"8{number + 1:019d}", "provider_id": "P1", "item_code": "PILL"}
        world.add("trace_events", event_time=at, event_type="sale", settlement_id=bill, **own)
    books = {"opening_quantity": 10, "purchased_quantity": 10, "closing_quantity": 10}
    world.add("stock_movements", provider_id="P1", item_code="PILL", month="2026-02", **books)
    assert found(world, CODE)[0] == {("provider", "P1"): (16 * 2000, 16)}


@pytest.mark.parametrize(("proof", "said"), [(0, {("provider", "P1"): (32000, 16)}), (1, {}), (2, {})])
def test_what_a_branch_sent_is_scanned_as_any(found, proof, said):
    # The group's other shop had ninety packs to spare.
    world = shop(pills=[2] * 5 + [proof] * 16, usual=[2] * 20)
    world.more["providers"][0]["group_id"] = "G1"
    world.add("providers", provider_id="P2", provider_type="retail_pharmacy", group_id="G1")
    world.bill("B1", provider_id="P2", encounter_type="pharmacy", lines=[("2026-03-02 10:00:00", "PILL", 10, 200)])
    books = {"opening_quantity": 100, "purchased_quantity": 0}
    world.add("stock_movements", provider_id="P2", item_code="PILL", month="2026-03", **books)
    assert found(world, CODE)[0] == said


def test_once_an_item_is_short_its_lines_of_other_months_are_asked_about(found):
    world = shop(pills=[2] * 5 + [0] * 16, usual=[2] * 20)
    for month, sold, there in (("2025-12", 2, 10), ("2026-04", 2, 1)):
        for number in range(sold):
            lines = [(f"{month}-{number + 10} 10:00:00", "PILL", 1, 20)]
            world.bill(f"{month}-{number}", encounter_type="pharmacy", lines=lines)
        own = {"opening_quantity": there, "purchased_quantity": 0}
        world.add("stock_movements", provider_id="P1", item_code="PILL", month=month, **own)
    first = {"trace_code": "81234567890123456789", "provider_id": "P1", "item_code": "OTHER"}
    world.add("trace_events", event_time="2025-12-01 10:00:00", event_type="sale", **first)
    assert not found(world, CODE, "2025-12")[0]
    # With two that the books of December cover.
    assert found(world, CODE, "2026-03")[0] == {("provider", "P1"): (36000, 18)}
    # Two where one was there are too few to speak by themselves.
    assert found(world, CODE, "2026-04")[0] == {("provider", "P1"): (4000, 2)}


@pytest.mark.parametrize(
    ("proofs", "lines"),
    [
        pytest.param([0], 1, id="the only one"),
        pytest.param([0] + [2] * 2, 1, id="two of which a twentieth should lack it: one tenth of a pill"),
        pytest.param([0] + [2] * 3, 0, id="three: more than one tenth"),
        pytest.param([2], 0, id="scanned"),
    ],
)
def test_once_an_item_was_short_a_month_that_the_books_cover_is_asked_for_its_scans(found, proofs, lines):
    # One of twenty-one others lacks its scan; the books of April cover all that was sold in it.
    world = shop(pills=[2] * 5 + [0] * 16, usual=[2] * 20 + [0])
    for number, proof in enumerate(proofs):
        bill, at = f"A{number}", f"2026-04-{number + 1:02d} 10:00:00"
        world.bill(bill, encounter_type="pharmacy", lines=[(at, "PILL", 1, 20)])
        own = {"trace_code": f"8{number + 1:019d}", "provider_id": "P1", "item_code": "PILL"}
        if proof:
            world.add("trace_events", event_time="2026-04-01 08:00:00", event_type="inbound", **own)
            world.add("trace_events", event_time=at, event_type="sale", settlement_id=bill, **own)
    books = {"opening_quantity": 9, "purchased_quantity": 0}
    world.add("stock_movements", provider_id="P1", item_code="PILL", month="2026-04", **books)
    assert found(world, CODE, "2026-04")[0] == ({("provider", "P1"): (lines * 2000, lines)} if lines else {})


@pytest.mark.parametrize(("january", "lines"), [(10, 8), (0, 10)])
def test_what_lay_there_when_the_window_began_is_no_stock_of_a_later_quarter(found, january, lines):
    # Of April's 21 the books cover thirteen; ten were scanned without a delivery, since January there was one of each.
    world = shop(pills=[2] * 11 + [1] * 10, usual=[2] * 20, opening=6, bought=7)
    for rows in (world.lines, world.more["trace_events"], world.settlements, world.more["stock_movements"]):
        for row in rows:
            for name, value in row.items():
                if isinstance(value, str) and value.startswith("2026-03"):
                    row[name] = "2026-04" + value[7:]
    world.bill("J", encounter_type="pharmacy", lines=[("2026-01-05 10:00:00", "OTHER", 1, 20)])
    first = {"trace_code": "81234567890123456789", "provider_id": "P1", "item_code": "OTHER"}
    world.add("trace_events", event_time="2026-01-05 10:00:00", event_type="sale", settlement_id="J", **first)
    for month in ("2026-01", "2026-02", "2026-03"):
        books = {"opening_quantity": january, "purchased_quantity": 0, "closing_quantity": january}
        world.add("stock_movements", provider_id="P1", item_code="PILL", month=month, **books)
    assert found(world, CODE, "2026-04")[0] == {("provider", "P1"): (lines * 2000, lines)}
