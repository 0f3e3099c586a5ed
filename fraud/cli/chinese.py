"""Chinese for what the program says: each message of the code is looked up by its template.

English is the text of the code. `messages/*.toml` gives for an English template, an f-string's text with {} for each
value, a Chinese one with numbered values; a value marked `{0:zh}` is a message itself and looked up too, any other
stands as it is. A message without an entry is shown in English.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "zh")
_HINT = ". Hint: "
_ENDS = ("。", "？", "！")
# A step of a job over months stands behind its month.
_MONTH = re.compile(r"\d{4}-\d{2} ")
# A message within a message within a message.
_DEEPEST = 3
# A template with less text of its own than "page: {}" is no line.
_LEAST = 5
# Longer ones are no sentences of ours, but a page or a payer's text.
_LONGEST = 4000


@dataclass(frozen=True)
class Entry:
    """One template: the texts between its values in English, and the whole in Chinese."""

    texts: tuple[str, ...]
    chinese: str

    @property
    def size(self) -> int:
        """Characters of the template's own."""
        return sum(map(len, self.texts))

    def values(self, message: str) -> list[str] | None:
        """Return what stands in a message for each value; None where it is no such message.

        Each text between is looked for from left to right, once: no message makes it slow.

        Examples
        --------
        >>> Entry(("version ", " is the ", " champion"), "").values("version 3 is the patient champion")
        ['3', 'patient']
        """
        first, last = self.texts[0], self.texts[-1]
        if len(self.texts) == 1:
            return [] if message == first else None
        end = len(message) - len(last)
        if not message.startswith(first) or not message.endswith(last) or end < len(first):
            return None
        found, start = [], len(first)
        for text in self.texts[1:-1]:
            place = message.find(text, start, end)
            if place < 0:
                return None
            found.append(message[start:place])
            start = place + len(text)
        return [*found, message[start:end]]


def language() -> str:
    """Language of what the program says, from the environment's FRAUD_LANG; `zh_CN.UTF-8` is Chinese too.

    Raises
    ------
    InputError
        It names a language that there are no messages in.
    """
    asked = _asked()
    if asked not in LANGUAGES:
        raise InputError.unknown_name("language", "in the environment's FRAUD_LANG", ascii(asked[:40])[1:-1], LANGUAGES)
    return asked


def _asked() -> str:
    given = os.environ.get("FRAUD_LANG", "").strip().lower().replace("-", "_")
    return given.partition(".")[0].partition("_")[0] or "en"


def told(message: str) -> str:
    """Return a message in the language of the program; blanks around it stay.

    Examples
    --------
    >>> told("not in the registry")
    'not in the registry'
    """
    if _asked() != "zh":
        return message
    plain = message.strip()
    return message.replace(plain, _line(plain), 1) if plain else message


def told_error(error: BaseException) -> str:
    """Return what an error says, part by part, in the language of the program."""
    if _asked() != "zh":
        return str(error).replace("\n", " ")
    if not isinstance(error, InputError) or not error.what:
        return told(str(error))
    what, where, got, hint = (_chinese(part) for part in (error.what, error.where, error.got, error.hint))
    # A name in quotation marks stands behind the thing it names; a place stands in brackets.
    place = f" {where}" if where.startswith(("'", '"')) else f"（{where}）"
    return f"{what}{place}：{got}。提示：{_ended(hint)}"


def named(name: str, message: str) -> str:
    """Put who says it before a message, both in the language of the program already.

    Examples
    --------
    >>> named("fraud", "interrupted")
    'fraud: interrupted'
    """
    return f"{name}{'：' if _asked() == 'zh' else ': '}{message}"


def _line(message: str) -> str:
    """Look up a whole line; "of {}" and the like are parts of one and no line."""
    says, mark, hint = message.partition(_HINT)
    if mark:
        return f"{_chinese(says, least=_LEAST)}。提示：{_ended(_chinese(hint))}"
    return _chinese(message, least=_LEAST)


def _chinese(message: str, depth: int = 0, least: int = 0) -> str:
    if depth > _DEEPEST or len(message) > _LONGEST:
        return message
    for entry in _candidates(message):
        values = entry.values(message) if entry.size >= least or not entry.texts[1:] else None
        if values is not None:
            return _Chinese(depth).vformat(entry.chinese, values, {})
    month = _MONTH.match(message)
    return message if month is None else month[0] + _chinese(message[month.end() :], depth + 1, least)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(_ENDS) else f"{sentence}。"


class _Chinese(Formatter):
    """Fills in values; one marked `zh` is looked up itself."""

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def format_field(self, value: Any, format_spec: str) -> str:
        return _chinese(value, self.depth + 1) if format_spec == "zh" else str(value)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        del kwargs
        return args[int(field_name)], field_name


def _candidates(message: str) -> list[Entry]:
    """Return entries that may fit: the message itself, then templates, those with most text of their own first."""
    whole, templates = _entries()
    return [whole[message]] if message in whole else templates


@cache
def _entries() -> tuple[dict[str, Entry], list[Entry]]:
    whole, templates = {}, []
    for english, chinese in catalogue().items():
        entry = Entry(texts_of(english), chinese)
        if len(entry.texts) == 1:
            whole[entry.texts[0]] = entry
        else:
            templates.append(entry)
    return whole, sorted(templates, key=lambda entry: (-entry.size, entry.texts))


def texts_of(template: str) -> tuple[str, ...]:
    """Return the texts between the values of a template.

    Examples
    --------
    >>> texts_of("months {} to {}")
    ('months ', ' to ', '')
    """
    texts = [""]
    for text, name, _, _ in Formatter().parse(template):
        texts[-1] += text
        if name is not None:
            texts.append("")
    return tuple(texts)


@cache
def catalogue() -> dict[str, str]:
    """Return Chinese by English template, from every file of `messages`."""
    import tomllib  # English has no use for it

    found: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / "messages").glob("*.toml")):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found
