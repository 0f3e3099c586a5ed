"""The review lists of one entity's month: who has which place, and why not an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.entities import ID_COLUMNS, PHARMACIES
from fraud.rings.core import core_rings
from fraud.scoring.review_list.leading_schemes import leading_schemes
from fraud.scoring.review_list.places import Candidate, fill_places

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.entities import Entity
    from fraud.rings import Rings
    from fraud.scoring.review_list.places import Mark, Place
    from fraud.settings import ReviewListSettings

PHARMACY = "pharmacy"
LEAD, FOLDED = "lead", "folded"
# Caps, and the columns of `review_places` that they count.
CAPS = {"scheme": "scheme_code", "kind": "kind", "region": "region_code"}
_DECIDED = ["place", "role", "held_from_place", "held_by", "lifted"]


@dataclass(frozen=True)
class ReviewLists:
    """The review lists of one entity's month.

    Parameters
    ----------
    scores : DataFrame
        The score table with `list` and `list_place`.
    places : DataFrame
        Rows of `review_places`: the subjects of every list's first places.
    """

    scores: pd.DataFrame
    places: pd.DataFrame


def make_lists(
    entity: Entity,
    scores: pd.DataFrame,
    *,
    findings: pd.DataFrame,
    rings: Rings,
    attributes: pd.DataFrame,
    settings: ReviewListSettings,
) -> ReviewLists:
    """Give every scored subject its list and its place there.

    Parameters
    ----------
    entity : str
        Whose scores.
    scores : DataFrame
        Score table, with rank.
    findings : DataFrame
        All findings of the month.
    rings : Rings
        Of the month.
    attributes : DataFrame
        What registers say of the subjects, index their ids; kind and region of providers are capped.
    settings : ReviewListSettings
        Shares, and for how many places they hold.
    """
    subjects = _subjects(entity, scores, findings, rings, attributes)
    filled = [_fill(own.sort_values("rank"), settings) for _, own in subjects.groupby("list", sort=True)]
    placed = pd.concat([subjects.iloc[:0].assign(**dict.fromkeys(_DECIDED)), *filled])
    scored = scores.assign(
        list=subjects["list"].to_numpy(), list_place=placed["place"].sort_index().to_numpy(dtype=int)
    )
    return ReviewLists(scored, placed[placed["place"] <= settings.capped_places])


def _subjects(
    entity: Entity, scores: pd.DataFrame, findings: pd.DataFrame, rings: Rings, attributes: pd.DataFrame
) -> pd.DataFrame:
    """One row per subject in the order of the scores: the columns of `review_places` that are known beforehand."""
    ids = pd.Index(scores[ID_COLUMNS[entity]].astype(str))
    core = core_rings(rings.rings, rings.members)
    ring_of = core[core["subject_type"] == entity].set_index("subject_id")["ring_id"]
    leading = leading_schemes(findings[findings["subject_type"] == entity])
    known = attributes.reindex(columns=["provider_type", "region_code"])
    told = {
        "ring_id": ring_of,
        "scheme_code": leading,
        "kind": known["provider_type"],
        "region_code": known["region_code"],
    }
    subjects = pd.DataFrame(
        {
            "subject_type": entity,
            "subject_id": ids,
            "month": scores["month"].to_numpy(),
            "rank": scores["rank"].to_numpy(),
            **{name: of.reindex(ids).astype(object).fillna("").to_numpy() for name, of in told.items()},
        }
    )
    is_pharmacy = subjects["kind"].isin(PHARMACIES) & (entity == "provider")
    return subjects.assign(list=is_pharmacy.map({True: PHARMACY, False: entity}))


def _fill(subjects: pd.DataFrame, settings: ReviewListSettings) -> pd.DataFrame:
    """Fill the places of one list, whose subjects come by rank."""
    told = list(zip(*(subjects[name].tolist() for name in ("ring_id", *CAPS.values())), strict=True))
    # Most persons are alike, having neither a ring nor a scheme.
    alike = {values: _candidate(*values) for values in set(told)}
    candidates = [alike[values] for values in told]
    places = fill_places(candidates, _shares(subjects, settings), capped=settings.capped_places)
    decided = {position: _decided(place, position) for place in places for position in (place.lead, *place.folded)}
    rows = [decided[position] for position in range(len(subjects))]
    return subjects.join(pd.DataFrame(rows, columns=_DECIDED, index=subjects.index))


def _candidate(ring: str, *values: str) -> Candidate:
    return Candidate(ring, tuple((cap, value) for cap, value in zip(CAPS, values, strict=True) if value))


def _shares(subjects: pd.DataFrame, settings: ReviewListSettings) -> Callable[[Mark], float]:
    """Return the share of each mark: a kind or region that most of a list is of may have as much of its places."""
    given = {"scheme": settings.max_scheme_share, "kind": settings.max_kind_share, "region": settings.max_region_share}
    counts = {cap: subjects[CAPS[cap]].value_counts() for cap in ("kind", "region")}
    own = {(cap, str(value)): n / len(subjects) for cap, of in counts.items() for value, n in of.items()}
    return lambda mark: max(given[mark[0]], own.get(mark, 0.0))


def _decided(place: Place, position: int) -> tuple[object, ...]:
    role = LEAD if position == place.lead else FOLDED
    return place.number, role, place.held_from, list(place.held_by), list(place.lifted)
