"""Tell of items whose limits were not checked, because every bill of theirs names another item than the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.outside import plain_line
from fraud.cli.session import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SHOWN = 5


def say_other_named(items: Sequence[str]) -> None:
    """Tell how many items there are, and name the first; nothing where there are none."""
    if items:
        first = ", ".join(plain_line(each) for each in items[:_MOST_SHOWN])
        say(
            f"not checked: limits of items ({len(items):,}) whose every bill names another item than the reference: "
            f"{first}"
        )
