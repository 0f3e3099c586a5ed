"""What the ledger says of each sale of a box, by story."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules.ledger import make_ledger
from fraud.rules.ledger.postings import POSTINGS
from fraud.rules.relations.base import create_base
from tests.rules.ledger.stories import tell
from tests.support.claims import make_store

GTIN = "06901234567892"
# Events, and what is said of the scans as sold among them, in their order.
STORIES = {
    "sold_again_elsewhere": (["1 10:00 sale P1 A", "69 10:00 sale P2 B"], "sold resold"),
    "sold_again_at_once_elsewhere": (["1 10:00 sale P1 A", "2 10:00 sale P2 B"], "sold resold"),
    "code_beside_the_till": (["1 10:00 sale P1 A", "3 10:00 sale P1 B", "9 10:00 sale P1 C"], "sold resold resold"),
    "bought_in_before_it_was_resold": (
        ["1 09:00 inbound P1", "5 10:00 sale P1 A", "30 09:00 inbound P2", "35 10:00 sale P2 B"],
        "sold resold",
    ),
    "first_sale_for_cash": (["1 10:00 cash P1 A", "40 10:00 sale P2 B"], "sold resold"),
    "back_at_the_first": (["1 10:00 sale P1 A", "30 10:00 sale P2 B", "60 10:00 sale P1 C"], "sold resold resold"),
    # Bills taken back, lines refunded.
    "settlement_reversed": (["1 10:00 reversed P1 A", "1 10:02 sale P1 A"], "refunded sold"),
    "line_refunded": (["1 10:00 refunded P1 A", "9 10:00 sale P1 B"], "refunded sold"),
    # Scans that failed.
    "scanned_again_without_bill": (["1 10:00 cash P1", "1 10:03 sale P1 A"], "failed_scan sold"),
    "scan_after_the_bill": (["1 10:00 sale P1 A", "1 10:03 cash P1"], "sold failed_scan"),
    "cash_sale_hours_before": (["1 08:00 cash P1 A", "1 18:00 sale P1 B"], "sold resold"),
    "twice_in_one_bill": (["1 10:00 sale P1 A bill=twice", "1 10:00 sale P1 A bill=twice"], "sold same_bill"),
    # Parts of an opened box.
    "parts_of_a_box": (["1 10:00 part P1 A boxes=0.5", "8 10:00 part P1 B boxes=0.5"], "sold split_pack"),
    "parts_beyond_the_box": (
        ["1 10:00 part P1 A boxes=0.5", "8 10:00 part P1 B boxes=0.5", "9 10:00 part P1 C boxes=0.5"],
        "sold split_pack resold",
    ),
    "parts_of_unknown_size": (["1 10:00 part P1 A item=I7", "8 10:00 part P1 B item=I7"], "sold split_pack"),
    "parts_by_units_of_the_pack": (
        ["1 10:00 part P1 A item=I2", "2 10:00 part P1 B item=I2", "3 10:00 part P1 C item=I2"],
        "sold split_pack resold",
    ),
    "rest_of_the_box_sold_whole": (["1 10:00 part P1 A boxes=0.5", "8 10:00 sale P1 B"], "sold split_pack"),
    "part_of_a_box_that_is_gone": (["1 10:00 sale P1 A", "8 10:00 part P1 B boxes=0.5"], "sold resold"),
    "parts_at_two_providers": (["1 10:00 part P1 A boxes=0.5", "8 10:00 part P2 B boxes=0.5"], "sold resold"),
    # Boxes that came back.
    "returned_and_sold": (["1 10:00 sale P1 A", "3 10:00 return P1 A", "4 10:00 sale P1 B"], "returned sold"),
    "returned_to_somebody_else": (["1 10:00 sale P1 A", "3 10:00 return P2 A", "4 10:00 sale P2 B"], "sold resold"),
    "returned_and_sent_to_a_branch": (
        ["1 10:00 sale P1 A", "3 10:00 return P1 A", "4 10:00 transfer P1", "4 15:00 inbound B1", "6 10:00 sale B1 B"],
        "returned sold",
    ),
    # Moves.
    "branch_booked_a_sale": (["1 10:00 cash P1", "6 10:00 sale B1 B"], "sold moved"),
    "branch_sent_it_on": (["1 10:00 sale P1 A", "2 10:00 transfer P1", "6 10:00 sale B1 B"], "sold moved"),
    "branches_both_paid": (["1 10:00 sale P1 A", "6 10:00 sale B1 B"], "sold resold"),
    "handed_over_between_strangers": (
        ["1 10:00 sale P1 A", "2 10:00 transfer P1", "3 10:00 inbound P2", "6 10:00 sale P2 B"],
        "sold moved",
    ),
    "sent_but_never_received": (["1 10:00 sale P1 A", "2 10:00 transfer P1", "6 10:00 sale P2 B"], "sold resold"),
    "sold_to_a_trader": (["1 10:00 cash P1", "3 10:00 inbound P2", "6 10:00 sale P2 B"], "sold moved"),
    # Two boxes with one code.
    "printed_twice": (
        ["1 09:00 inbound P1", "1 09:00 inbound P2", "5 10:00 sale P1 A", "6 10:00 sale P2 B"],
        "sold two_boxes",
    ),
    "one_from_before_scanning": (["1 09:00 inbound P2", "5 10:00 sale P1 A", "6 10:00 sale P2 B"], "sold two_boxes"),
    # Pack levels.
    "outer_code_scanned_for_each_box": (
        ["1 10:00 sale P1 A code=81000000000000000901", "2 10:00 sale P1 B code=81000000000000000901"],
        "sold outer_pack",
    ),
    "outer_code_more_often_than_boxes": (
        [f"{day} 10:00 sale P1 A code=81000000000000000902" for day in (1, 2, 3)],
        "sold outer_pack resold",
    ),
    "large_pack_of_medium_packs": (
        [f"{day} 10:00 sale P1 A code=81000000000000000903" for day in (1, 2, 3, 4, 5)],
        "sold outer_pack outer_pack outer_pack resold",
    ),
    "outer_by_its_trade_number": (
        [f"{day} 10:00 sale P1 A code=(01)1{GTIN[1:]}(21)X9" for day in (1, 2)],
        "sold outer_pack",
    ),
    # Encodings.
    "brackets_and_separators": (
        [f"1 10:00 sale P1 A code=(01){GTIN}(21)Q7", f"30 10:00 sale P2 B code=\x1d01{GTIN}17270101\x1d21Q7"],
        "sold resold",
    ),
    "one_bill_in_two_encodings": (
        [f"1 10:00 sale P1 A bill=two code=(01){GTIN}(21)Q8", f"1 10:00 sale P1 A bill=two code=01{GTIN}21Q8"],
        "sold other_encoding",
    ),
    "makers_numbers_of_two_products": (
        ["1 10:00 sale P1 A item=I3 code=AB-778899", "9 10:00 sale P2 B item=I4 code=AB-778899"],
        "",
    ),
    "own_number_sold_again": (["1 10:00 sale P1 A code=AB-5566", "9 10:00 sale P2 B code=AB-5566~~~"], "sold resold"),
    "typed_without_a_code": (
        ["1 10:00 sale P1 A code=00000000000000000000", "9 10:00 sale P2 B code=00000000000000000000"],
        "",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    world = tell({name: events for name, (events, _) in STORIES.items()})
    world.add("ref_items", item_code="I2", units_per_pack=2).add("ref_items", item_code="I1", units_per_pack=12)
    for parent, child in (("901", "11"), ("901", "12"), ("902", "21"), ("902", "22"), ("903", "904"), ("903", "905"),
                          ("904", "31"), ("904", "32"), ("905", "33"), ("905", "34")):  # fmt: skip
        world.add("ref_trace_packs", parent_code=f"81000000000000000{parent}", child_code=_pack(child))
    store = make_store(tmp_path_factory.mktemp("ledger"), world.tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        create_base(engine)
        make_ledger(engine)
        engine.create_table("journal", POSTINGS)
        yield engine


def _pack(code):
    return f"81000000000000000{code}" if len(code) == 3 else f"820000000000000000{code}"


@pytest.mark.parametrize("name", STORIES)
def test_each_sale_is_explained(ledger, name):
    said = ledger.rows(
        "select explanation from journal where event_id like ? and event_type = 'sale' order by scan", [f"{name}/%"]
    )
    assert " ".join(explanation for (explanation,) in said) == STORIES[name][1]


def test_no_account_of_persons_holds_more_than_the_books_brought(ledger):
    """Boxes outside that did not come from `unknown` are as many as there are boxes: one, or an outer pack's."""
    rows = ledger.rows(
        """
        select code, sum(case when to_account = 'outside' then part when from_account = 'outside' then -part else 0 end)
        from journal where explanation in ('sold', 'split_pack') or event_type = 'return'
        group by code order by code
        """
    )
    assert rows
    assert max(amount for _, amount in rows) <= 2 * 10_000


def test_the_evidence_is_an_event_of_the_code(ledger):
    rows = ledger.rows(
        """
        select x.explanation, s.event_type, s.code = x.code from ledger_second_sales x
        join ledger_scans s on s.event_id = x.evidence_event_id where x.evidence_event_id is not null
        """
    )
    assert set(rows) == {("moved", "transfer", True), ("two_boxes", "inbound", True)}
