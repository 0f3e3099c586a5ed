"""Words of proposed rules in both languages, from words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from features.vocabulary.text import LANGUAGES, Text
from fraud.rules.executors.any_family.named_limits import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.rules.executors.any_family.named_limits import NamedLimits

_MOST_SHOWN = 5
# Lists of the value are of words, these of codes.
_LISTED = ("insurance_types", "encounter_types")
_COMMA = {"en": ", ", "zh": "、"}


@cache
def words() -> Mapping[str, Any]:
    """Return the file: by kind of limit; `limits` and `values`.

    Examples
    --------
    >>> words()["gender"]["scheme"]
    'H19'
    """
    return tomllib.loads(files("fraud.rules.proposals").joinpath("words.toml").read_text(encoding="utf-8"))


def both(found: Mapping[str, str], **given: Text) -> Text:
    """Put texts into a text of both languages."""
    texts = (
        Template(found[lang]).substitute({name: text.of(lang) for name, text in given.items()}) for lang in LANGUAGES
    )
    return Text(*texts)


def limit_text(limits: NamedLimits) -> Text:
    """Say limits in words.

    Examples
    --------
    >>> from fraud.rules.executors.any_family.named_limits import NamedLimits
    >>> limit_text(NamedLimits({"min_age_years": "3", "max_age_years": "6"})).en
    'from 3 years of age, up to 6 years of age'
    """
    names = [name for name in KINDS[limits.kind] if name in limits.values]
    if limits.kind == "frequency":
        names.reverse()
    said = [both(words()["limits"][name], value=_value(name, limits)) for name in names]
    return Text(", ".join(each.en for each in said), "，".join(each.zh for each in said).replace("，（", "（"))


def items_text(items: tuple[str, ...], name: str) -> Text:
    """Name the items of a rule: by the name that the row gives them, else by their codes."""
    # Reasons have places in braces.
    plain = name.translate({ord("{"): "(", ord("}"): ")"})
    if plain:
        many = f" ({len(items)} codes)", f"（{len(items)}个编码）"
        return Text(plain + many[0] * (len(items) > 1), plain + many[1] * (len(items) > 1))
    return _codes(items)


def _codes(codes: tuple[str, ...]) -> Text:
    shown, more = codes[:_MOST_SHOWN], len(codes) - _MOST_SHOWN
    return Text(
        ", ".join(shown) + (f" and {more} more" if more > 0 else ""),
        "、".join(shown) + (f"等{len(codes)}个" if more > 0 else ""),
    )


def _value(name: str, limits: NamedLimits) -> Text:
    entries = limits.listed(name)
    if name.endswith(("_codes", "_prefixes")):
        return _codes(entries)
    if name in _LISTED or limits.values[name] in words()["values"]:
        texts = [words()["values"][each] for each in entries]
        return Text(*(_COMMA[lang].join(each[lang] for each in texts) for lang in LANGUAGES))
    return Text(limits.values[name], limits.values[name])
