"""What a text must look like to be a value: the whole of it, before the engine reads it.

The engine's casts take more than people mean (`1_000`, `epoch`, `24:00`, digits that they cut), so no cast decides.
Patterns are RE2's; they take ASCII digits only.
"""

from __future__ import annotations

from features.engine import quoted

# What begins with this is no text of a source: a nested or binary cell, or a step of the mapping that fails on a row.
NO_TEXT = "chr(0)"
FAILED = "chr(0) || 'failed'"
UNFORMED = "chr(0) || 'form'"
DIFFERS = "chr(0) || 'differs'"
NOT_FOUND = "chr(0) || 'not found'"
SEVERAL = "chr(0) || 'several'"
CIRCLE = "chr(0) || 'circle'"
# A name as billed has some hundred at most; what is longer is a file in a cell.
MAX_CHARACTERS = 10_000
# Beyond these years a date is a typing error or a placeholder; 9999-12-31 stands for "open" in many extracts.
FIRST_YEAR, LAST_YEAR = 1850, 2200
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
# The longest whole numbers that surely fit 64 bits.
WHOLE_DIGITS = 18

_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9](:[0-5][0-9])?|[0-5][0-9])?)"
LOCAL_TIME = f"{_DATE}([ T]{_TIME})?"
# As spreadsheets show a day: the year comes first, so that nothing is guessed.
SLASHED = "[0-9]{4}/(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])( ([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?"
SLASHED_FORMS = ("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S")
INSTANT = f"{_DATE}[ T]{_TIME}{_OFFSET}"
MONTH = "(18[5-9][0-9]|19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])"
FLOAT = r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})"


def decimal(digits: int, scale: int) -> str:
    r"""Return the pattern of a number of so many digits before the point and after it; further zeros may follow.

    Examples
    --------
    >>> decimal(14, 0)
    '[+-]?0*[0-9]{1,14}(\\.0*)?'
    """
    if not scale:
        return rf"[+-]?0*[0-9]{{1,{digits}}}(\.0*)?"
    return rf"[+-]?(0*[0-9]{{1,{digits}}}(\.[0-9]{{0,{scale}}}0*)?|\.[0-9]{{1,{scale}}}0*)"


def long_number(digits: int) -> str:
    """Return the pattern of a number of more digits before the point."""
    return rf"[+-]?0*[1-9][0-9]{{{digits},}}(\.[0-9]*)?"


def is_all(text: str, pattern: str) -> str:
    """Return SQL for "the whole text follows the pattern"."""
    return f"regexp_full_match({text}, {quoted(pattern)})"
