"""Keyed pseudonyms: the same identifier looks different for each purpose, and only this workspace can repeat it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.workspace import Workspace

# Purposes: what a pack shows cannot be joined with what MLflow holds.
CASES = "cases"
TRACKING = "tracking"
_KEY_BYTES = 32
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
        path = workspace.root / "pseudonyms.key"
        workspace.root.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            waiting = path.with_suffix(f".{os.getpid()}.new")
            descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            waiting.replace(path)
        self._key = path.read_bytes()

    def of(self, identifier: str, purpose: str) -> str:
        """Return the pseudonym of an identifier for a purpose; purposes cannot be joined with each other."""
        text = f"{purpose}\0{identifier}".encode()
        return f"X{hmac.new(self._key, text, hashlib.sha256).hexdigest()[:_DIGITS]}"

    def resolve(self, identifiers: Iterable[str], purpose: str) -> dict[str, str]:
        """Return identifiers by pseudonym, for pseudonyms that come back."""
        return {self.of(identifier, purpose): identifier for identifier in identifiers}
