"""Numbers of a finding in words: `{lines}` becomes "1 line", "3 lines" or "3条明细"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.money import money_text

if TYPE_CHECKING:
    from collections.abc import Mapping

# number -> (English for one, English for many, Chinese); a number not listed is written as it is.
COUNTED: Mapping[str, tuple[str, str, str]] = {
    "lines": ("line", "lines", "条明细"),
    "settlements": ("settlement", "settlements", "笔结算"),
    "patients": ("patient", "patients", "名参保人"),
    "providers": ("provider", "providers", "家机构"),
    "practitioners": ("practitioner", "practitioners", "名医师"),
    "days": ("day", "days", "天"),
    "most_days": ("day", "days", "天"),
    "most_nights": ("night", "nights", "晚"),
}
MONEY = ("exposure", "fund")


def fill(template: str, numbers: Mapping[str, int], language: str) -> str:
    """Put a finding's numbers into a reason.

    Parameters
    ----------
    template : str
        A reason with named places.
    numbers : mapping of str to int
        Counts, days, minutes; money in minor units.
    language : str
        `en` or `zh`.

    Examples
    --------
    >>> fill("{lines} on {days}, {exposure}", {"lines": 1, "days": 1200, "exposure": 123456}, "en")
    '1 line on 1,200 days, 1,234.56'
    >>> fill("{days}内{lines}，金额{exposure}", {"lines": 1, "days": 2, "exposure": -5}, "zh")
    '2天内1条明细，金额-0.05'
    """
    return template.format_map({name: _word(name, number, language) for name, number in numbers.items()})


def _word(name: str, number: int, language: str) -> str:
    if name in MONEY:
        return money_text(number)
    if name not in COUNTED:
        return f"{number:,}"
    one, many, chinese = COUNTED[name]
    if language == "zh":
        return f"{number:,}{chinese}"
    return f"{number:,} {one if number == 1 else many}"
