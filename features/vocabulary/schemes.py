"""Schemes: ways to cheat or waste, by typology code, with the words that cases and pages show."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CODE = re.compile(r"[PHTR]\d\d|D-\d\d")
_FIELDS = {"name", "severity", "innocent", "records"}
# The gravest is 1.2: whole groups that collude, and care for the dead.
_MOST_SEVERE = 1.2


@dataclass(frozen=True)
class Scheme:
    """One scheme.

    Parameters
    ----------
    code : str
        Typology code; empty for the general words.
    name : Text
        In the field's words.
    severity : float
        0..1.2, our proposal.
    innocent, records : tuple of Text
        What would explain it; what to ask for.

    Raises
    ------
    ValueError
        The entry is incomplete.
    """

    code: str
    name: Text
    severity: float
    innocent: tuple[Text, ...]
    records: tuple[Text, ...]

    def __post_init__(self) -> None:
        texts = (self.name, *self.innocent, *self.records)
        faults = {
            "code is malformed": bool(self.code) and not _CODE.fullmatch(self.code),
            "a text lacks a language": not all(text.is_whole for text in texts),
            "says neither what would explain it nor what to ask for": not (self.innocent and self.records),
            f"severity is not within 0..{_MOST_SEVERE}": not 0 <= self.severity <= _MOST_SEVERE,
        }
        for fault, is_so in faults.items():
            if is_so:
                raise ValueError(f"scheme {self.code!r}: {fault}")


@cache
def schemes() -> Mapping[str, Scheme]:
    """All schemes by code, and under the empty code the words for a finding that names none.

    Read from `features/vocabulary/schemes.toml`, in its order.
    """
    data = tomllib.loads(files("features.vocabulary").joinpath("schemes.toml").read_text(encoding="utf-8"))
    return {"": _scheme("", data["general"]), **{code: _scheme(code, each) for code, each in data["schemes"].items()}}


def scheme(code: str) -> Scheme:
    """Return a scheme by its code.

    Raises
    ------
    InputError
        No scheme has the code.

    Examples
    --------
    >>> scheme("H04").name.en
    'Split admission'
    """
    known = schemes()
    if code not in known:
        raise InputError.unknown_name("scheme", "of features/vocabulary/schemes.toml", code, filter(None, known))
    return known[code]


def check_schemes(codes: Iterable[str], what: str) -> None:
    """Refuse a declaration that names a scheme without words.

    Parameters
    ----------
    codes : iterable of str
        Codes that the declaration names.
    what : str
        The declaration, such as `feature 'billed_amount'`.

    Raises
    ------
    ValueError
        A code is unknown.

    Examples
    --------
    >>> check_schemes(["H04", "H99"], "rule 'my_rule'")
    Traceback (most recent call last):
    ...
    ValueError: rule 'my_rule': scheme H99 has no words in features/vocabulary/schemes.toml
    """
    unknown = sorted({code for code in codes if not code or code not in schemes()})
    if unknown:
        raise ValueError(f"{what}: scheme {', '.join(unknown)} has no words in features/vocabulary/schemes.toml")


def _scheme(code: str, entry: Mapping[str, Any]) -> Scheme:
    if set(entry) != _FIELDS:
        raise ValueError(f"scheme {code!r}: keys must be {', '.join(sorted(_FIELDS))}; got {', '.join(sorted(entry))}")
    return Scheme(
        code,
        Text(**entry["name"]),
        float(entry["severity"]),
        tuple(Text(**each) for each in entry["innocent"]),
        tuple(Text(**each) for each in entry["records"]),
    )
