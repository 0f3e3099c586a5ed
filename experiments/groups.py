"""Groups of subjects that are never on both sides of a split: of one owner, or of one ring."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Groups(NamedTuple):
    """The group of each subject, and what joined them.

    Parameters
    ----------
    of : Series
        Group by subject.
    joined_by : str
        `owner and ring`, or `owner` where rings would have joined too many.
    """

    of: pd.Series
    joined_by: str


def join_groups(owners: pd.Series, rings: pd.Series, *, max_share: float) -> Groups:
    """Join subjects of one owner or of one ring, and whoever these join in turn.

    Parameters
    ----------
    owners : Series
        Owner by subject.
    rings : Series
        Ring by core member; members that are no subject are passed over.
    max_share : float
        Largest share of the subjects that one group may hold. Beyond it folds could not be filled evenly, and rings
        are left out; a group of one owner stays whole however large.

    Returns
    -------
    Groups
        A group is named after the first of its owners.

    Examples
    --------
    >>> import pandas as pd
    >>> owners = pd.Series({"H1": "G1", "H2": "G1", "H3": "H3", "H4": "H4"})
    >>> ring = pd.Series({"H2": "R1", "H3": "R1", "H9": "R1"})
    >>> join_groups(owners, ring, max_share=0.8).of.tolist()
    ['G1', 'G1', 'G1', 'H4']
    >>> join_groups(owners, ring, max_share=0.5).joined_by
    'owner'
    """
    root = {owner: owner for owner in owners.unique()}

    def find(owner: str) -> str:
        while root[owner] != owner:
            root[owner] = root[root[owner]]
            owner = root[owner]
        return owner

    held = owners.reindex(rings.index).dropna()
    for _, members in held.groupby(rings.reindex(held.index)):
        first, *others = sorted({find(owner) for owner in members})
        root.update(dict.fromkeys(others, first))
    joined = owners.map(find)
    if joined.value_counts().max() > max(max_share * len(joined), owners.value_counts().max()):
        return Groups(owners, "owner")
    return Groups(joined, "owner and ring")
