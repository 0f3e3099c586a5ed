"""Read a mapping expression from left to right and write it as SQL: what is not expected at a place is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims.mapping.expression_parts import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_EXPRESSION,
    TOKEN,
    TYPICAL_CELL,
    WORDS,
    Part,
    call_length,
    combined,
)
from features.engine import quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_COMPARISONS = ("=", "<>", "!=", "<", ">", "<=", ">=")
_POWER_OF_TEN = re.compile("10{0,6}")
MAX_DIGITS, MAX_DECIMALS = 18, 8
_MAX_PATTERN = 200
# What people write who mean several rows.
_OVER_ROWS = {"any_value", "avg", "count", "first", "last", "max", "min", "row_number", "string_agg", "sum"}
_OF_ROWS = "an expression speaks of one row: say `group_by` and `gather`, or `number`, in the block"
_SHOWN = 60


class Reader:
    """Reads an expression from left to right, one method for each rank of operators, the loosest first."""

    def __init__(self, expression: str, columns: Collection[str], where: str) -> None:
        self._columns, self._where = columns, where
        self._depth = 0
        self._place = 0
        if len(expression) > MAX_EXPRESSION:
            raise refuse(where, f"{len(expression):,} characters", f"write at most {MAX_EXPRESSION:,}")
        self._tokens = list(_tokens(expression.strip(), where))

    def read(self) -> Part:
        """Read all of it."""
        if not self._tokens:
            raise refuse(self._where, "an empty expression", "leave the column out, or name a source column")
        part = self._any()
        if self._next() is not None:
            raise self._unexpected()
        column = part.sql.removeprefix("cell(").removesuffix(")")
        return Part(column, part.length, is_column=True) if part.is_column else part

    def _next(self) -> re.Match[str] | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _word(self) -> str | None:
        """Operator or keyword at this place; a source column of exactly that name comes first."""
        found = self._next()
        if found is None:
            return None
        name = found["name"]
        if name is not None:
            return name.lower() if name.lower() in WORDS and name not in self._columns else None
        return found["operator"]

    def _takes(self, *words: str) -> str | None:
        word = self._word()
        if word is None or word not in words:
            return None
        self._place += 1
        return word

    def _expects(self, word: str) -> None:
        if self._takes(word) is None:
            raise self._unexpected(f", where {word!r} should stand")

    def _unexpected(self, more: str = "") -> InputError:
        found = self._next()
        got = repr(_shown(found[0].strip())) if found else "the end"
        return refuse(
            self._where, f"{got}{more or ' in the wrong place'}", "see docs/mappings.md for what may stand here"
        )

    def _deeper(self, rank: Callable[[], Part]) -> Part:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise refuse(self._where, f"nested deeper than {MAX_DEPTH} levels", "write it flatter")
        part = rank()
        self._depth -= 1
        return part

    def _any(self) -> Part:
        return self._chain(lambda: self._chain(self._not, "and"), "or")

    def _chain(self, rank: Callable[[], Part], *operators: str) -> Part:
        part = rank()
        while operator := self._takes(*operators):
            part = _joined(operator, part, rank())
        return part

    def _not(self) -> Part:
        if self._takes("not"):
            part = self._deeper(self._not)
            return combined(f"(not {part.sql})", [part])
        return self._is()

    def _is(self) -> Part:
        part = self._compared()
        while self._takes("is"):
            no = "not " if self._takes("not") else ""
            value = self._takes("null", "true", "false")
            if value is None:
                raise self._unexpected(", where null, true or false should stand")
            part = combined(f"({part.sql} is {no}{value})", [part])
        return part

    def _compared(self) -> Part:
        part = self._listed()
        if operator := self._takes(*_COMPARISONS):
            part = _joined(operator, part, self._listed())
        return part

    def _listed(self) -> Part:
        part = self._texts()
        start = self._place
        no = "not " if self._takes("not") else ""
        if self._takes("in"):
            self._expects("(")
            values = self._arguments()
            if not values:
                raise self._unexpected()
            sql = f"({part.sql} {no}in ({', '.join(value.sql for value in values)}))"
            return combined(sql, [part, *values])
        if self._takes("like"):
            found = self._next()
            if found is None or found["text"] is None or len(found["text"]) > _MAX_PATTERN:
                got = f"a pattern that is no text of at most {_MAX_PATTERN} characters"
                raise refuse(self._where, got, "write the pattern after `like` in single quotes")
            self._place += 1
            # The engine's own `like` may take for ever on some patterns; a regular expression is linear.
            pattern = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in _unquoted(found["text"]))
            return combined(f"({no}regexp_full_match({part.sql}, {quoted(pattern)}, 's'))", [part])
        self._place = start
        return part

    def _texts(self) -> Part:
        return self._chain(self._sum, "||")

    def _sum(self) -> Part:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Part:
        part = self._signed()
        while operator := self._takes("*", "/"):
            right = self._signed()
            part = self._quotient(part, right) if operator == "/" else _joined(operator, part, right)
        return part

    def _quotient(self, part: Part, by: Part) -> Part:
        if by.number is None:
            # Without this a division by zero is infinite, which compares like any number.
            never = f"(case when {by.sql} = 0 then cast('no quotient' as double) else {by.sql} end)"
            return combined(f"({part.sql} / {never})", [part, by, by], more=3)
        if not by.number.strip("0."):
            raise refuse(self._where, "division by zero", "divide by something else")
        if _POWER_OF_TEN.fullmatch(by.number) and len(by.number) > 1:
            tenth = f"0.{by.number[1:-1]}1"  # exact, where a quotient would be a binary float
            return combined(f"({part.sql} * {tenth})", [part])
        return combined(f"({part.sql} / {by.sql})", [part, by])

    def _signed(self) -> Part:
        if sign := self._takes("-", "+"):
            part = self._deeper(self._signed)
            return combined(f"({sign} {part.sql})", [part])
        return self._primary()

    def _primary(self) -> Part:
        found = self._next()
        word = self._word()
        if found is None or (word is not None and word not in {"(", "case", "null", "true", "false"}):
            raise self._unexpected()
        self._place += 1
        if word == "(":
            part = self._deeper(self._any)
            self._expects(")")
            return part if part.is_column else combined(f"({part.sql})", [part], length=part.length, more=0)
        if word == "case":
            return self._deeper(self._case)
        if word is not None:
            return Part(word)
        if found["text"] is not None:
            text = _unquoted(found["text"])
            return Part(quoted(text), length=len(text), text=text)
        if found["number"] is not None:
            return self._number(found["number"])
        return self._named(found)

    def _number(self, number: str) -> Part:
        whole, _, decimals = number.partition(".")
        if len(whole) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            got = f"a number of {len(whole)} digits and {len(decimals)} decimals"
            raise refuse(self._where, got, f"at most {MAX_DIGITS} and {MAX_DECIMALS} are taken")
        return Part(number, number=number)

    def _named(self, found: re.Match[str]) -> Part:
        name = found["name"] if found["quoted"] is None else found["quoted"][1:-1].replace('""', '"')
        is_call = (after := self._next()) is not None and after["operator"] == "("
        if is_call and (found["quoted"] is not None or name.lower() not in FUNCTIONS):
            hint = _OF_ROWS if name.lower() in _OVER_ROWS else f"allowed are {', '.join(sorted(FUNCTIONS))}"
            raise refuse(self._where, f"function {_shown(name)!r}", hint)
        if is_call:
            self._place += 1
            return self._call(name.lower())
        name = name if name in self._columns else next((c for c in self._columns if c.lower() == name.lower()), name)
        if name not in self._columns:
            raise InputError.unknown_name("source column", self._where, _shown(name), self._columns)
        sql = '"' + name.replace('"', '""') + '"'
        return Part(f"cell({sql})", TYPICAL_CELL, operations=4, is_column=True)

    def _call(self, name: str) -> Part:
        given = self._arguments()
        call = FUNCTIONS[name]
        if not call.least <= len(given) <= call.most:
            got = f"{name} of {len(given)} arguments"
            raise refuse(self._where, got, f"it takes {call.least} to {call.most}")
        for place, largest in call.literal:
            if place < len(given) and not (given[place].number or "").isdecimal():
                raise refuse(self._where, f"{name} by a number that is not written out", f"write 0 to {largest:,}")
            if place < len(given) and int(given[place].number or 0) > largest:
                raise refuse(self._where, f"{name} by more than {largest:,}", f"write 0 to {largest:,}")
        sql = f"{name}({', '.join(part.sql for part in given)})"
        return combined(sql, given + given[:1] * (call.copies - 1), length=call_length(name, given), makes=True)

    def _arguments(self) -> list[Part]:
        """Values up to the closing bracket."""
        if self._takes(")"):
            return []
        values = [self._deeper(self._any)]
        while self._takes(","):
            values.append(self._deeper(self._any))
        self._expects(")")
        return values

    def _case(self) -> Part:
        subject = [] if self._word() == "when" else [self._any()]
        parts = list(subject)
        sql = ["case", *(part.sql for part in subject)]
        lengths = [0]
        while self._takes("when"):
            condition = self._any()
            self._expects("then")
            value = self._any()
            parts += [*subject, condition, value]
            lengths.append(value.length)
            sql.append(f"when {condition.sql} then {value.sql}")
        if len(lengths) == 1:
            self._expects("when")
        if self._takes("else"):
            parts.append(self._any())
            lengths.append(parts[-1].length)
            sql.append(f"else {parts[-1].sql}")
        self._expects("end")
        return combined(f"({' '.join(sql)} end)", parts, length=max(lengths))


def _joined(operator: str, left: Part, right: Part) -> Part:
    sql = f"({left.sql} {operator} {right.sql})"
    if operator == "||":
        return combined(sql, [left, right], length=left.length + right.length, makes=True)
    return combined(sql, [left, right])


def _tokens(text: str, where: str) -> list[re.Match[str]]:
    tokens = []
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            got = repr(_shown(text[place : place + 20]))
            raise refuse(where, got, "see docs/mappings.md for what may stand here")
        place = found.end()
        tokens.append(found)
    return tokens


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _shown(text: str) -> str:
    return plain_line(text[:_SHOWN])


def refuse(where: str, got: str, hint: str) -> InputError:
    """Say what is wrong with an expression."""
    return InputError.of("mapping expression", where, got, hint)
