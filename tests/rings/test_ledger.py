"""Ids and statuses over months."""

from __future__ import annotations

from fraud.rings import Rings
from fraud.rings.ledger import make_ring_id, match_rings
from tests.rings.toy_kind import found_ring


def ledger(kind="one", **rings):
    """The rings of one kind as a month left them."""
    found = [
        {"ring_id": name, "ring_type": kind, "month": "2026-04", "status": "born", "reason_en": "", "reason_zh": ""}
        | dict(found_ring(providers).figures)
        for name, providers in rings.items()
    ]
    members = [
        {"ring_id": name, **member} for name, providers in rings.items() for member in found_ring(providers).members
    ]
    return Rings.of(found, members, [])


def matched(previous, *current, kind="one"):
    return match_rings(previous, [(kind, found_ring(one)) for one in current])


def test_newborn_is_named_after_its_core():
    assert matched(None, "abc") == [(make_ring_id("cba", set()), "born")]
    assert make_ring_id("abc", set()) != make_ring_id("abd", set())
    assert make_ring_id("abc", {make_ring_id("abc", set())}) != make_ring_id("abc", set())


def test_ring_keeps_its_id_while_it_changes():
    assert matched(ledger(R1="abcd"), "abcd") == [("R1", "stable")]
    assert matched(ledger(R1="abcd"), "abcx") == [("R1", "stable")]  # as many, one exchanged
    assert matched(ledger(R1="abcd"), "abcdef") == [("R1", "grew")]
    assert matched(ledger(R1="abcd"), "abc") == [("R1", "shrank")]


def test_less_than_half_in_common_is_another_ring():
    ((ring_id, status),) = matched(ledger(R1="abcde"), "abxyz")  # 2 of 5
    assert ring_id != "R1"
    assert status == "born"


def test_merged_takes_the_id_of_the_nearest():
    # common with R1 4 of 7, with R2 3 of 7
    assert matched(ledger(R1="abcd", R2="efg"), "abcdefg") == [("R1", "merged")]


def test_split_leaves_the_id_with_the_nearest():
    (first, status), (second, other) = matched(ledger(R1="abcdefg"), "efg", "abcd")
    assert (second, other) == ("R1", "split")
    assert status == "split"
    assert first != "R1"


def test_two_rings_of_one_month_never_share_an_id():
    # R1 lives on as abcx; a newborn with exactly the core R1 was born with gets another name
    born = make_ring_id("abc", set())
    names = [name for name, _ in matched(ledger(**{born: "dxyz"}), "dxyz", "abc")]
    assert names[0] == born
    assert names[1] != born


def test_a_ring_is_known_again_by_its_own_kind_only():
    before = ledger(kind="one", R1="abcd")
    assert matched(before, "abcd", kind="one") == [("R1", "stable")]
    ((ring_id, status),) = matched(before, "abcd", kind="other")
    assert (ring_id, status) == (make_ring_id("abcd", set()), "born")


def test_equal_cores_of_two_kinds_get_two_ids():
    both = match_rings(None, [("one", found_ring("abc")), ("other", found_ring("abc"))])
    assert both[0] == (make_ring_id("abc", set()), "born")
    assert both[1] == (make_ring_id("abc", {both[0][0]}), "born")
