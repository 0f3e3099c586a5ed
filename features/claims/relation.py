"""A relation: what should hold among the rows of a source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """A relation among the usable rows of a source.

    Parameters
    ----------
    name, meaning : str
        Short name, and what holds where it holds.
    needs : tuple of str
        `table.column` that the source must give; otherwise the relation is not checked.
    rows : str
        SQL of the rows it speaks of, with `id` (of a person: its place) and `fails`; `{table}` stands for the
        usable rows of a table.
    """

    name: str
    meaning: str
    needs: tuple[str, ...]
    rows: str
