"""Plain values in FHIR resources: texts, objects, codes and who is meant; what has another shape is none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def who(reference: object, claim: dict[str, Any]) -> str | None:
    """Id behind a reference: its identifier, that of the resource it is contained in, or the end of its path."""
    given = object_of(reference)
    identified = text_of(object_of(given.get("identifier")).get("value"))
    path = text_of(given.get("reference"))
    if identified is not None or path is None:
        return identified
    if not path.startswith("#"):
        return path.removeprefix("urn:uuid:").removeprefix("urn:oid:").rsplit("/", 1)[-1] or None
    for inner in objects_of(claim.get("contained")):
        if inner.get("id") == path[1:]:
            named = next(iter(objects_of(inner.get("identifier"))), {})
            return text_of(named.get("value"))
    return None


def codes_of(concept: object) -> list[tuple[str, str | None]]:
    """Codes of a concept with their systems, in order."""
    codings = objects_of(object_of(concept).get("coding"))
    return [(code, text_of(coding.get("system"))) for coding in codings if (code := text_of(coding.get("code")))]


def code_of(concept: object) -> str | None:
    """First code of a concept."""
    codes = codes_of(concept)
    return codes[0][0] if codes else None


def variable(code: str) -> str:
    """Last part of a name that is a URL."""
    return code.rsplit("/", 1)[-1]


def amount_of(quantity: object) -> str | None:
    """Value of a quantity or of money, as text."""
    return text_of(object_of(quantity).get("value"))


def text_of(value: object) -> str | None:
    """Text of a plain value; objects, lists and empty texts are none."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | Decimal) else None


def object_of(value: object) -> dict[str, Any]:
    """Return an object as it is, and an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> Iterator[dict[str, Any]]:
    """Objects of a list; a single one where the older version has no list."""
    yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict))
