"""Run a proposed rule on its own examples: what it says of them, beside what it should say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.rules.proposals.proposal import Proposal


@dataclass(frozen=True)
class Proof:
    """What a rule said of one example.

    Parameters
    ----------
    kind : str
        One of `EXAMPLE_KINDS`.
    expected, found : frozenset
        As `ProposedExample.expected`.
    """

    kind: str
    expected: frozenset[tuple[str, str, int, int, int]]
    found: frozenset[tuple[str, str, int, int, int]]

    @property
    def holds(self) -> bool:
        """Whether the rule says what it should, no more and no less."""
        return self.expected == self.found


def prove(proposal: Proposal, folder: Path) -> tuple[Proof, ...]:
    """Bring each example into a store of its own below a folder, and run the rule on it.

    Parameters
    ----------
    proposal : Proposal
        The rule and its examples.
    folder : Path
        An empty folder for the stores; the caller removes it.

    Raises
    ------
    InputError
        The rule is none that can be loaded.
    """
    raise NotImplementedError
