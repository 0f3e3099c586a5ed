"""Items that a rule names, and a limit that it states: what a payer's own sentence says, without a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from fraud.rules.declare.executor import ANY_FAMILY
from fraud.rules.executors.any_family.named_items_sql import hits_sql
from fraud.rules.executors.any_family.named_limits import CODE, NamedLimits
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure

_MOST_ITEMS = 2_000


def _stored(table: str) -> tuple[str, ...]:
    return tuple(name for name, _ in TABLES[table].stored)


@dataclass(frozen=True)
class NamedItems:
    """Lines of named items beyond a stated limit.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `p`, the person; `o`, the provider.

    Parameters
    ----------
    items : tuple of str
        Item codes.
    limits : tuple of str
        `column = value`, of one kind of `fraud.rules.executors.any_family.named_limits.KINDS`; lists joined by `|`.
    """

    family: ClassVar[str] = ANY_FAMILY
    measures: ClassVar[tuple[Measure, ...]] = ()
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "p": _stored("persons"),
        "o": _stored("providers"),
    }

    items: tuple[str, ...]
    limits: tuple[str, ...]

    def __post_init__(self) -> None:
        wrong = [each for each in self.items if not CODE.fullmatch(each)]
        if wrong or not 0 < len(self.items) <= _MOST_ITEMS:
            told = f"no item code: {wrong[0]!r}" if wrong else f"between 1 and {_MOST_ITEMS:,} codes"
            raise ValueError(f"items: {told}")
        if any("=" not in each for each in self.limits):
            raise ValueError("limits: write each as column = value")
        try:
            found = self.stated
        except ValueError as error:
            raise ValueError(f"limits: {error}") from error
        if set(self.items) & set(found.listed("with_item_codes")):
            raise ValueError("limits: an item excludes itself")

    @property
    def stated(self) -> NamedLimits:
        """The limits, checked."""
        pairs = (each.partition("=") for each in self.limits)
        return NamedLimits({name.strip(): value.strip() for name, _, value in pairs})

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: its numbers are what the row says."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; of pairs, the line that may stay is involved."""
        return hits_sql(self.items, self.stated, month, lawful)
