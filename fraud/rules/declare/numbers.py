"""Numbers that a reason may name, and the words after them: `{lines}` becomes "1 line", "3 lines" or "3条明细"."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.vocabulary.money import money_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Unit:
    """The words after a number.

    Parameters
    ----------
    one, many : str
        In English, after 1 and after any other number.
    zh : str
        In Chinese.

    Examples
    --------
    >>> days = Unit("day", "days", "天")
    >>> days.after(1, "en"), days.after(1200, "en"), days.after(1200, "zh")
    ('1 day', '1,200 days', '1,200天')
    """

    one: str
    many: str
    zh: str

    def after(self, number: int, lang: str) -> str:
        """Write a number with its words, in `en` or `zh`."""
        if lang == "zh":
            return f"{number:,}{self.zh}"
        return f"{number:,} {self.one if number == 1 else self.many}"


@dataclass(frozen=True)
class Count:
    """A number that every finding has: rows of its violating lines, or different values of a column of `resolve`."""

    name: str
    unit: Unit
    column: str | None = None


@dataclass(frozen=True)
class Measure:
    """A number of an executor's own: a column of its hits; a finding says the largest among its violating lines."""

    name: str
    unit: Unit


COUNTS: tuple[Count, ...] = (
    Count("lines", Unit("line", "lines", "条明细")),
    Count("settlements", Unit("settlement", "settlements", "笔结算"), "settlement_id"),
    Count("patients", Unit("patient", "patients", "名参保人"), "line_person_id"),
    Count("providers", Unit("provider", "providers", "家机构"), "line_provider_id"),
    Count("practitioners", Unit("practitioner", "practitioners", "名医师"), "practitioner_id"),
    Count("days", Unit("day", "days", "天"), "service_date"),
)
# Sums in minor units, written as currency: name -> column of hits with exposure.
MONEY: Mapping[str, str] = {"exposure": "exposure_amount", "fund": "fund_exposure_amount"}


def names_in(template: str) -> Iterator[str]:
    """Yield what a template names.

    Raises
    ------
    ValueError
        A bracket is left open, or a place says more than a name.

    Examples
    --------
    >>> list(names_in("{lines} on {days}"))
    ['lines', 'days']
    >>> list(names_in("{lines:>9}"))
    Traceback (most recent call last):
    ...
    ValueError: {lines} holds more than the name of a number
    """
    for _, name, form, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if form or conversion:
            raise ValueError(f"{{{name}}} holds more than the name of a number")
        yield name


def fill(template: str, numbers: Mapping[str, int], units: Mapping[str, Unit], lang: str) -> str:
    """Put a finding's numbers into a reason.

    Parameters
    ----------
    template : str
        A reason with named places.
    numbers : mapping of str to int
        Counts, measures, parameters; money in minor units.
    units : mapping of str to Unit
        Words of all numbers that are no money.
    lang : str
        `en` or `zh`.

    Examples
    --------
    >>> units = {count.name: count.unit for count in COUNTS}
    >>> fill("{lines} on {days}, {exposure}", {"lines": 1, "days": 1200, "exposure": 123456}, units, "en")
    '1 line on 1,200 days, 1,234.56'
    >>> fill("{days}内{lines}，金额{exposure}", {"lines": 1, "days": 2, "exposure": -5}, units, "zh")
    '2天内1条明细，金额-0.05'
    """
    said = {name: units[name].after(number, lang) for name, number in numbers.items() if name in units}
    return template.format_map(said | {name: money_text(numbers[name]) for name in MONEY if name in numbers})
