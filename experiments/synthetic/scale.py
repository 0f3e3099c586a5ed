"""The three sizes of city that the command line offers by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How many people live in a city and how many providers serve them."""

    persons: int
    providers: int


SCALES = {
    "small": Scale(persons=4_000, providers=40),
    "medium": Scale(persons=80_000, providers=600),
    "large": Scale(persons=600_000, providers=3_000),
}
