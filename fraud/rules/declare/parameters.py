"""Parameters: the numbers of rules, with default, bounds, unit and source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, ValidationError

from features.errors import InputError
from fraud.sections import shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.rules.declare.numbers import Unit

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Parameter:
    """A whole number that a rule uses, and the settings may change under `[rules]`.

    Parameters
    ----------
    name : str
        Key in `[rules]`; reasons name it too.
    default : int
        Where the settings say nothing.
    unit : Unit
        What is counted, in words.
    source : str
        Where the default comes from; says so where it is our proposal.
    least, most : int
        Bounds of what the settings may say; no upper one by default.

    Raises
    ------
    ValueError
        The declaration is incomplete, or the default lies out of bounds.

    Examples
    --------
    >>> from fraud.rules.declare.numbers import Unit
    >>> grace = Parameter("death_grace_days", 1, Unit("day", "days", "天"), "Typology P11.")
    >>> grace.value({}), grace.value({"death_grace_days": 3})
    (1, 3)
    >>> grace.value({"death_grace_days": -1})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: settings key 'rules.death_grace_days' as given: Input should be greater than ...
    """

    name: str
    default: int
    unit: Unit
    source: str
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        faults = {
            "its name is not a lower-case name": not _NAME.fullmatch(self.name),
            f"default {self.default} is out of bounds": self.default < self.least
            or (self.most is not None and self.default > self.most),
        }
        for fault, is_so in faults.items():
            if is_so:
                raise ValueError(f"parameter {self.name!r}: {fault}")

    def value(self, given: Mapping[str, object], where: str = "as given") -> int:
        """Return the number in force: what the settings give, else the default.

        Raises
        ------
        InputError
            What is given is no whole number within the bounds.
        """
        if self.name not in given:
            return self.default
        allowed = TypeAdapter[int](Annotated[int, Field(strict=True, ge=self.least, le=self.most)])
        try:
            return allowed.validate_python(given[self.name])
        except ValidationError as error:
            first = error.errors()[0]
            got = f"{first['msg']} (got {shown_value(first['input'])})"
            raise InputError.of(f"settings key 'rules.{self.name}'", where, got, "see docs/settings.md") from error
