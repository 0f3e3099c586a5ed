"""A set-aside: whose findings of which rule are not shown, until when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class SetAside:
    """One set-aside.

    Parameters
    ----------
    name : str
        `S-1`, `S-2`, … in the order in which they were begun.
    rule : str
        Code of the rule.
    until : date
        Last day on which it is in force.
    reason : str
        Why, in the words of whoever began it.
    subject_type, subject_id : str
        About whom alone, persons under their pseudonym; both empty for everybody.
    items : tuple of str
        Codes of the items alone of which it speaks, sorted; empty for all.
    since : date or None
        First day on which it is in force; None for every day before the last.
    """

    name: str
    rule: str
    until: date
    reason: str
    subject_type: str = ""
    subject_id: str = ""
    items: tuple[str, ...] = ()
    since: date | None = None

    @property
    def names(self) -> str:
        """What it speaks of, as one writes it on the command line.

        Examples
        --------
        >>> from datetime import date
        >>> SetAside("S-1", "duplicate_line", date(2026, 6, 30), "…", "provider", "H1", ("I1", "I2")).names
        'duplicate_line, provider:H1, I1, I2'
        """
        subject = (f"{self.subject_type}:{self.subject_id}",) if self.subject_type else ()
        return ", ".join((self.rule, *subject, *self.items))

    def is_in_force(self, day: date) -> bool:
        """Whether a month that is looked at as of a day leaves out what it names.

        Examples
        --------
        >>> from datetime import date
        >>> one = SetAside("S-1", "duplicate_line", date(2026, 6, 30), "the hospital mends its till")
        >>> one.is_in_force(date(2026, 6, 30)), one.is_in_force(date(2026, 7, 31))
        (True, False)
        """
        return day <= self.until and (self.since is None or self.since <= day)
