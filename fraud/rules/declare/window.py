"""The window of a rule: within which span its lines are held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Phrases of the national rules: without words of time, one encounter; 同时, 同天, one calendar day; 每日, a day over
# all encounters; N小时内, an exact difference; N天内, days back over the person. A partition is looked at as a whole.
WINDOWS = ("encounter", "same_day", "per_day_cross_encounter", "hours", "days_lag", "partition")
PARTITIONS = ("person", "person_provider", "provider", "practitioner")


@dataclass(frozen=True)
class Window:
    """Span and partition, as the rule's text means them.

    Parameters
    ----------
    kind : str
        One of `WINDOWS`.
    n : str or None
        Length: the name of one of the rule's parameters, in its unit; only for `hours`, `days_lag` and `partition`.
    partition_by : str
        One of `PARTITIONS`: whose claims are held against each other.
    """

    kind: str = "partition"
    partition_by: str = "person"
    n: str | None = None

    def faults(self, parameters: frozenset[str]) -> Iterator[str]:
        """Yield what is wrong with it, given the names of the rule's parameters."""
        if self.kind not in WINDOWS:
            yield f"window.kind {self.kind!r} is none of {', '.join(WINDOWS)}"
        if self.partition_by not in PARTITIONS:
            yield f"window.partition_by {self.partition_by!r} is none of {', '.join(PARTITIONS)}"
        if self.n is not None and self.n not in parameters:
            yield f"window.n {self.n!r} is no parameter of the rule"
        if self.n is not None and self.kind not in {"hours", "days_lag", "partition"}:
            yield f"window.n says a length, and {self.kind} has none"
