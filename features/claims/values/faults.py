"""What may be wrong with a cell, and whether that costs the row or the cell alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from features.claims.staging.line_serials import is_serial
from features.claims.values import grammar
from features.claims.values.grammar import MAX_CHARACTERS, NO_TEXT, is_all
from features.claims.values.number_ids import id_faults
from features.engine import quoted

if TYPE_CHECKING:
    from features.claims.contract import Column, Table

# Optional columns whose cell says what the row means: without it the row would say something else.
MEANING = frozenset(
    {
        # which row it takes back, or takes the place of
        *("is_reversal", "original_settlement_id", "original_line_number", "original_line_serial"),
        *("claim_id", "version_number", "replaces_settlement_id"),
        # from when to when a limit holds, and for what
        *("valid_from_date", "valid_to_date", "max_daily_quantity_scope", "modifier_allowed"),
        # what makes repeats lawful
        "is_split_pack",
    }
)
# Tables whose rows are decisions of people, taken whole.
WHOLE = frozenset({"labels"})


class Fault(NamedTuple):
    """What may be wrong with a cell.

    Parameters
    ----------
    condition, reason : str
        SQL that is true where it is wrong, and SQL of what is then said, see `in_words`.
    costs_row : bool
        Whether the row is kept out of the store; otherwise it is kept without the cell.
    """

    condition: str
    reason: str
    costs_row: bool = False


def costs_row(table: Table, column: Column) -> bool:
    """Whether a cell that cannot be read keeps its row out of the store; of other columns it costs the cell alone.

    Examples
    --------
    >>> from features.claims.contract import TABLES
    >>> persons = TABLES["persons"]
    >>> [costs_row(persons, persons.by_name[name]) for name in ("person_id", "birth_date", "death_date")]
    [True, True, False]
    """
    return column.required or column.name in {*table.key, *MEANING} or table.name in WHOLE


def faults(column: Column, text: str, value: str, zone: str | None = None) -> list[Fault]:
    """Return what may be wrong with a cell; of what is wrong the first is said.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of the cell's text and of its parsed value.
    zone : str, optional
        As in `value_sql`.
    """
    name = column.name
    found = []
    if column.required:
        found.append(Fault(f"{text} is null", quoted(f"{name}: empty")))
    if column.type == "string" or column.values:
        found.append(Fault(f"{text} < chr(1)", _no_text(name, text)))  # begins with NO_TEXT: cheaper than a function
        # Bytes are known, characters are counted.
        is_long = f"case when strlen({text}) > {MAX_CHARACTERS} then length({text}) > {MAX_CHARACTERS} end"
        found.append(Fault(is_long, quoted(f"{name}: longer than {MAX_CHARACTERS:,} characters")))
    if column.type != "string":
        is_unread = f"({text} is not null and {value} is null)"
        if column.is_dated and zone is None:
            said = f"{name}: an instant with an offset, and the mapping declares no zone"
            # The mapping is at fault here and not the cell.
            is_instant = f"case when {is_unread} then {is_all(text, grammar.INSTANT)} end"
            found.append(Fault(is_instant, quoted(said), costs_row=True))
        found.append(Fault(is_unread, _unread(column, text)))
    found += [Fault(condition, reason) for condition, reason in id_faults(column, text)]
    if name == "month":
        found.append(Fault(f"not {is_all(text, grammar.MONTH)}", quoted("month: not YYYY-MM")))
    return found


def in_words(reason: str) -> str:
    """Return SQL of a reason in words where it is the name of a column and a text that is none, see `NO_TEXT`.

    It is asked of the few reasons there are: written out for each column it was half of what typing a table took.
    """
    place = f"strpos({reason}, {NO_TEXT})"
    said, otherwise = _said_of("")
    cases = " ".join(f"when {mark} then {quoted(words)}" for mark, words in said.items())
    words = f"case substr({reason}, {place}) {cases} else {quoted(otherwise)} end"
    return f"case when {place} > 0 then substr({reason}, 1, {place} - 1) || {words} else {reason} end"


def _said_of(name: str) -> tuple[dict[str, str], str]:
    """Return what is said of a column's texts that are none: by mark, and of all others."""
    said = {
        grammar.FAILED: f"{name}: the expression of the mapping fails on this row",
        grammar.UNFORMED: f"{name}: in none of the forms that the mapping declares",
        grammar.DIFFERS: f"{name}: the rows of the group differ",
        grammar.NOT_FOUND: f"{name}: the look-up does not know it",
        grammar.SEVERAL: f"{name}: the look-up gives several values",
        grammar.CIRCLE: f"{name}: the look-up goes round in a circle, or takes too many steps",
    }
    return said, f"{name}: not a text"


def _no_text(name: str, text: str) -> str:
    return f"{quoted(name)} || {text}"


def _unread(column: Column, text: str) -> str:
    """Return SQL of the reason why a text is no value; only faulty rows are asked, so it may take its time."""
    name = column.name
    # Of a text it has been said before.
    cases = [] if column.values else [f"when starts_with({text}, {NO_TEXT}) then {_no_text(name, text)}"]
    if column.name in {"line_number", "original_line_number"}:
        said = f"{name}: a serial among whole numbers: map it as line_serial, which numbers the lines of a bill"
        cases.append(f"when {is_serial(text)} then {quoted(said)}")
    if column.scale is not None and column.precision is not None:
        digits = column.precision - column.scale
        said = f"{name}: a number of more than {digits} digits before the point"
        cases.append(f"when {is_all(text, grammar.long_number(digits))} then {quoted(said)}")
    wanted = quoted(f"{name}: {_wanted(column)}")
    return f"case {' '.join(cases)} else {wanted} end" if cases else wanted


def _wanted(column: Column) -> str:
    if column.values:
        return f"not one of {', '.join(column.values)}"
    if column.scale is not None:
        return f"not a number of at most {column.scale} decimals"
    return _WANTED[column.type]


_WANTED = {
    "boolean": "not true or false",
    "date": "not a date",
    "float": "not a number",
    "integer": "not a whole number",
    "timestamp": "not a timestamp",
}
