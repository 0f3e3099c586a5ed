"""A row becomes a proposal, or is refused with every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from fraud.rules.proposals.proposal import Proposal
    from fraud.rules.proposals.read_rows import ProposedRow


def propose(row: ProposedRow, *, known_items: Collection[str] | None = None) -> Proposal:
    """Make a rule, what it stands for and its examples of one row; nothing is read or written.

    Parameters
    ----------
    row : ProposedRow
        The row.
    known_items : collection of str, optional
        Item codes of the store; an item that is none of them is refused. None where there is no store to ask.

    Raises
    ------
    InputError
        The row is wrong: with every reason, and the place of the row.
    """
    raise NotImplementedError
