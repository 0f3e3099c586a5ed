"""One cell of a typed row, as SQL: what is against it, whether it stands for nothing, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.values.faults import costs_row, faults
from features.claims.values.placeholders import meanings, placeholder

if TYPE_CHECKING:
    from typing import Self

    from features.claims.contract import Column, Table
    from features.claims.values.faults import Fault


@dataclass(frozen=True)
class Cell:
    """A cell, in a relation `t` that holds its text, its parsed value, and whether the row has a cell of each kind.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of its text and of its parsed value.
    faults : tuple of Fault
        What may be wrong with it.
    nothing : str, optional
        Name of what is true where the text stands for nothing; None where no text of the column does.
    """

    column: Column
    text: str
    value: str
    faults: tuple[Fault, ...]
    nothing: str | None

    @classmethod
    def of(cls, table: Table, column: Column, zone: str | None) -> Self:
        """Return the cell of a column; `zone` is as in `value_sql`."""
        text, value = f"t.{column.name}", f"_value_{column.name}"
        nothing = f"_nothing_{column.name}" if meanings(column) else None
        beside = f" and not {nothing}" if nothing is not None else ""
        is_of_row = costs_row(table, column)
        found = tuple(
            fault._replace(condition=f"{fault.condition}{beside}", costs_row=fault.costs_row or is_of_row)
            for fault in faults(column, text, value, zone)
        )
        return cls(column, text, value, found, nothing)

    def nothing_sql(self) -> str | None:
        """Return SQL that is true where the text stands for nothing."""
        return placeholder(self.column, self.text, self.value)

    def reason(self) -> str:
        """Return SQL of what is said of the cell; null where nothing is."""
        return f"case {' '.join(f'when {fault.condition} then {fault.reason}' for fault in self.faults)} end"

    def kept(self) -> str:
        """Return SQL of what is stored: null for what stands for nothing, and for a cell that is left unread."""
        if self.nothing is not None:
            return self._without("_is_nothing", self.nothing)
        unread = [fault.condition for fault in self.faults if not fault.costs_row]
        # Of other types there is no value where a cell cannot be read.
        is_text = self.column.type == "string" or bool(self.column.values)
        return self._without("_is_unread", " or ".join(unread)) if is_text and unread else self.value

    def _without(self, flag: str, condition: str) -> str:
        # Hardly any row has the flag, and only these are asked for their cells.
        return f"case when {flag} then case when {condition} then null else {self.value} end else {self.value} end"
