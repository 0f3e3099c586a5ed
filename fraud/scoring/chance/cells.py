"""Chances: of every subject and feature of conduct, how likely one of its peers lies as far out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import family_of, features
from features.peers.groups import stands_for
from fraud.scoring.chance.noise import likeliest_noise, noise_levels
from fraud.scoring.chance.tail import Tail, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from features.build import Profile
    from features.declare import Feature

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.intp]

_VOLUME = "settlements_count"
# What is likelier than this is never a finding, and need not be kept.
_KEPT = 0.05
_SIDES = {"high": (1,), "low": (-1,), "both": (1, -1)}


@dataclass(frozen=True)
class Chances:
    """What was asked of each subject, and which answers are unlikely by chance.

    Parameters
    ----------
    cells : DataFrame
        `subject`, `feature`, `chance`: those of at most 5 %.
    n_tested : Series
        Features of each subject that could be compared.
    """

    cells: pd.DataFrame
    n_tested: pd.Series


def is_conduct(feature: Feature, family: str, entity: str) -> bool:
    """Whether a feature has a suspicious tail and tells how a subject acts, not how large it is.

    Amounts are size, and so are the counts of a provider or a practitioner, which grow with its patients. A patient's
    counts are what it did, but for its volume. How full a practitioner's days are is size too: patients come where
    they come, and what is more than one body can do is for rules to say.
    """
    counted = entity != "patient" or family == "volume"
    is_load = entity == "practitioner" and family == "workload" and feature.unit != "share"
    is_size = feature.unit == "currency" or (feature.unit == "count" and counted) or is_load
    return feature.direction is not None and not is_size


def chances(profile: Profile) -> Chances:
    """Ask of every subject and feature of conduct how likely one more of its peers lies as far out.

    Parameters
    ----------
    profile : Profile
        All subjects, with their peers.

    Returns
    -------
    Chances
        Nothing is asked of a feature that fewer than 20 peers have, or that is the same for most of the tail.
    """
    values, groups = profile.peers.features, _groups(profile.peers.group)
    volume = values[_VOLUME].to_numpy(float) if _VOLUME in values else np.ones(len(values))
    levels = noise_levels(volume)
    families, declared = family_of(profile.entity), features(profile.entity)
    n_tested = np.zeros(len(values), dtype=np.int64)
    found = []
    for name in values.columns:
        feature = declared.get(name)
        if feature is None or feature.direction is None or not is_conduct(feature, families[name], profile.entity):
            continue
        chance = _of_column(values[name].to_numpy(float), groups, levels, _SIDES[feature.direction])
        n_tested += ~np.isnan(chance)
        unlikely = np.flatnonzero(chance <= _KEPT)
        found.append(pd.DataFrame({"subject": unlikely, "feature": name, "chance": chance[unlikely]}))
    cells = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["subject", "feature", "chance"])
    cells["subject"] = values.index.to_numpy()[cells["subject"].to_numpy(np.intp)]
    return Chances(cells, pd.Series(n_tested, index=values.index))


def _groups(group: pd.Series) -> list[tuple[Places, npt.NDArray[np.bool_]]]:
    """Places of each group's peers, and which of them are its own members."""
    codes, names = pd.factorize(group, sort=True)
    peers = [np.flatnonzero(stands_for(str(name), names)[codes]) for name in names]
    return [(places, codes[places] == code) for code, places in enumerate(peers)]


def _of_column(
    x: Floats, groups: Sequence[tuple[Places, npt.NDArray[np.bool_]]], levels: Floats, sides: Sequence[int]
) -> Floats:
    """Chance per subject; missing where nothing can be asked. Who may be odd on two sides is asked twice."""
    known = [(places[~np.isnan(x[places])], own[~np.isnan(x[places])]) for places, own in groups]
    known = [(places, own) for places, own in known if len(places)]
    gaps = [x[places] - np.median(x[places]) for places, _ in known]
    members = [(places[own], gap[own]) for (places, own), gap in zip(known, gaps, strict=True)]
    noise = likeliest_noise(members, levels)
    chance = np.full(len(x), np.nan)
    for side in sides:
        steadied = [side * gap / noise[places] for (places, _), gap in zip(known, gaps, strict=True)]
        for places, one_sided in _one_side(known, steadied):
            chance[places] = np.fmin(chance[places], np.minimum(1.0, one_sided * len(sides)))
    return chance


def _one_side(
    known: Sequence[tuple[Places, npt.NDArray[np.bool_]]], steadied: Sequence[Floats]
) -> Iterator[tuple[Places, Floats]]:
    """Chances of the members of each group whose upper tail tells something; those below the tail are as usual: 1."""
    tails = [(peers, tail) for peers, values in zip(known, steadied, strict=True) if (tail := Tail.of(values))]
    shape = shape_of([tail for _, tail in tails])
    for (places, own), tail in tails:
        chance = np.ones(len(places))
        chance[tail.places] = tail.chances(shape)
        yield places[own], chance[own]
