"""The lists of a month: pharmacies apart, shares of the register, every decision written down."""

import pandas as pd

from fraud.rings import Rings
from fraud.rings.core import core_rings
from fraud.runs.tables import read_output, write_output
from fraud.scoring.review_list import make_lists
from fraud.settings import ReviewListSettings
from tests.rings.toy_kind import found_ring

SETTINGS = ReviewListSettings(max_scheme_share=0.25, max_kind_share=0.5, max_region_share=1)


def rings_of(*groups, fringe=(), **figures):
    """Rings R1, R2, … of these clinics, each weaker than the one before."""
    named = [(f"R{n}", found_ring(group), 0.9 / n) for n, group in enumerate(groups, start=1)]
    told = {"month": "2026-03", "ring_type": "one_group", "status": "born", "reason_en": "", "reason_zh": ""}
    return Rings.of(
        [{"ring_id": name, **told, **ring.figures, **figures} for name, ring, _ in named],
        [
            {**one, "ring_id": name, "ring_score": score, "role": "fringe" if one["member_id"] in fringe else "core"}
            for name, ring, score in named
            for one in ring.members
        ],
        [],
    )


def lists_of(kinds, schemes=None, rings=None, settings=SETTINGS, regions=None):
    """Lists of providers H1, H2, … who rank in this order."""
    ids = [f"H{n}" for n in range(1, len(kinds) + 1)]
    # The table comes by id, as a score table does, and not by rank.
    scores = pd.DataFrame({"provider_id": ids, "month": "2026-03", "rank": range(1, len(ids) + 1)}).iloc[::-1]
    findings = pd.DataFrame(
        {
            "subject_type": "provider",
            "subject_id": ids,
            "scheme_code": schemes or "",
            "exposure_amount": 100,
        }
    )
    registered = pd.DataFrame({"provider_type": kinds, "region_code": regions or "110000"}, index=ids)
    return make_lists(
        "provider",
        scores.reset_index(drop=True),
        findings=findings,
        rings=rings or Rings.empty(),
        attributes=registered,
        settings=settings,
    )


def by_id(made):
    return made.scores.set_index("provider_id").sort_index()


def test_pharmacies_have_a_list_of_their_own():
    made = by_id(lists_of(["retail_pharmacy", "clinic", "dual_channel_pharmacy", "clinic"]))
    assert made["list"].tolist() == ["pharmacy", "provider", "pharmacy", "provider"]
    assert made["list_place"].tolist() == [1, 1, 2, 2]
    assert made["rank"].tolist() == [1, 2, 3, 4]


def test_the_core_of_a_ring_shares_one_place_and_its_fringe_does_not():
    made = lists_of(["clinic"] * 5, rings=rings_of(["H1", "H2", "H4"], fringe=["H4"]))
    assert by_id(made)["list_place"].tolist() == [1, 1, 2, 3, 4]
    told = made.places.set_index("subject_id").sort_index()
    assert told["role"].tolist() == ["lead", "folded", "lead", "lead", "lead"]
    assert told["ring_id"].tolist() == ["R1", "R1", "", "", ""]


def test_a_member_of_two_rings_folds_with_its_stronger_and_chains_nobody():
    made = by_id(lists_of(["clinic"] * 4, rings=rings_of(["H1", "H2"], ["H2", "H3", "H4"])))
    assert made["list_place"].tolist() == [1, 1, 2, 2]


def test_a_ring_that_was_not_told_from_chance_folds_nobody():
    weak = rings_of(["H1", "H2"], is_certified=False, q_value=float("nan"))
    assert core_rings(weak.rings, weak.members).empty
    by_decoys = rings_of(["H1", "H2"], is_certified=False, q_value=0.02)
    assert core_rings(by_decoys.rings, by_decoys.members)["subject_id"].tolist() == ["H1", "H2"]


def test_the_leading_scheme_is_capped_and_the_table_says_so():
    told = lists_of(["clinic"] * 4, schemes=["H08", "H08", "P06", ""]).places.set_index("subject_id")
    assert told.loc["H2", "held_from_place"] == 2
    assert told.loc["H2", "held_by"] == ["scheme"]
    assert told.loc["H2", "scheme_code"] == "H08"
    assert told["place"].sort_index().tolist() == [1, 4, 2, 3]
    # Nobody but H08 is left for the fourth place.
    assert told.loc["H2", "lifted"] == ["scheme"]


def test_a_kind_that_most_providers_are_of_may_have_its_own_share():
    kinds = ["clinic"] * 3 + ["hospital"]
    assert by_id(lists_of(kinds))["list_place"].tolist() == [1, 2, 3, 4]  # three of four: up to ⌈3/4 of the places⌉
    few = ["clinic"] * 2 + ["hospital", "laboratory", "other", "community_center"]
    assert by_id(lists_of(few))["list_place"].tolist() == [1, 3, 2, 4, 5, 6]  # a half: one of the first two


def test_a_region_is_capped_as_a_kind_is():
    settings = SETTINGS.model_copy(update={"max_kind_share": 1.0, "max_region_share": 0.5})
    made = lists_of(["clinic"] * 6, regions=["1", "1", "2", "3", "4", "5"], settings=settings)
    assert by_id(made)["list_place"].tolist() == [1, 3, 2, 4, 5, 6]


def test_only_the_capped_places_are_told():
    made = lists_of(["clinic"] * 5, settings=SETTINGS.model_copy(update={"capped_places": 2}))
    assert made.places["place"].tolist() == [1, 2]
    assert by_id(made)["list_place"].tolist() == [1, 2, 3, 4, 5]


def test_months_without_subjects_have_the_tables(tmp_path):
    made = lists_of([])
    assert made.scores["list_place"].tolist() == []
    write_output(made.places, "review_places", tmp_path)
    assert read_output(tmp_path, "review_places").empty


def test_persons_and_practitioners_are_on_no_list_of_pharmacies():
    ids = ["A", "B"]
    scores = pd.DataFrame({"person_id": ids, "month": "2026-03", "rank": [1, 2]})
    nothing = pd.DataFrame(columns=["subject_type", "subject_id", "scheme_code", "exposure_amount"])
    registered = pd.DataFrame({"provider_type": "retail_pharmacy"}, index=ids)
    made = make_lists(
        "patient", scores, findings=nothing, rings=Rings.empty(), attributes=registered, settings=SETTINGS
    )
    assert made.scores["list"].tolist() == ["patient", "patient"]
