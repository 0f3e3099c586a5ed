"""Values of a TOML file, asked for by key and type; what is not as it must be is refused with its place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from features.errors import InputError
from features.outside import plain_line
from features.vocabulary.text import Text
from fraud.sections import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HINT = "see fraud/rules/README.md"
# Findings repeat a rule's texts for every subject, and its numbers are multiplied within 64 bits.
_LONGEST, _LARGEST = 4_000, 1_000_000_000


@dataclass(frozen=True)
class TomlTable:
    """One table of a rule file.

    Parameters
    ----------
    values : dict
        As read.
    where : str
        File and rule, for messages.
    path : str
        Keys that lead to it, with a dot behind; empty at the top.

    Examples
    --------
    >>> table = TomlTable({"code": "my_rule", "needs": "claim_lines"}, "in rules/my_rule.toml")
    >>> table.text("code")
    'my_rule'
    >>> table.texts("needs")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: rule key 'needs' in rules/my_rule.toml: must be a list of texts, got 'claim_lines'. ...
    """

    values: dict[str, Any]
    where: str
    path: str = ""

    def only(self, known: Iterable[str]) -> TomlTable:
        """Refuse keys that are not among the known ones, naming the nearest."""
        names = list(known)
        for key in self.values:
            if key not in names:
                known_here = [f"{self.path}{name}" for name in names]
                raise InputError.unknown_name("rule key", self.where, plain_line(f"{self.path}{key}")[:100], known_here)
        return self

    def text(self, key: str) -> str:
        """Return a text."""
        found = self._asked(key)
        if not isinstance(found, str):
            self._refuse(key, "a text", found)
        if len(found) > _LONGEST:
            self._refuse(key, f"at most {_LONGEST:,} characters long", found)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self._asked(key)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._refuse(key, "a list of texts", found)
        return tuple(found)

    def number(self, key: str) -> int:
        """Return a whole number."""
        found = self._asked(key)
        if not isinstance(found, int) or isinstance(found, bool):
            self._refuse(key, "a whole number", found)
        if abs(found) > _LARGEST:
            self._refuse(key, f"a whole number of at most {_LARGEST:,}", found)
        return found

    def flag(self, key: str) -> bool:
        """Return a yes or no."""
        found = self._asked(key)
        if not isinstance(found, bool):
            self._refuse(key, "true or false", found)
        return found

    def day(self, key: str) -> date:
        """Return a day, written as a text `YYYY-MM-DD`."""
        found = self.text(key)
        try:
            return date.fromisoformat(found)
        except ValueError:
            self._refuse(key, "a day as in '2026-03-31'", found)

    def both(self, key: str) -> Text:
        """Return a text in both languages."""
        inner = self.table(key).only(("en", "zh"))
        return Text(inner.text("en"), inner.text("zh"))

    def table(self, key: str) -> TomlTable:
        """Return the table below a key."""
        found = self._asked(key)
        if not isinstance(found, dict):
            self._refuse(key, "a table", found)
        return TomlTable(found, self.where, f"{self.path}{key}.")

    def tables(self, key: str) -> Iterator[tuple[str, TomlTable]]:
        """Yield the tables below a key with their names; none where the key is absent."""
        if key in self.values:
            below = self.table(key)
            yield from ((name, below.table(name)) for name in below.values)

    def listed(self, key: str) -> Iterator[TomlTable]:
        """Yield the tables of a list, numbered from 1; none where the key is absent."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self._refuse(key, "a list of tables", found)
        yield from (TomlTable(each, self.where, f"{self.path}{key}.{n}.") for n, each in enumerate(found, start=1))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    @contextmanager
    def built(self) -> Iterator[None]:
        """Turn the refusal of what is built from the table into one that names its place."""
        try:
            yield
        except ValueError as error:
            raise InputError.of(f"rule key '{self.path[:-1]}'", self.where, str(error), _HINT) from error

    def _asked(self, key: str) -> Any:
        if key not in self.values:
            raise InputError.of(f"rule key '{self.path}{key}'", self.where, "missing", _HINT)
        return self.values[key]

    def _refuse(self, key: str, wanted: str, got: object) -> NoReturn:
        got_shown = f"must be {wanted}, got {shown_value(got)}"
        raise InputError.of(f"rule key '{self.path}{key}'", self.where, got_shown, _HINT)
