"""Check the values of a returned decision, whatever way it came: every reason against it, in words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from features.claims import Column

MAX_NOTE = 2_000
_MAX_TEXT = 500
# Nothing that is reviewed is older than this.
_FIRST_DAY = date(2000, 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,2})?")
_FRACTION = re.compile(r"[01](\.[0-9]{1,30})?")
# Made where the file does not give them.
_MADE = {"label_id", "known_date"}


def value_faults(cells: Mapping[str, str], today: date) -> list[str]:
    """Return what is wrong with the values of a row.

    Parameters
    ----------
    cells : mapping of str to str
        Texts under the contract's names.
    today : date
        The last day on which anything can have been decided or become known.

    Examples
    --------
    >>> value_faults({"subject_type": "provider", "subject_id": "H1", "decision": "unfounded",
    ...     "decided_date": "2199-01-01", "confirmed_amount": "-5"}, date(2026, 7, 1))
    ['decided_date: after today, 2026-07-01', 'confirmed_amount: below 0']
    """
    found = []
    for column in TABLES["labels"].columns:
        text = cells.get(column.name, "")
        if text:
            found += [f"{column.name}: {why}" for why in _faults(column, text, today)]
        elif column.required and column.name not in _MADE:
            found.append(f"{column.name}: empty")
    note = cells.get("note", "")
    if len(note) > MAX_NOTE:
        found.append(f"note: longer than {MAX_NOTE:,} characters")
    if _is_above(cells.get("recovered_amount", ""), cells.get("confirmed_amount", "")):
        found.append("recovered_amount: more than confirmed_amount; correct one of them")
    if "known_date" in cells and cells["known_date"] < cells.get("decided_date", ""):
        found.append("known_date: before decided_date")
    if "period_start_date" in cells and cells["period_start_date"] > cells.get("period_end_date", "9"):
        found.append("period_start_date: after period_end_date")
    return found


def _is_above(one: str, other: str) -> bool:
    """Whether one amount is above the other; what is no amount has a reason of its own."""
    if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
        return False
    return Decimal(one) > Decimal(other)


def _faults(column: Column, text: str, today: date) -> Iterator[str]:
    if len(text) > _MAX_TEXT:
        yield f"longer than {_MAX_TEXT} characters"
    elif any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        yield "holds control characters, such as a line end"
    elif column.values and text not in column.values:
        yield f"not one of {', '.join(column.values)}"
    elif column.scale is not None and not _NUMBER.fullmatch(text):
        yield f"not a number of at most {column.scale} decimals"
    elif column.scale is not None and text.startswith("-"):
        yield "below 0"
    elif column.name == "selection_probability" and not (_FRACTION.fullmatch(text) and 0 < float(text) <= 1):
        yield "not a probability above 0 and at most 1"
    elif column.type == "date":
        yield from _day_faults(text, today)


def _day_faults(text: str, today: date) -> Iterator[str]:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        yield "not a date"
    elif day < _FIRST_DAY:
        yield f"before {_FIRST_DAY.isoformat()}"
    elif day > today:
        yield f"after today, {today.isoformat()}"
