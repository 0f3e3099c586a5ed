"""An edition: what was published, by whom, when, and since which day it is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line
from fraud.references.ncci import quarter_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.references.published import Published

KINDS = ("knowledge_points", "ncci_ptp", "ncci_mue")
PUBLISHERS = {
    "knowledge_points": "国家医疗保障局 (NHSA)",
    "ncci_ptp": "Centers for Medicare & Medicaid Services (CMS)",
    "ncci_mue": "Centers for Medicare & Medicaid Services (CMS)",
}
_NAMES = {"ncci_ptp": "NCCI PTP", "ncci_mue": "NCCI MUE"}
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_LONGEST = 100


@dataclass(frozen=True)
class Edition:
    """One edition.

    Parameters
    ----------
    name : str
        As references and findings name it.
    kind : str
        One of `KINDS`.
    published, valid_from : date, optional
        When it was published; first day on which its limits are looked at. Pairs of NCCI have days of their own.
    """

    name: str
    kind: str
    published: date | None
    valid_from: date | None

    def rows(self, found: Published) -> list[dict[str, str]]:
        """Return its rows of `ref_editions`, one a topic, with what became of what was published."""
        return [
            {
                "edition": self.name,
                "topic": topic,
                "kind": self.kind,
                "publisher": PUBLISHERS[self.kind],
                "published_date": _text(self.published),
                "valid_from_date": _text(self.valid_from),
                "limited_columns": "|".join(each.columns),
                "n_points": str(each.n_points),
                "n_points_used": str(each.n_used),
                "n_points_not_covered": str(each.n_not_covered),
                "n_points_refused": str(each.n_refused),
                "n_items": str(len(each.items)),
            }
            for topic, each in sorted(found.topics.items())
            if each.n_points
        ]


def edition_of(
    kind: str, files: Iterable[str], name: str | None, published: date | None, valid_from: date | None
) -> Edition:
    """Name and date an edition: as given, else as the names of its files tell.

    Raises
    ------
    InputError
        Its name or its first day cannot be told, or the name cannot stand in a list of names.

    Examples
    --------
    >>> edition_of("ncci_mue", ["MCR_MUE_PractitionerServices_Eff_01-01-2026.csv"], None, None, None)
    Edition(name='NCCI MUE 2026Q1', kind='ncci_mue', published=None, valid_from=datetime.date(2026, 1, 1))
    """
    named = list(files)
    quarter = next(filter(None, map(quarter_of, named)), None) if kind in _NAMES else None
    given = name or (f"{_NAMES[kind]} {quarter[0]}" if quarter else "")
    what, hint = "edition", "name it with --edition"
    if not given.strip():
        raise InputError.of(what, f"of {plain_line(named[0])!r}", "no name, and the file tells none", hint)
    if "|" in given or len(given) > _LONGEST or plain_line(given) != given:
        raise InputError.of(
            what, repr(plain_line(given)[:_LONGEST]), f"a bar, a line break, or more than {_LONGEST} characters", hint
        )
    told = next(filter(None, map(_day_in, named)), None)
    day = valid_from or (quarter[1] if quarter else None) or published or told
    if kind == "ncci_ptp":
        day = valid_from
    elif day is None:
        got = "no first day, and the file tells none"
        raise InputError.of(what, repr(given), got, "give it with --valid-from YYYY-MM-DD")
    return Edition(given, kind, published or (told if kind == "knowledge_points" else None), day)


def _day_in(file: str) -> date | None:
    for year, month, day in _DAY.findall(file):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
