"""A block of a mapping without what an extract lacks: columns that it may lack, and does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.expression_parts import FUNCTIONS, TOKEN, WORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.mapping import Block


def without_lacking(block: Block, lacking: Collection[str]) -> Block:
    """Return a block without the contract columns that are made of nothing but absent source columns.

    Where an expression names others beside them, the absent ones are null in it.

    Parameters
    ----------
    block : Block
        As the mapping has it.
    lacking : collection of str
        Source columns that no file has.

    Examples
    --------
    >>> from features.claims.mapping import Block
    >>> block = Block(source="s", columns={"bed_number": "bedno", "total_amount": "coalesce(total, total2)"})
    >>> sorted(without_lacking(block, ["bedno", "total2"]).columns)
    ['total_amount']
    """
    absent = {column.lower() for column in lacking}
    if not absent:
        return block
    kept = {
        column: expression
        for column, expression in block.columns.items()
        if not (named := _names(expression)) or not named <= absent
    }
    return block.model_copy(update={"columns": kept})


def _names(expression: str) -> set[str]:
    """Source columns that an expression names, in lower case."""
    names = set()
    for found in TOKEN.finditer(expression):
        if found["quoted"] is not None:
            names.add(found["quoted"][1:-1].replace('""', '"').lower())
        elif found["name"] is not None and found["name"].lower() not in WORDS:
            names.add(found["name"].lower())
    return names - FUNCTIONS.keys()
