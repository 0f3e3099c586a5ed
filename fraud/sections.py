"""What all typed settings have in common: closed names, strict values, limits, and how a wrong value is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the random generators of all libraries take.
MOST_SEED = 2**31 - 1
# Of subjects, labels and the like: no payer has more, and sums of them stay far from what integers hold.
MOST_ROWS = 1_000_000
_SHOWN = 60

Seed = Annotated[int, Field(ge=0, le=MOST_SEED)]
Money = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Section(BaseModel):
    """Settings are values: frozen, checked when built, of the very type, closed to unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


_Model = TypeVar("_Model", bound=Section)


def validated(section: type[_Model], data: Mapping[str, Any], what: str, where: str, hint: str) -> _Model:
    """Build a section of values from outside; the first that is not allowed is refused with its key."""
    try:
        return section.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        got = f"{first['msg']} (got {shown_value(first['input'])})"
        raise InputError.of(f"{what} '{plain_line(key)}'", f"in {where}", got, hint) from error


def shown_value(value: object) -> str:
    """Write a value from outside in one line of bounded length, for a refusal."""
    try:
        text = plain_line(repr(value))
    except ValueError:  # Python writes no number of so many digits
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
