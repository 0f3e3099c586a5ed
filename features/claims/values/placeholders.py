"""Stand-ins of dates: what systems write into an optional date for "none" and for "open end", as data.

A null says both in the contract. What no date can be (0000-00-00), and what is a date that no system means as one
(1899-12-30, the day 0 of a spreadsheet; 9999-12-31), becomes null and is counted apart from cells that cannot be read.
Required dates have no "none": theirs stay what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.values import grammar
from features.claims.values.grammar import is_all
from features.engine import quoted

if TYPE_CHECKING:
    from features.claims.contract import Column

# Days that stand for "none", as they are written, and the days beside them that a zone makes of them.
NONE_DAYS = (
    *("0000-12-31", "0001-01-01", "0001-01-02"),  # the first day of most calendars
    *("1600-12-31", "1601-01-01"),  # day 0 of Windows
    *("1677-09-20", "1677-09-21", "1677-09-22"),  # the first day that nanoseconds reach
    *("1752-12-31", "1753-01-01"),  # the first day of SQL Server
    *("1840-12-31", "1841-01-01", "1858-11-17"),  # day 0 of MUMPS and of VMS
    *("1899-12-29", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01"),  # day 0 of spreadsheets
    *("1903-12-31", "1904-01-01"),  # day 0 of spreadsheets on a Macintosh
    *("1969-12-31", "1970-01-01"),  # second 0 of Unix
)
# Days that stand for "open end"; so does every day of a year that the grammar does not reach, such as 9999-12-31.
OPEN_DAYS = (
    *("2038-01-18", "2038-01-19"),  # the last second of Unix in 32 bits
    *("2079-06-05", "2079-06-06", "2079-06-07"),  # the last day of small dates of SQL Server
    *("2099-12-30", "2099-12-31", "2100-01-01", "2100-12-30", "2100-12-31"),
    *("2199-12-30", "2199-12-31", "2200-01-01", "2200-12-30", "2200-12-31"),
)
# Columns in which something begins: an open end is none of theirs, and cannot be read.
BEGINNINGS = frozenset(
    {
        *("agreement_start_date", "licence_start_date", "valid_from_date", "period_start_date"),
        *("admit_time", "procedure_time"),
    }
)

# A time of day behind a day, of any clock and zone.
_TAIL = r"([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?( ?[AaPp][Mm])?( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?)?"
_MONTH_DAY = "-[0-9]{2}-[0-9]{2}"
_NOTHING = (
    rf"0+([-/.]0+){{0,2}}{_TAIL}",  # 0, 00000000, 0000-00-00, 00/00/0000
    rf"-?000[01]{_MONTH_DAY}{_TAIL}",
    rf"[0-9]{{4,9}}{_MONTH_DAY} \(BC\){_TAIL}",
    # As spreadsheets show them: 1/0/1900, 12/30/1899, 1900/1/1.
    rf"0?1[/.]0?[01][/.](1900|0001){_TAIL}|1900[/.]0?1[/.]0?[01]{_TAIL}",
    rf"(12[/.]3[01]|3[01][/.]12)[/.]1899{_TAIL}|1899[/.]12[/.]3[01]{_TAIL}",
    rf"(0?1[- ]?[Jj][Aa][Nn][- ]?(1900|0001)|3[01][- ]?[Dd][Ee][Cc][- ]?1899){_TAIL}",
    r"NaT|nat|-infinity|-9223372036854775808|无",
)
_BEYOND = (
    rf"[+]?([3-9][0-9]{{3}}|2[3-9][0-9]{{2}}|22[1-9][0-9]|220[1-9]|[1-9][0-9]{{4,8}}){_MONTH_DAY}{_TAIL}",
    rf"2262-04-1[0-2]{_TAIL}",  # the last day that nanoseconds reach
    rf"(12[-/.]3[01]|3[01][-/.]12)[-/.](9999|2999){_TAIL}|(9999|2999)[/.]12[/.]3[01]{_TAIL}",
    rf"3[01][- ]?[Dd][Ee][Cc][- ]?(9999|4712|2999){_TAIL}",
    r"(9999|4712|3000|2999)(12(30|31)|0101)|99999999|infinity|9223372036854775807",
    "长期|长期有效|永久|永久有效|无限期|至今",
)


def meanings(column: Column) -> tuple[str, ...]:
    """Return what the stand-ins of a column may mean: "none", and where nothing begins in it "open end".

    Examples
    --------
    >>> from features.claims.contract import TABLES
    >>> meanings(TABLES["persons"].by_name["death_date"]), meanings(TABLES["persons"].by_name["birth_date"])
    (('none', 'open end'), ())
    """
    if column.required or not column.is_dated:
        return ()
    return ("none",) if column.name in BEGINNINGS else ("none", "open end")


def placeholder(column: Column, text: str, value: str) -> str | None:
    """Return SQL that is true where a text stands for nothing; None where the column knows no such text.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of the cell's text and of its parsed value: what is a day is known by its day, whatever its form.
    """
    if not meanings(column):
        return None
    (written,) = stand_in(column, text)
    in_years = [day for day in _days(column) if grammar.FIRST_YEAR <= int(day[:4]) <= grammar.LAST_YEAR]
    readable = [day for day in in_years if not day.endswith("-00")]
    known = ", ".join(f"date {quoted(day)}" for day in readable)
    is_known = f"case when {value} is null then {written} else cast({value} as date) in ({known}) end"
    return f"case when {text} is not null then {is_known} else false end"


def stand_in(column: Column, text: str) -> list[str]:
    """Return SQL that is true for the texts that stand for nothing in a column; nothing where it knows none."""
    means = meanings(column)
    if not means:
        return []
    patterns = [*_NOTHING, f"({'|'.join(_days(column))}){_TAIL}", *(_BEYOND if "open end" in means else ())]
    return [is_all(text, "|".join(f"({pattern})" for pattern in patterns))]


def _days(column: Column) -> tuple[str, ...]:
    return (*NONE_DAYS, *OPEN_DAYS) if "open end" in meanings(column) else NONE_DAYS
