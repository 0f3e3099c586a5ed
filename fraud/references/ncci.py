"""NCCI edits as CMS publishes them each quarter: procedure pairs (PTP) and medically unlikely units (MUE).

Preamble lines stand before the header, and headings may take several lines, so that rows are told by what they hold.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.references.published import Published
    from fraud.references.records import Record, Sheetful

PTP, MUE = "procedure pairs (PTP)", "unlikely units (MUE)"
PTP_COLUMNS = ("ref_item_pairs.excluded_item_code",)
MUE_COLUMNS = ("ref_items.max_daily_quantity", "ref_items.max_daily_quantity_scope", "ref_items.is_max_daily_absolute")
_CODE = re.compile(r"[0-9A-Z]{5}")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?: 00:00:00)?")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NONE = ("", "*")
_ALLOWED = {"0": "false", "1": "true"}
# Of a file name: 2026q1, Eff_01-01-2026, or the version of the tables, whose 32.0 is the first quarter of 2026.
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])|q([1-4])[-_ ]?(20\d\d)", re.IGNORECASE)
_EFFECTIVE = re.compile(r"eff[-_. ]?(\d{2})[-_](\d{2})[-_](20\d\d)", re.IGNORECASE)
_VERSION = re.compile(r"-v(\d{2})([0-3])r\d", re.IGNORECASE)
_FIRST_YEAR, _FIRST_VERSION = 2026, 32
_HEADED = re.compile(
    r"column\s*[12]|hcpcs|cpt|modifier|\bMUE\b|rationale|deletion|effective|prior to|not allowed|existence",
    re.IGNORECASE,
)
_FEWEST_CELLS = 2


def quarter_of(file: str) -> tuple[str, date] | None:
    """Return the quarter that a file name tells, and its first day.

    Examples
    --------
    >>> quarter_of("medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip")
    ('2026Q2', datetime.date(2026, 4, 1))
    >>> quarter_of("MCR_MUE_PractitionerServices_Eff_10-01-2025.csv"), quarter_of("ccipra-v320r0-f1.txt")[0]
    (('2025Q4', datetime.date(2025, 10, 1)), '2026Q1')
    """
    if told := _QUARTER.search(file):
        year, quarter = int(told[1] or told[4]), int(told[2] or told[3])
    elif told := _EFFECTIVE.search(file):
        year, quarter = int(told[3]), (int(told[1]) + 2) // 3
    elif told := _VERSION.search(file):
        year, quarter = _FIRST_YEAR + int(told[1]) - _FIRST_VERSION, int(told[2]) + 1
    else:
        return None
    return f"{year}Q{quarter}", date(year, 3 * quarter - 2, 1)


def read_ptp(sheets: Iterable[Sheetful], found: Published) -> None:
    """Read pairs: column 1, column 2, prior to 1996, effective date, deletion date, modifier indicator, rationale.

    An edit whose deletion date is not after its effective date was never in force, and is counted and left out.
    """
    topic = found.topic(PTP, PTP_COLUMNS)
    for record, place in _edits(sheets, found):
        topic.n_points += 1
        cells = [*record.cells, *[""] * 7][:7]
        first, second, _, start, end, modifier, _ = cells
        reasons = [f"{said} in column {at + 1}" for at, said in record.no_texts.items()]
        reasons += [f"no procedure code: {plain_line(code)[:20]!r}" for code in (first, second) if not _is_code(code)]
        from_day, to_day = _day(start), _day(end)
        if from_day is None:
            reasons.append(f"no effective date: {plain_line(start)[:20]!r}")
        if to_day is None and end not in _NONE:
            reasons.append(f"no deletion date: {plain_line(end)[:20]!r}")
        is_over = from_day is not None and to_day is not None and to_day <= from_day
        if not is_over and modifier not in _ALLOWED:
            what = "the modifier indicator is 9 (not applicable), but the edit is in force"
            reasons.append(what if modifier == "9" else f"no modifier indicator: {plain_line(modifier)[:20]!r}")
        if first == second and first:
            reasons.append("a procedure excludes itself")
        if reasons:
            found.refuse(PTP, place, *reasons)
        elif is_over:
            topic.n_never += 1
        else:
            topic.n_used += 1
            topic.items.update((first, second))
            last = to_day.isoformat() if to_day else ""
            found.pairs[first, second, "same_day", _ALLOWED[modifier], str(from_day), last] = None


def read_mue(sheets: Iterable[Sheetful], found: Published) -> None:
    """Read units: code, MUE value, adjudication indicator (1 a line; 2 a day, absolute; 3 a day), rationale."""
    topic = found.topic(MUE, MUE_COLUMNS)
    for record, place in _edits(sheets, found):
        topic.n_points += 1
        code, most, indicator = [*record.cells, *[""] * 3][:3]
        reasons = [f"{said} in column {at + 1}" for at, said in record.no_texts.items()]
        if not _is_code(code):
            reasons.append(f"no procedure code: {plain_line(code)[:20]!r}")
        # A value of 0 forbids the procedure in this setting, which is no limit of a day.
        if not most.isdecimal():
            reasons.append(f"no number of units: {plain_line(most)[:20]!r}")
        if indicator[:1] not in {"1", "2", "3"}:
            reasons.append(f"no adjudication indicator: {plain_line(indicator)[:20]!r}")
        limits = {
            "max_daily_quantity": most,
            "max_daily_quantity_scope": "line" if indicator[:1] == "1" else "day",
            "is_max_daily_absolute": "true" if indicator[:1] == "2" else "false",
        }
        if found.items.get(code, limits) != limits:
            reasons.append(f"procedure {code} has other units in this edition")
        if reasons:
            found.refuse(MUE, place, *reasons)
        elif most == "0":
            topic.n_not_covered += 1
        else:
            topic.n_used += 1
            topic.items.add(code)
            found.items[code] = limits


def _edits(sheets: Iterable[Sheetful], found: Published) -> Iterable[tuple[Record, str]]:
    """Give the rows behind the header: what stands above it, and in it, is no edit; notices below count as notes."""
    for sheet in sheets:
        is_headed = has_edits = False
        where = plain_line(f"{sheet.file}{f' / {sheet.title}' if sheet.title else ''}")
        for record in sheet.records:
            filled = [cell for cell in record.cells if cell]
            heads = sum(_HEADED.search(cell) is not None for cell in record.cells[:6])
            is_heading = heads >= _FEWEST_CELLS or (heads > 0 and not has_edits and not _is_code(record.cells[0]))
            if not filled and not record.no_texts:
                continue
            if is_heading or not is_headed:
                is_headed = is_headed or heads >= _FEWEST_CELLS
            elif len(filled) == 1 and not _is_code(filled[0]) and not record.no_texts:
                found.n_notes += 1
            else:
                has_edits = True
                yield record, f"{where}, row {record.number}"


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _day(text: str) -> date | None:
    try:
        if told := _DAY.fullmatch(text):
            return date(int(told[1]), int(told[2]), int(told[3]))
        if told := _US_DAY.fullmatch(text):
            return date(int(told[3]), int(told[1]), int(told[2]))
    except ValueError:
        return None
    return None
