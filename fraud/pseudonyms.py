"""Keyed pseudonyms: the same identifier looks different for each purpose, and only this workspace can repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.workspace import Workspace

# Purposes: what a pack shows cannot be joined with what MLflow holds.
CASES = "cases"
TRACKING = "tracking"
# 64 bits: two persons of a nation share a pseudonym with a probability below one in ten.
_DIGITS = 16


class Pseudonyms:
    """Makes pseudonyms under the workspace's key, which is made at first use and readable by its owner alone.

    Parameters
    ----------
    workspace : Workspace
        Holds the key file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from fraud.workspace import Workspace
    >>> with TemporaryDirectory() as folder:
    ...     names = Pseudonyms(Workspace(Path(folder)))
    >>> shown = names.of("P1", CASES)
    >>> shown == names.of("P1", CASES), shown == names.of("P1", TRACKING)
    (True, False)
    >>> names.resolve(["P1", "P2"], CASES)[shown]
    'P1'
    """

    def __init__(self, workspace: Workspace) -> None:
        self._key = workspace.key()

    def of(self, identifier: str, purpose: str) -> str:
        """Return the pseudonym of an identifier for a purpose; purposes cannot be joined with each other."""
        return f"X{keyed_digest(self._key, purpose, identifier)[:_DIGITS]}"

    def digest(self, text: str, purpose: str) -> str:
        """Return the whole keyed digest of a text, 64 hexadecimal digits, where one stands beside unkeyed ones."""
        return keyed_digest(self._key, purpose, text)

    def resolve(self, identifiers: Iterable[str], purpose: str) -> dict[str, str]:
        """Return identifiers by pseudonym, for pseudonyms that come back."""
        return {self.of(identifier, purpose): identifier for identifier in identifiers}
