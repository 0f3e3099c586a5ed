"""Ids and statuses over months."""

from __future__ import annotations

from fraud.rings import Rings
from fraud.rings.ledger import make_ring_id, match_rings


def ledger(**rings):
    rows = [
        {
            "ring_id": name,
            "member_type": "clinic",
            "member_id": one,
            "role": "core",
            "amount": 0,
            "turnover_share": 0.0,
            "n_partners": 1,
            "ring_score": 0.5,
        }
        for name, providers in rings.items()
        for one in providers
    ]
    return Rings.of([], rows, [])


def matched(previous, *current):
    return match_rings(previous, [frozenset(one) for one in current], [sorted(one) for one in current])


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
