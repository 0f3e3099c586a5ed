"""A contract table as one source gives it: typed rows in the engine, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.claims.contract import Table
    from features.claims.reading.texts import Raw

# Where a row came from, which is also its place in the order of the source; beside the contract columns in every
# staged table. `_block` counts the mapping's blocks, `_position` the rows made of one source row.
ORIGIN = ("_block", "_file", "_row", "_position")


@dataclass(frozen=True)
class Staged:
    """A contract table as one source gives it, in the engine as `typed_<name>`.

    Parameters
    ----------
    table : Table
        The contract table.
    columns : tuple of str
        Contract columns that the source gives.
    sources : tuple of Raw
        The texts that it was made from, by block.
    held : tuple of str
        Tables that the rows lie in.
    unknown_columns : tuple of str
        Source columns that an identity mapping did not recognise.
    others : dict of str to int
        Rows, by column, whose unlisted value became `other`.
    placeholders : dict of str to int
        Rows, by column, whose text stands for "none" or "open end".
    n_unread : int
        Usable rows with a cell that could not be read.
    n_joined : int
        Rows of the source that went into another: of a group, equal ones, or of a register after a look-up.
    has_operation : bool
        Whether rows say what they do to what is stored under their key: `_operation`.
    unknown : tuple of str
        Of `columns`, those that count as not given: they hold stand-ins, or may be empty and are.
    became : tuple of str
        Of `columns`, those of persons and their bills that are looked up: the source's texts name them otherwise.
    """

    table: Table
    columns: tuple[str, ...]
    sources: tuple[Raw, ...]
    held: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    others: dict[str, int]
    placeholders: dict[str, int]
    n_unread: int
    n_joined: int = 0
    has_operation: bool = False
    unknown: tuple[str, ...] = ()
    became: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Contract columns that the source gives and knows."""
        return tuple(column for column in self.columns if column not in self.unknown)
