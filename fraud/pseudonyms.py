"""Keyed pseudonyms: the same identifier looks different for each purpose, and only this workspace can repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fraud.workspace import Workspace

# Purposes: what a pack shows cannot be joined with what MLflow holds.
CASES = "cases"
TRACKING = "tracking"
PATIENT, PRACTITIONER = "patient", "practitioner"
NATURAL_PERSONS = (PATIENT, PRACTITIONER)
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


def shown_person(names: Pseudonyms, kind: str, identifier: str, purpose: str = CASES) -> str:
    """Return what is shown of a subject: the pseudonym of a natural person, the id of anybody else.

    Parameters
    ----------
    names : Pseudonyms
        Of the workspace.
    kind : str
        Subject type, or member type of a ring.
    identifier : str
        As stored.
    purpose : str
        Of the pack's scope; by default that of all packs of the workspace.
    """
    if kind not in NATURAL_PERSONS:
        return identifier
    # A practitioner may be a patient under the same id; the two are not joined.
    return names.of(identifier, purpose if kind == PATIENT else f"{purpose}/{kind}")


def shown_by(workspace: Workspace) -> Callable[[str, str], str]:
    """Return what says how screens show a subject, by its type and id; the key is read when a person is met."""
    made: list[Pseudonyms] = []

    def shown(kind: str, identifier: str) -> str:
        if kind not in NATURAL_PERSONS:
            return identifier
        if not made:
            made.append(Pseudonyms(workspace))
        return shown_person(made[0], kind, identifier)

    return shown
