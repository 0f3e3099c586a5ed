"""The functions that SQL engines name differently; everything else in our SQL is the portable subset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Dialect(Protocol):
    """Spell one engine's functions; arguments and results are SQL expressions."""

    name: str

    def quantile(self, value: str, share: float) -> str:
        """Interpolated quantile of a group, as a double."""

    def days_between(self, start: str, end: str) -> str:
        """Calendar days from start to end, as an integer; negative when end is earlier."""

    def weekday(self, day: str) -> str:
        """ISO day of the week: 1 is Monday, 7 is Sunday."""

    def month(self, time: str) -> str:
        """Calendar month as text YYYY-MM."""

    def text(self, value: str) -> str:
        """Value as text."""

    def hash64(self, value: str) -> str:
        """Return a 64-bit hash; stable within one engine and version."""

    def any_of(self, value: str, values: tuple[str, ...]) -> str:
        """Whether the value is one of the given texts."""

    def seconds_between(self, start: str, end: str) -> str:
        """Whole seconds from start to end, as an integer."""

    def type_name(self, kind: str) -> str:
        """Return the engine's name of a type of the contract."""


def quoted(text: str) -> str:
    """Return a SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_list(texts: Iterable[str]) -> str:
    """Return SQL text literals in brackets, as `in` reads them.

    Examples
    --------
    >>> print(quoted_list(["clinic", "O'Neill"]))
    ('clinic', 'O''Neill')
    """
    return f"({', '.join(quoted(text) for text in texts)})"


class DuckDBDialect:
    """DuckDB's spelling."""

    name = "duckdb"

    def quantile(self, value: str, share: float) -> str:
        """Interpolated quantile of a group, as a double."""
        return f"quantile_cont(cast({value} as double), {share!r})"

    def days_between(self, start: str, end: str) -> str:
        """Calendar days from start to end."""
        return f"date_diff('day', cast({start} as date), cast({end} as date))"

    def weekday(self, day: str) -> str:
        """ISO day of the week."""
        return f"isodow({day})"

    def month(self, time: str) -> str:
        """Calendar month as text YYYY-MM."""
        return f"strftime({time}, '%Y-%m')"

    def text(self, value: str) -> str:
        """Value as text."""
        return f"cast({value} as varchar)"

    def hash64(self, value: str) -> str:
        """Return a 64-bit hash."""
        return f"hash({value})"

    def any_of(self, value: str, values: tuple[str, ...]) -> str:
        """Whether the value is one of the given texts."""
        return f"({value} in {quoted_list(values)})" if values else "(1 = 0)"

    def seconds_between(self, start: str, end: str) -> str:
        """Whole seconds from start to end."""
        return f"date_diff('second', {start}, {end})"

    def type_name(self, kind: str) -> str:
        """Return the engine's name of a type of the contract."""
        return kind
