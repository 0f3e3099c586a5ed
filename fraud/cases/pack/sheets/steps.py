"""Steps of a calculation, and the sheets that list them: part, item, value, and how the value comes about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from features.vocabulary.text import Text
from fraud.cases.pack import workbook_words as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fraud.cases.pack.sheets.writer import SheetWriter

_COLUMNS = ((words.PART, 22), (words.ITEM, 40), (words.VALUE, 24), (words.HOW, 90))


@dataclass(frozen=True)
class Step:
    """One row of a calculation: what it adds, its value and how the value comes about.

    Parameters
    ----------
    part, item : Text
        What is calculated; what this row adds.
    how : Text
        How the value comes about.
    value : int, float, str, Text or None
        Money is in minor units.
    kind : str
        How to show the value.
    """

    part: Text
    item: Text
    how: Text
    value: int | float | str | Text | None
    kind: Literal["money", "number", "integer", "text"]


def write_steps_of_cases(sheet: SheetWriter, cases: Sequence[tuple[str, Iterable[Step]]]) -> int:
    """Write the steps of every case, each after the id of its case; return the rows."""
    sheet.head([(words.CASE, 17), *_COLUMNS], n_frozen=1)
    for case_id, steps in cases:
        for step in steps:
            sheet.write([("text", case_id), *_cells(step, sheet.lang)])
    return sheet.filter(len(_COLUMNS) + 1)


def write_steps(sheet: SheetWriter, steps: Iterable[Step]) -> int:
    """Write the steps of one calculation; return the rows."""
    sheet.head(_COLUMNS, n_frozen=0)
    for step in steps:
        sheet.write(_cells(step, sheet.lang))
    return sheet.filter(len(_COLUMNS))


def _cells(step: Step, lang: str) -> list[tuple[str, Any]]:
    value = step.value.of(lang) if isinstance(step.value, Text) else step.value
    return [
        ("text", step.part.of(lang)),
        ("text", step.item.of(lang)),
        (step.kind, value),
        ("long", step.how.of(lang)),
    ]
