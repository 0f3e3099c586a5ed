"""Limits that a rule states itself, for items that it names: what they are called, and how their values are written.

They are columns of `ref_items` and mean the same; a rule states them where a payer's own row says so, and no reference
does. Limits of one rule are of one kind, because one rule has one sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kind -> its columns of `ref_items`, and the item that excludes for pairs.
KINDS: Mapping[str, tuple[str, ...]] = {
    "gender": ("gender_limit",),
    "age": ("min_age_years", "max_age_years"),
    "insurance": ("insurance_types",),
    "care": ("encounter_types",),
    "level": ("min_provider_level",),
    "internet": ("is_internet_allowed",),
    "herbal": ("herbal_use",),
    "indication": ("diagnosis_prefixes",),
    "second_line": ("requires_prior_item_codes",),
    "course": ("max_course_days",),
    "fill": ("max_fill_quantity",),
    "daily": ("max_daily_quantity",),
    "frequency": ("frequency_max_count", "frequency_window_days"),
    "interval": ("min_days_between",),
    "pair": ("with_item_codes", "scope"),
}
_LISTS = {"insurance_types": "insurance_type", "encounter_types": "encounter_type"}
_CODES = ("requires_prior_item_codes", "with_item_codes", "diagnosis_prefixes")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/\-]{0,63}")
_NEEDED = {"frequency": 2, "pair": 2}
# Largest that a limit may be: days, units, times; and an age.
_MOST, _MOST_YEARS = 1_000_000, 130
_FEWEST_DAYS = 2
_QUANTITY = re.compile(r"\d{1,7}(\.\d{1,4})?")


@dataclass(frozen=True)
class NamedLimits:
    """Limits of one kind, checked.

    Parameters
    ----------
    values : mapping of str to str
        Column -> value in the contract's grammar; lists joined by `|`.

    Raises
    ------
    ValueError
        With all that is wrong, joined by semicolons: none, of two kinds, unknown, empty, or contradicting each other.

    Examples
    --------
    >>> NamedLimits({"min_age_years": "18", "max_age_years": "14"})
    Traceback (most recent call last):
    ...
    ValueError: age: min_age_years 18 is above max_age_years 14
    """

    values: Mapping[str, str]

    def __post_init__(self) -> None:
        faults = _faults(self.values)
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return next(kind for kind, columns in KINDS.items() if set(self.values) <= set(columns))

    def number(self, column: str, scale: int = 0) -> int | None:
        """Return a number in units of 10 to the minus scale, or None where it is not stated."""
        text = self.values.get(column)
        if text is None:
            return None
        whole, _, part = text.partition(".")
        return int(whole + part.ljust(scale, "0")[:scale]) if scale else int(whole)

    def listed(self, column: str) -> tuple[str, ...]:
        """Return the entries of a list, each once."""
        return tuple(dict.fromkeys(each.strip() for each in self.values.get(column, "").split("|") if each.strip()))


def _faults(values: Mapping[str, str]) -> list[str]:
    known = {column for columns in KINDS.values() for column in columns}
    faults = [f"{name} is no limit; limits are {', '.join(sorted(known))}" for name in values if name not in known]
    faults += [f"{name} is empty" for name, value in values.items() if not value.strip()]
    if not values:
        return ["it limits nothing"]
    if faults:
        return faults
    kinds = sorted(_kinds(values))
    if len(kinds) > 1:
        return [f"limits of {len(kinds)} kinds in one row ({', '.join(kinds)}): give each its own"]
    faults += [fault for name, value in values.items() for fault in _faulty(name, value)]
    if len(values) < _NEEDED.get(kinds[0], 1):
        missing = [name for name in KINDS[kinds[0]] if name not in values]
        faults.append(f"{', '.join(missing)} is missing beside {', '.join(values)}")
    return faults or [f"{kinds[0]}: {fault}" for fault in _limits_nothing(values)]


def _limits_nothing(values: Mapping[str, str]) -> list[str]:
    """Say of limits that are each possible why together they can never be broken, or never kept."""
    numbers = {name: float(value) for name, value in values.items() if _QUANTITY.fullmatch(value)}
    least, most = numbers.get("min_age_years", 0), numbers.get("max_age_years", _MOST_YEARS)
    times, days = numbers.get("frequency_max_count", 0), numbers.get("frequency_window_days", _MOST)
    told = {
        f"min_age_years {least:.0f} is above max_age_years {most:.0f}": least > most,
        "every age is allowed": "age" in _kinds(values) and least == 0 and most == _MOST_YEARS,
        f"{times:.0f} times in {days:.0f} days cannot be exceeded by one a day": times >= days,
        "days between are one or none": numbers.get("min_days_between", _MOST) < _FEWEST_DAYS,
        "no level is below primary": values.get("min_provider_level") == "primary",
        "every kind is allowed": any(
            set(TABLES["settlements"].by_name[column].values) <= set(values.get(name, "").split("|"))
            for name, column in _LISTS.items()
        ),
    }
    return [fault for fault, is_so in told.items() if is_so]


def _kinds(values: Mapping[str, str]) -> set[str]:
    return {kind for kind, columns in KINDS.items() for name in values if name in columns}


def _faulty(name: str, value: str) -> list[str]:
    entries = [each.strip() for each in value.split("|")]
    if name in _CODES:
        return [f"{name}: no code: {each!r}" for each in entries if not CODE.fullmatch(each)]
    if name == "is_internet_allowed":
        return [] if value == "false" else [f"{name} limits something only where it is false"]
    allowed = _allowed(name)
    if allowed:
        given = entries if name in _LISTS else [value]
        return [f"{name}: {each!r} is none of {', '.join(allowed)}" for each in given if each not in allowed]
    is_age = name in {"min_age_years", "max_age_years"}
    is_quantity = name in {"max_fill_quantity", "max_daily_quantity"}
    form = _QUANTITY if is_quantity else re.compile(r"\d{1,7}")
    most = _MOST_YEARS if is_age else _MOST
    if not form.fullmatch(value) or float(value) > most or (float(value) == 0 and not is_age):
        return [f"{name}: {value!r} is no number {'from 0' if is_age else 'above 0'} to {most:,}"]
    return []


def _allowed(name: str) -> tuple[str, ...]:
    if name == "scope":
        return TABLES["ref_item_pairs"].by_name["scope"].values
    if name in _LISTS:
        return TABLES["settlements"].by_name[_LISTS[name]].values
    column = TABLES["ref_items"].by_name.get(name)
    return column.values if column is not None else ()
