"""The same statement in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Text:
    """The same statement in both languages.

    Examples
    --------
    >>> Text("Split admission", "分解住院").of("zh")
    '分解住院'
    """

    en: str
    zh: str

    def of(self, lang: str) -> str:
        """Return the statement in a language, `en` or `zh`."""
        return self.zh if lang == "zh" else self.en

    @property
    def is_whole(self) -> bool:
        """Whether both languages say something."""
        return bool(self.en.strip() and self.zh.strip())
