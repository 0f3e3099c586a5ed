"""Steps of a mapping that look at more than one row, as data: groups, row numbers, look-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

if TYPE_CHECKING:
    from typing import Self

    from features.claims.mapping.mapping import Block, Mapping

# Parts of a key; further ones tell no rows apart that people know.
_MAX_KEY = 20
# Merges that are written out in the mapping; more belong in a file.
_MAX_WRITTEN = 1_000

_Text = Annotated[str, StringConstraints(max_length=1_000)]
Gathering = Literal["sum", "min", "max", "count", "first", "same"]


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Number(_Step):
    """Rows numbered from 1 within a key.

    Parameters
    ----------
    column : str
        Contract column that takes the number.
    within : tuple of str
        Contract columns of the block: rows that are equal in them are numbered together.
    order_by : tuple of str
        Expressions over the source's columns, texts in the order of their characters; rows that are equal in them, and
        all without it, come in the order of the source. Rows where it fails, or gives nothing, come last.
    """

    column: str
    within: tuple[str, ...] = Field(min_length=1, max_length=_MAX_KEY)
    order_by: tuple[str, ...] = Field((), max_length=_MAX_KEY)


class Lookup(_Step):
    """A crosswalk: what an id became, by a source of rows or written out in the mapping.

    Parameters
    ----------
    source : str, optional
        Name under [sources].
    key, value : str
        Expressions over its columns: the id that is asked for, and the one that it became. A value that is a key in
        turn is followed, on the same day and with the same further parts.
    beside : tuple of str
        Expressions of further parts of the key.
    where : str, optional
        Only rows of the source for which this expression is true.
    valid_from, valid_until : str, optional
        Expressions of the first and last day on which a row holds; empty is open.
    newest : str, optional
        Expression of a day: of several rows of one key the latest counts.
    to : dict of str to str
        In place of a source: ids, and what they became.
    columns : tuple of str
        Contract columns that are looked up in every block that gives them.
    otherwise : str, optional
        What an id that is no key becomes; without it, it stays as it is.
    unknown : {"keep", "quarantine"}
        Whether an id that is no key holds against its row.
    """

    source: str | None = None
    key: str = ""
    value: str = ""
    beside: tuple[str, ...] = Field((), max_length=_MAX_KEY)
    where: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    newest: str | None = None
    to: dict[_Text, _Text] = Field({}, max_length=_MAX_WRITTEN)
    columns: tuple[str, ...] = Field((), max_length=_MAX_KEY)
    otherwise: _Text | None = None
    unknown: Literal["keep", "quarantine"] = "keep"

    @property
    def is_dated(self) -> bool:
        """Whether the day of a row decides which rows of the crosswalk hold for it."""
        return self.valid_from is not None or self.valid_until is not None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.to) == bool(self.source):
            raise ValueError("give a `source`, or `to` with what each id became, and not both")
        if self.source and not (self.key and self.value):
            raise ValueError("a `source` needs `key` and `value`, expressions over its columns")
        told = (self.key, self.value, self.beside, self.where, self.valid_from, self.valid_until, self.newest)
        if self.to and any(told):
            raise ValueError("`to` stands alone: the other keys speak of the rows of a source")
        if self.columns and (self.is_dated or self.beside):
            raise ValueError("`columns` cannot say the day or further parts of a key: ask in `lookup` of a block")
        if self.otherwise is not None and self.unknown == "quarantine":
            raise ValueError("`otherwise` and `unknown` are two answers for one id")
        return self


class Use(_Step):
    """How a column of a block is looked up.

    Parameters
    ----------
    name : str
        Under [lookups].
    beside : tuple of str
        Expressions over the block's source for the further parts of the key.
    day : str, optional
        Contract column of the block, a date or time, that decides which rows hold.
    """

    name: str
    beside: tuple[str, ...] = Field((), max_length=_MAX_KEY)
    day: str | None = None


def uses(mapping: Mapping, block: Block) -> dict[str, Use]:
    """Return how columns of a block are looked up: those that lookups name for every block, then its own."""
    made = block.made
    every = {column: Use(name=name) for name, lookup in mapping.lookups.items() for column in lookup.columns}
    own = {column: Use(name=use) if isinstance(use, str) else use for column, use in block.lookup.items()}
    return {column: use for column, use in (every | own).items() if column in made}
