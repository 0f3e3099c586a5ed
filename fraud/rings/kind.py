"""A kind of ring: its code, scheme and words, and the search that finds its rings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from features.vocabulary.schemes import check_schemes
from fraud.rings.result import EDGE_COLUMNS, MEMBER_COLUMNS, PATIENT, RING_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from features.vocabulary.text import Text
    from fraud.settings import RingSettings

# What `find_rings` adds to the figures of every kind.
_ADDED = {"ring_id", "month", "ring_type", "status", "reason_en", "reason_zh"}
_FIGURES = RING_COLUMNS.keys() - _ADDED
_OF_A_MEMBER = MEMBER_COLUMNS.keys() - {"ring_id"}
_OF_AN_EDGE = EDGE_COLUMNS.keys() - {"ring_id"}


class LinkTables(Protocol):
    """What is needed of `features.links.Links`: who went where, who lives where, what each provider is."""

    @property
    def edges(self) -> pd.DataFrame:
        """One row per person and provider."""

    @property
    def persons(self) -> pd.DataFrame:
        """One row per person."""

    @property
    def providers(self) -> pd.DataFrame:
        """One row per provider."""


@dataclass(frozen=True)
class FoundRing:
    """One ring as its kind found it; its id and status come from the ledger.

    Parameters
    ----------
    figures : mapping
        The columns of `Rings.rings` but ring_id, month, ring_type, status and the reasons.
    members, edges : list of dict
        Rows of `Rings.members` and `Rings.edges`, without ring_id.
    core : tuple of str
        Members that carry the ring, patients apart, ascending: a newborn ring is named after them.
    reason : Text
        Why the ring is worth a look, and what may explain it innocently.

    Raises
    ------
    ValueError
        A column is missing or unknown, or there is no member that is not a patient.

    Examples
    --------
    >>> from features.vocabulary.text import Text
    >>> FoundRing({"n_providers": 3}, [], [], ("P1",), Text("Why.", "理由"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: figures of a ring: amount, expected, ... are missing
    """

    figures: Mapping[str, object]
    members: list[dict[str, object]]
    edges: list[dict[str, object]]
    core: tuple[str, ...]
    reason: Text

    def __post_init__(self) -> None:
        _check_columns("figures of a ring", self.figures, _FIGURES)
        for member in self.members:
            _check_columns("member of a ring", member, _OF_A_MEMBER)
        for edge in self.edges:
            _check_columns("edge of a ring", edge, _OF_AN_EDGE)
        if not self.core or not set(self.core) <= self.providers:
            raise ValueError("core of a ring: must be some of its members, patients apart")

    @property
    def providers(self) -> frozenset[str]:
        """Members by which the ring is known again next month: all but the patients."""
        return frozenset(str(one["member_id"]) for one in self.members if one["member_type"] != PATIENT)


@dataclass(frozen=True)
class FoundRings:
    """What the search of one kind returns.

    Parameters
    ----------
    rings : tuple of FoundRing
        The strongest first.
    n_withheld : int
        Candidates not reported, because the data are too coarse to tell them from innocence.
    """

    rings: tuple[FoundRing, ...] = field(default=())
    n_withheld: int = 0


@dataclass(frozen=True)
class RingKind:
    """One kind of ring.

    Parameters
    ----------
    code : str
        `ring_type` of its rings, and the code of its findings.
    name : Text
        In the field's words.
    scheme_code : str
        Scheme that its findings name.
    version : str
        Of the method; another version gives other finding ids.
    basis : str
        Method and source, in both languages, as the articles of rules are.
    find : callable
        From links and settings to the rings of this kind.
    member_reason : callable
        From a row of `Rings.members` and its row of `Rings.rings` to what the member has to do with the ring.

    Raises
    ------
    ValueError
        The scheme has no words.
    """

    code: str
    name: Text
    scheme_code: str
    version: str
    basis: str
    find: Callable[[LinkTables, RingSettings], FoundRings]
    member_reason: Callable[[Mapping[str, object], Mapping[str, object]], Text]

    def __post_init__(self) -> None:
        check_schemes([self.scheme_code], f"ring kind {self.code!r}")


def _check_columns(what: str, row: Mapping[str, object], expected: set[str]) -> None:
    for names, fault in ((expected - row.keys(), "missing"), (row.keys() - expected, "unknown")):
        if names:
            raise ValueError(f"{what}: {', '.join(sorted(names))} {'are' if len(names) > 1 else 'is'} {fault}")
