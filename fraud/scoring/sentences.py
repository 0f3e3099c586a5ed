"""Feature reasons as sentences, in English and Chinese."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from features.vocabulary.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What differs by less is the same to a reader.
_MOST_MORE_DIGITS = 4
_ONCE = {"1", "1.00"}
# A rate below this is told as being below it: the tail it was read from is not known any better.
_LEAST_TOLD = 0.001


@dataclass(frozen=True)
class Clue:
    """What is known of one feature of one subject.

    Parameters
    ----------
    title : Text
        Of the feature.
    unit : str
        Of the feature.
    entity : str
        `provider`, `patient` or `practitioner`.
    value, median, percentile : float
        In the feature's unit, and 0..100.
    n_peers : int
        Peers compared with.
    is_low : bool
        Whether the low tail is the suspicious one here.
    points : float or None
        What it adds to the risk score, where that is to be said.
    """

    title: Text
    unit: str
    entity: str
    value: float
    median: float
    percentile: float
    n_peers: int
    is_low: bool
    points: float | None


def say_clue(clue: Clue) -> Text:
    """Write one clue as a sentence.

    Examples
    --------
    >>> title = Text("Billed per patient", "人均费用")
    >>> clue = Clue(title, "currency", "provider", 4000.0, 1000.0, 97.5, 31, False, None)
    >>> say_clue(clue).zh
    '人均费用为4,000.00元，31家同类机构的中位数为1,000.00元（为中位数的4倍），高于其中97.5%'
    """
    return Text(*(_say(clue, language) for language in LANGUAGES))


def say_q_value(q_value: float) -> Text:
    """Write a false discovery rate in plain words, to follow a clue.

    Examples
    --------
    >>> say_q_value(0.034).en, say_q_value(2e-7).zh
    ('; of subjects named as clearly as this one, about 3.4 % would be there by chance alone', \
'；以同等显著程度列出的对象中，预计不足0.1%仅因偶然而列入')
    """
    name = "q_value_small" if q_value < _LEAST_TOLD else "q_value"
    shares = {language: in_unit(max(q_value, _LEAST_TOLD), "share", language) for language in LANGUAGES}
    return Text(*(phrases()[language][name].format(share=shares[language]) for language in LANGUAGES))


def _say(clue: Clue, language: str) -> str:
    words = phrases()[language]
    ratio = ""
    if (
        clue.median > 0
        and clue.value > 0
        and not clue.is_low
        and (times := _plain(clue.value / clue.median)) not in _ONCE
    ):
        ratio = words["ratio"].format(times=times)
    share = 100.0 - clue.percentile if clue.is_low else clue.percentile
    value, median = in_one_unit((clue.value, clue.median), clue.unit, language)
    return str(
        words["low" if clue.is_low else "high"].format(
            label=clue.title.of(language),
            value=value,
            median=median,
            n=f"{clue.n_peers:,}",
            peers=words["peers"][clue.entity],
            percentile=_percent(share),
            ratio=ratio,
            points="" if clue.points is None else words["points"].format(number=f"{clue.points:.1f}"),
        )
    )


def say_combination(titles: Sequence[Text], points: float) -> Text:
    """Name features that raise the score only together."""
    said = []
    for language in LANGUAGES:
        words = phrases()[language]
        named = words["separator"].join(title.of(language) for title in titles)
        said.append(words["combination"].format(labels=named, points=words["points"].format(number=f"{points:.1f}")))
    return Text(*said)


def say_nothing(*, has_peers: bool = True) -> Text:
    """Say that a subject has no reason, or that nobody is there to compare it with."""
    name = "nothing" if has_peers else "no_peers"
    return Text(*(phrases()[language][name] for language in LANGUAGES))


def in_unit(value: float, unit: str, language: str) -> str:
    """Write a value with its unit; currency has no symbol in English, because the payer's is not known.

    Examples
    --------
    >>> in_unit(0.256, "share", "en"), in_unit(1234.5, "currency", "zh"), in_unit(0.0004, "share", "en")
    ('25.6 %', '1,234.50元', '0.04 %')
    """
    return in_one_unit((value,), unit, language)[0]


def in_one_unit(values: Sequence[float], unit: str, language: str) -> tuple[str, ...]:
    """Write values that are read side by side, each with its unit: what differs reads differently.

    Examples
    --------
    >>> in_one_unit((0.0004, 0.0, 0.0002), "share", "en"), in_one_unit((3.004, 3.0), "days", "en")
    (('0.04 %', '0.00 %', '0.02 %'), ('3.004 days', '3 days'))
    """
    template: str = phrases()[language]["units"].get(unit, "{number}")
    scale = 100.0 if unit in ("share", "rate") else 1.0
    written = ((_write(scale * value, unit, more) for value in values) for more in range(_MOST_MORE_DIGITS + 1))
    numbers = next((own for own in map(tuple, written) if _told_apart(own, values)), None)
    if numbers is None:
        numbers = tuple(_write(scale * value, unit, 0) for value in values)
    return tuple(template.format(number=number) for number in numbers)


@cache
def phrases() -> Mapping[str, Any]:
    """Read the phrases of both languages."""
    return tomllib.loads(files("fraud.scoring").joinpath("phrases.toml").read_text(encoding="utf-8"))


def _write(number: float, unit: str, more_digits: int) -> str:
    """Write a number with the digits that its unit usually has, and some more."""
    if unit in ("share", "rate"):
        return f"{number:,.{1 + more_digits}f}"
    if unit == "currency":
        return f"{number:,.{2 + more_digits}f}"
    return _plain(number, more_digits)


def _told_apart(numbers: Sequence[str], values: Sequence[float]) -> bool:
    """Whether numbers read as different as the values are, and none as zero that is more."""
    meant = {0.0, *values}
    return len({float(number.replace(",", "")) for number in ("0", *numbers)}) == len(meant)


def _plain(value: float, more_digits: int = 0) -> str:
    if not math.isfinite(value) or value == round(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else max(2, -math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits + more_digits, 6)}f}"


def _percent(share: float) -> str:
    # Nobody is above all of a group to which it belongs.
    return f"{min(share, 99.9):.1f}".removesuffix(".0")
