"""What is said of each scheme: its name, how grave it is, what would explain it, what to ask for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fraud.cases.case import Text


@dataclass(frozen=True)
class Scheme:
    """One scheme, or the general words for its kind.

    Parameters
    ----------
    name : Text
        In the field's words.
    severity : float
        0..1, our proposal.
    innocent, records : tuple of Text
        What would explain it; what to ask for.
    """

    name: Text
    severity: float
    innocent: tuple[Text, ...]
    records: tuple[Text, ...]


def scheme(code: str) -> Scheme:
    """Return a scheme by its typology code; where it has no words of its own, those of its kind (P, H, T, R)."""
    known = _read()
    return known.get(code) or known.get(code[:1]) or known[""]


@cache
def _read() -> dict[str, Scheme]:
    data = json.loads(files("fraud.cases").joinpath("schemes.json").read_text(encoding="utf-8"))
    return {
        code: Scheme(
            Text(*entry["name"]),
            float(entry["severity"]),
            tuple(Text(*pair) for pair in entry["innocent"]),
            tuple(Text(*pair) for pair in entry["records"]),
        )
        for code, entry in data.items()
    }
