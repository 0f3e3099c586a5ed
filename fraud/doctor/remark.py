"""Remarks: what a check of the doctor found, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fraud.workspace import Workspace


class State(StrEnum):
    """How a remark is to be taken."""

    ok = "ok"
    note = "note"
    wrong = "wrong"


@dataclass(frozen=True)
class Remark:
    """One thing that a check found.

    Parameters
    ----------
    state : State
        Whether all is well, something is worth knowing, or something must be done.
    what : str
        In one line; never a row of data.
    hint : str
        What to do; empty where nothing is to be done.
    """

    state: State
    what: str
    hint: str = ""


def ok(what: str) -> Remark:
    """Remark that all is well."""
    return Remark(State.ok, what)


def note(what: str, hint: str = "") -> Remark:
    """Remark something worth knowing that hinders nothing."""
    return Remark(State.note, what, hint)


def wrong(what: str, hint: str) -> Remark:
    """Remark something that is wrong, and what to do about it."""
    return Remark(State.wrong, what, hint)


def refused(error: Exception) -> Remark:
    """Remark a refusal in its own words.

    Examples
    --------
    >>> refused(ValueError("store at s: gone. Hint: ingest anew"))
    Remark(state=<State.wrong: 'wrong'>, what='store at s: gone', hint='ingest anew')
    """
    what, _, hint = str(error).partition(". Hint: ")
    return wrong(what, hint)


@dataclass(frozen=True)
class Patient:
    """A workspace that is examined.

    Parameters
    ----------
    workspace : Workspace
        Only read.
    quick : bool
        Whether digests are left out: presence, sizes and footers alone are looked at.
    tell : callable
        Told how far long checks are.
    """

    workspace: Workspace
    quick: bool
    tell: Callable[[str], None]
