"""The way between two providers: how far they lie apart, and what tells that nobody had to go it."""

from __future__ import annotations

_EARTH_KM = 6_371
# Roads are longer than the straight line between two places; our proposal.
ROAD = 1.3


def kilometres(one: str, other: str) -> str:
    """Return SQL of the kilometres between two rows of providers as the crow flies, null where a place is not known."""
    return f"""2 * {_EARTH_KM} * asin(least(1.0, sqrt(
                   pow(sin(radians({other}.latitude - {one}.latitude) / 2), 2)
                   + cos(radians({one}.latitude)) * cos(radians({other}.latitude))
                     * pow(sin(radians({other}.longitude - {one}.longitude) / 2), 2))))"""


def is_same_group(one: str, other: str) -> str:
    """Return the predicate that two rows of providers belong to one group, whose staff and systems are shared."""
    return f"coalesce({one}.group_id = {other}.group_id, false)"


def is_internet(one: str, other: str) -> str:
    """Return the predicate that one of two rows of providers is an internet hospital."""
    return f"({one}.provider_type = 'internet_hospital' or {other}.provider_type = 'internet_hospital')"
