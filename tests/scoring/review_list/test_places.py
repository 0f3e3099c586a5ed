"""Places of a list: worked examples, and what holds for any order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fraud.scoring.review_list.places import REACH, Candidate, allowed, fill_places


def of_scheme(code, ring=""):
    return Candidate(ring, (("scheme", code),))


def share(of):
    return lambda mark: of.get(mark[0], 1.0)


def test_a_ring_is_one_place_and_its_first_member_leads():
    places = fill_places([Candidate("R"), Candidate(), Candidate("R"), Candidate("S"), Candidate("R")], share({}))
    assert [(place.number, place.lead, place.folded) for place in places] == [(1, 0, (2, 4)), (2, 1, ()), (3, 3, ())]


def test_a_cap_holds_back_until_the_list_has_room_and_says_from_where():
    # A quarter: one of the first four places, two of the first eight.
    first = [*(of_scheme("A") for _ in range(3)), *(of_scheme(code) for code in "BCDEF")]
    places = fill_places(first, share({"scheme": 0.25}))
    assert [place.lead for place in places] == [0, 3, 4, 5, 1, 6, 7, 2]
    assert [(place.held_from, place.held_by) for place in places if place.held_from] == [(2, ("scheme",))] * 2
    # Place 8: nobody but a third A is left, who would have to wait for place 9.
    assert [place.lifted for place in places] == [()] * 7 + [("scheme",)]


def test_every_full_cap_is_named():
    marks = (("scheme", "A"), ("region", "N"))
    places = fill_places(
        [Candidate(marks=marks), Candidate(marks=marks), of_scheme("B")], share({"scheme": 0.3, "region": 0.3})
    )
    assert [(place.lead, place.held_by) for place in places] == [(0, ()), (2, ()), (1, ("scheme", "region"))]
    assert places[2].lifted == ("scheme", "region")


def test_who_has_no_mark_is_under_no_cap():
    places = fill_places([Candidate()] * 3, share({"scheme": 0.01}))
    assert [(place.lead, place.lifted) for place in places] == [(0, ()), (1, ()), (2, ())]


def test_nobody_comes_up_from_far_below():
    # Place 2 looks at the first eight alone: the ninth, of another scheme, is out of reach.
    places = fill_places([*(of_scheme("A") for _ in range(2 * REACH)), of_scheme("B")], share({"scheme": 0.25}))
    assert (places[1].lead, places[1].lifted) == (1, ("scheme",))
    assert (places[2].lead, places[2].lifted) == (2 * REACH, ())


def test_beyond_the_capped_places_the_rest_follow_in_order():
    first = [*(of_scheme("A") for _ in range(3)), of_scheme("B"), of_scheme("A")]
    places = fill_places(first, share({"scheme": 0.25}), capped=2)
    assert [place.lead for place in places] == [0, 3, 1, 2, 4]
    assert [place.held_from for place in places] == [None, None, 2, 2, None]


def test_a_share_is_rounded_up_without_the_noise_of_fractions():
    assert [allowed(0.1, places) for places in (10, 20, 30, 31)] == [1, 2, 3, 4]


MARKS = st.tuples(st.sampled_from("ABC "), st.sampled_from("NS ")).map(
    lambda values: tuple((cap, v) for cap, v in zip(("scheme", "region"), values, strict=True) if v != " ")
)
CANDIDATES = st.lists(st.builds(Candidate, ring=st.sampled_from(["", "", "R", "S"]), marks=MARKS), max_size=60)
SHARES = st.fixed_dictionaries({"scheme": st.sampled_from([0.1, 0.25, 0.5]), "region": st.sampled_from([0.3, 0.6])})


@given(CANDIDATES, SHARES)
def test_everybody_has_one_place_and_rings_have_one_each(candidates, shares):
    places = fill_places(candidates, share(shares))
    assert sorted(one for place in places for one in (place.lead, *place.folded)) == list(range(len(candidates)))
    assert [place.number for place in places] == list(range(1, len(places) + 1))
    for place in places:
        assert list(place.folded) == sorted(place.folded)
        assert {candidates[one].ring for one in place.folded} <= {candidates[place.lead].ring}
        assert all(one > place.lead for one in place.folded)
    rings = [candidates[place.lead].ring for place in places if candidates[place.lead].ring]
    assert len(rings) == len(set(rings))


@given(CANDIDATES, SHARES)
def test_caps_hold_for_every_beginning_unless_lifted(candidates, shares):
    counts = Counter()
    for place in fill_places(candidates, share(shares)):
        marks = candidates[place.lead].marks
        over = tuple(cap for cap, value in marks if counts[cap, value] + 1 > allowed(shares[cap], place.number))
        assert place.lifted == over
        counts.update(marks)


@given(CANDIDATES, SHARES)
def test_who_is_not_held_by_a_cap_waits_for_nobody_ranked_lower(candidates, shares):
    places = fill_places(candidates, share(shares))
    assert places == fill_places(candidates, share(shares))
    for index, place in enumerate(places):
        passed = [before.number for before in places[:index] if before.lead > place.lead]
        assert place.held_from == (min(passed) if passed else None)
        assert bool(place.held_by) == bool(passed)


@given(CANDIDATES, SHARES, st.integers(1, 20))
def test_one_order_serves_every_budget(candidates, shares, n):
    # A longer list begins with the shorter one.
    whole = fill_places(candidates, share(shares))
    assert fill_places(candidates, share(shares), capped=n)[:n] == whole[:n]
