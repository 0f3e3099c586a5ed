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
        `provider` or `patient`.
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


def _say(clue: Clue, language: str) -> str:
    words = phrases()[language]
    ratio = ""
    if clue.median > 0 and clue.value > 0 and not clue.is_low:
        ratio = words["ratio"].format(times=_plain(clue.value / clue.median))
    share = 100.0 - clue.percentile if clue.is_low else clue.percentile
    return str(
        words["low" if clue.is_low else "high"].format(
            label=clue.title.of(language),
            value=in_unit(clue.value, clue.unit, language),
            median=in_unit(clue.median, clue.unit, language),
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
    >>> in_unit(0.256, "share", "en"), in_unit(1234.5, "currency", "zh"), in_unit(0.004, "ratio", "en")
    ('25.6 %', '1,234.50元', '0.004')
    """
    if unit in ("share", "rate"):
        number = f"{100 * value:.1f}"
    elif unit == "currency":
        number = f"{value:,.2f}"
    else:
        number = _plain(value)
    template: str = phrases()[language]["units"].get(unit, "{number}")
    return template.format(number=number)


@cache
def phrases() -> Mapping[str, Any]:
    """Read the phrases of both languages."""
    return tomllib.loads(files("fraud.scoring").joinpath("phrases.toml").read_text(encoding="utf-8"))


def _plain(value: float) -> str:
    if value == round(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else max(2, -math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 6)}f}"


def _percent(share: float) -> str:
    # Nobody is above all of a group to which it belongs.
    return f"{min(share, 99.9):.1f}".removesuffix(".0")
