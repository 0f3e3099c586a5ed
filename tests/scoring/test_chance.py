"""Peer findings are claims: an honest world shows about what the stated rate promises, and the odd stay in."""

import numpy as np
import pandas as pd
import pytest

from features.build import Profile
from features.catalogue import family_of, features
from features.peers.compare import compare
from fraud.scoring.chance.cells import Chances, chances, is_conduct
from fraud.scoring.chance.noise import likeliest_noise, noise_levels
from fraud.scoring.chance.q_values import q_values
from fraud.scoring.chance.tail import Tail
from fraud.scoring.detectors.peer_findings import peer_findings
from fraud.scoring.shown import Shown
from fraud.settings import ScoringSettings

N_GROUPS, SIZE = 5, 40
SHARES = [
    name for name, each in features("provider").items() if each.unit == "share" and each.direction in ("high", "both")
][:32]
SETTINGS = ScoringSettings()


def profile(values, group=None):
    frame = pd.DataFrame(values).rename(index="P{:03d}".format)
    index = frame.index
    groups = pd.Series(group if group is not None else "clinic", index=index).astype(str)
    return Profile("provider", frame, pd.DataFrame(index=index), compare(frame, groups, 10))


def honest_world(seed):
    """Nobody differs from its peers but by lot: skewed features that move together, shares of few visits among them."""
    lot = np.random.default_rng(seed)
    n = N_GROUPS * SIZE
    visits = np.round(np.exp(lot.normal(4.5, 1.0, n))) + 1
    common = lot.normal(size=(n, 6))
    values = {"settlements_count": visits}
    for number, name in enumerate(SHARES):
        z = np.sqrt(0.6) * common[:, number % 6] + np.sqrt(0.4) * lot.normal(size=n)
        few = lot.binomial(visits.astype(int), 1 / (1 + np.exp(2 - 0.6 * z))) / visits
        values[name] = (np.exp(0.6 * z), z, few, z**2 / 2 + lot.exponential(size=n))[number % 4]
    return profile(values, [f"clinic {number % N_GROUPS}" for number in range(n)])


def found_in(world, **settings):
    shown = Shown.of(world, world.features.index)
    return peer_findings(world, shown, month="2026-03", settings=SETTINGS.model_copy(update=settings)).findings


def test_a_tail_worked_by_hand():
    # Of 24 values the upper twelve lie 1 to 11 and 49 above the thirteenth; the highest three only count as the ninth,
    # two of them beside the one that is asked about: 1 + ... + 9 + 2 * 9 = 63.
    tail = Tail.of(np.r_[np.arange(23.0), 60.0])
    assert tail.chances(0.0)[-1] == pytest.approx(12 / 24 * (1 + 49 / 63) ** -9)
    assert tail.chances(0.5)[-1] > tail.chances(0.0)[-1]


def test_the_odd_do_not_hide_each_other():
    rest = np.arange(40.0)
    alone, three = (Tail.of(np.r_[rest, odd]).chances(0.0)[-1] for odd in ([400.0], [400.0, 410.0, 420.0]))
    assert alone < 1e-5
    assert three < 1e-4


def test_a_tail_is_no_thinner_than_the_other_side():
    thin, wide = np.arange(40.0), np.r_[-50.0 * np.arange(20.0, 0, -1), np.arange(20.0)]
    assert Tail.of(np.r_[wide, 80.0]).chances(0.0)[-1] > 10 * Tail.of(np.r_[thin, 80.0]).chances(0.0)[-1]


@pytest.mark.parametrize("values", [np.arange(19.0), np.r_[np.zeros(30), np.arange(10.0)]], ids=["few", "one value"])
def test_nothing_is_said_where_the_tail_is_not_known(values):
    assert Tail.of(values) is None


def test_noise_falls_with_volume_only_where_it_does():
    lot = np.random.default_rng(3)
    visits = np.round(np.exp(lot.normal(4.5, 1.0, 400)))
    levels, places = noise_levels(visits), np.arange(400)
    shares = lot.binomial(visits.astype(int), 0.3) / visits
    assert likeliest_noise([(places, shares - 0.3)], levels).max() > 3
    assert likeliest_noise([(places, lot.normal(size=400))], levels).max() < 2


@pytest.mark.parametrize(("visits", "is_unlikely"), [(3.0, False), (300.0, True)])
def test_two_of_three_visits_say_less_than_two_hundred_of_three_hundred(visits, is_unlikely):
    lot = np.random.default_rng(4)
    volume = np.round(np.exp(lot.normal(4.0, 1.5, 79))) + 1
    values = {
        "settlements_count": np.r_[volume, visits],
        SHARES[0]: np.r_[lot.binomial(volume.astype(int), 0.1) / volume, 2 / 3],
    }
    cells = chances(profile(values)).cells
    assert (cells.loc[cells["subject"] == "P079", "chance"] < 1e-4).tolist() == [is_unlikely]


def test_subjects_come_first_then_their_features():
    # B is tested by 2 * .002, A by min(2 * .001, .03); of four subjects two are named from rate .004 * 4 / 2 on.
    cells = pd.DataFrame(
        [("A", "x", 0.001), ("A", "y", 0.03), ("B", "x", 0.002), ("C", "x", 0.05)],
        columns=["subject", "feature", "chance"],
    )
    found = q_values(Chances(cells, pd.Series(2, index=["A", "B", "C", "D"])))
    assert found["q_value"].tolist() == pytest.approx([0.008, 0.06, 0.008, 0.4 / 3])


def test_no_cell_no_q_value():
    nothing = Chances(pd.DataFrame(columns=["subject", "feature", "chance"]), pd.Series(3, index=["A"]))
    assert q_values(nothing).empty


def test_honest_worlds_show_what_the_rate_promises():
    worlds = [honest_world(seed) for seed in range(10)]
    named = [found_in(world)["subject_id"].nunique() for world in worlds]
    # Where nobody is odd, every finding is false: a rate of .1 allows one in a tenth of the worlds.
    assert sum(count > 0 for count in named) <= 2
    assert sum(named) <= 3
    tails = Shown.of(worlds[0], worlds[0].features.index).tails
    far = (tails.distance >= SETTINGS.min_peer_distance) & (tails.percentile >= SETTINGS.min_peer_percentile)
    assert far.any(axis=1).sum() > 20  # whom distance alone would name


def test_heavy_tails_name_nobody_where_nobody_is_odd():
    named = 0
    for seed in range(8):
        lot = np.random.default_rng(seed)
        world = {name: np.exp(lot.normal(size=N_GROUPS * SIZE)) for name in SHARES}
        named += not found_in(
            profile(world, [f"clinic {number % N_GROUPS}" for number in range(N_GROUPS * SIZE)])
        ).empty
    assert named <= 1


def test_who_is_odd_in_an_honest_world_is_named_with_its_rate():
    world = honest_world(2)
    odd, name = world.features.index[7], SHARES[0]
    values = world.features.assign(**{name: world.features[name].where(world.features.index != odd, 60.0)})
    found = found_in(_again(world, values))
    assert found["subject_id"].tolist() == [odd]
    assert found["code"].tolist() == [name]
    assert found["q_value"].max() <= SETTINGS.peer_q
    assert "by chance alone" in found["reason_en"].iloc[0]
    assert "仅因偶然而列入" in found["reason_zh"].iloc[0]
    assert found_in(_again(world, values), peer_q=found["q_value"].max() / 2).empty
    assert found_in(_again(world, values), max_peer_findings=0).empty


def _again(world, values):
    return Profile("provider", values, world.attributes, compare(values, world.peers.group, 10))


def test_amounts_and_counts_alone_are_no_finding():
    lot = np.random.default_rng(5)
    values = {name: np.r_[lot.normal(100.0, 5.0, 39), 10_000.0] for name in ("billed_amount", "patients_count")}
    assert chances(profile(values)).n_tested.sum() == 0
    share = {SHARES[0]: np.r_[lot.normal(0.1, 0.01, 39), 0.9]}
    assert found_in(profile({**values, **share}))["code"].tolist() == [SHARES[0]]


@pytest.mark.parametrize(
    ("entity", "name", "conduct"),
    [
        ("provider", "billed_amount", False),
        ("provider", "items_count", False),
        ("provider", "off_hours_share", True),
        ("patient", "billed_amount", False),
        ("patient", "settlements_count", False),
        ("patient", "next_day_refills_count", True),
        ("patient", "patient_age_mean_years", False),
        ("practitioner", "settlements_count", False),
        ("practitioner", "day_mean_minutes", False),
        ("practitioner", "patients_per_day_mean_ratio", False),
        ("practitioner", "off_hours_share", True),
        ("practitioner", "drugs_at_cap_share", True),
    ],
)
def test_what_is_size_and_what_is_conduct(entity, name, conduct):
    assert is_conduct(features(entity)[name], family_of(entity)[name], entity) is conduct


def test_who_is_not_shown_counts_among_those_looked_at():
    world = honest_world(2)
    few = Shown.of(world, world.features.index[:20])
    everybody = found_in(world, peer_q=1.0, min_peer_distance=0.1)
    some = peer_findings(
        world, few, month="2026-03", settings=SETTINGS.model_copy(update={"peer_q": 1.0, "min_peer_distance": 0.1})
    ).findings
    assert not some.empty
    inside = everybody[everybody["subject_id"].isin(few.subjects)]
    pd.testing.assert_frame_equal(some, inside.reset_index(drop=True))
