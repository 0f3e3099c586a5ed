"""Extracts as systems and spreadsheets write them: stand-ins, lost digits, versions, wrapped and glued files."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tests.hard.corruptions.damage import TABLES, Damage, bytes_damage
from tests.hard.sources import tables, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PLACEHOLDERS = (
    "0000-00-00",
    "0000-00-00 00:00:00",
    "0001-01-01",
    "1899-12-30",
    "1900-01-00",
    "1900-01-01",
    "2099-12-31",
    "9999-12-31",
    "9999-12-31 23:59:59.999",
    "292278994-08-17",
    "00000000",
    "99991231",
    "-",
    "--",
    "N/A",
    "无",
    "#N/A",
)
HALF_DAYS = (
    "2026-03-10 09:05:00 PM",
    "2026-03-10 12:05:00 AM",
    "2026-03-10 12:05:00 PM",
    "2026-03-10 9:05 pm",
    "2026-03-10 13:05:00 PM",
    "03/10/2026 09:05:00 PM",
    "10/3/2026 9:05",
    "2026-03-10 下午 09:05:00",
    "2026-03-10T09:05:00 P.M.",
    "2026-03-10 21:05:00 +0800",
)
LOST_DIGITS = (
    "1.10101E+17",
    "1.1010119410202E+17",
    "1.10101e17",
    "12345.0",
    "1,234,567",
    "012345",
    "１２３４５",
    "4.4E4",
)
FORMULAS = ('="012345"', "=A1", "=1+1", "=SUM(A1:A9)", "+A1", "@x", "'012345", "#REF!", "#DIV/0!", "#######")
_AT = {
    "stand-in": (PLACEHOLDERS, (("persons", "death_date"), ("persons", "birth_date"), ("claim_lines", "fee_time"))),
    "half day": (HALF_DAYS, (("settlements", "settle_time"), ("claim_lines", "fee_time"))),
    "lost digits": (
        LOST_DIGITS,
        (("settlements", "person_id"), ("persons", "person_id"), ("claim_lines", "line_number")),
    ),
    "formula": (FORMULAS, (("settlements", "provider_id"), ("claim_lines", "amount"), ("settlements", "total_amount"))),
}
_CHAINS: dict[str, Callable[[int], str]] = {
    "the one before": lambda n: f"S{n - 1}" if n else "",
    "itself": lambda n: f"S{n}",
    "in a ring": lambda n: f"S{(n + 1) % 40}",
    "nothing known": lambda n: f"X{n}",
    "one for all": lambda n: "S0" if n else "",
}


def as_exported() -> Iterator[Damage]:
    """Yield one damage for each habit of a system, in each column or table that it is known of."""
    for habit, (spellings, places) in _AT.items():
        for table, column in places:
            for spelling in spellings:
                for rows, said in ((slice(3, 4), "once"), (slice(1, None), "throughout")):
                    do = functools.partial(_cells, table, column, spelling, rows)
                    yield Damage(f"{habit}: {table}.{column} is {spelling!r} {said}", do)
    for column in ("replaces_settlement_id", "original_settlement_id"):
        for name, names in _CHAINS.items():
            for amounts in ("as they are", "negative"):
                do = functools.partial(_versions, column, names, amounts == "negative")
                yield Damage(f"versions: {column} names {name}, amounts {amounts}", do)
    for table in TABLES:
        for name, change in _FILES.items():
            yield bytes_damage(f"{table}: {name}", table, lambda content, _, c=change: c(content))


def _cells(table: str, column: str, spelling: str, rows: slice, folder: Path) -> None:
    given = tables()
    place = given[table][0].index(column)
    for row in given[table][rows]:
        row[place] = spelling
    write_tables(folder, given)


def _versions(column: str, names: Callable[[int], str], is_negative: bool, folder: Path) -> None:
    given = tables()
    header, *bills = given["settlements"]
    header += [column, "claim_id", "version_number", "is_reversal"]
    for n, bill in enumerate(bills):
        bill += [names(n), f"C{n // 4}", str(n % 4), str(is_negative).lower()]
        if is_negative:
            for amount in ("total_amount", "in_scope_amount", "fund_paid_amount"):
                bill[header.index(amount)] = f"-{bill[header.index(amount)]}"
    write_tables(folder, given)


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _halves(content: bytes) -> tuple[list[bytes], list[bytes]]:
    lines = _lines(content)
    return lines[: len(lines) // 2], lines[len(lines) // 2 :]


def _glued(content: bytes, before: bytes) -> bytes:
    first, second = _halves(content)
    return b"".join([*first, before, *second])


def _windows(lines: list[bytes]) -> bytes:
    return b"".join(lines).replace(b"\n", b"\r\n")


def _named(content: bytes) -> bytes:
    """Write a Chinese text into the last cell of every row but the header."""
    header, *rows = _lines(content)
    return header + b"".join(row.rstrip(b"\n") + "医院".encode() + b"\n" for row in rows)


_FILES: dict[str, Callable[[bytes], bytes]] = {
    "header of LF, rows of CRLF": lambda b: _lines(b)[0] + _windows(_lines(b)[1:]),
    "header of CRLF, rows of LF": lambda b: _windows(_lines(b)[:1]) + b"".join(_lines(b)[1:]),
    "second half of CRLF": lambda b: b"".join(_halves(b)[0]) + _windows(_halves(b)[1]),
    "second half of CR": lambda b: b"".join(_halves(b)[0]) + b"".join(_halves(b)[1]).replace(b"\n", b"\r"),
    "header again in the middle": lambda b: _glued(b, _lines(b)[0]),
    "two files glued, each with a mark": lambda b: b"\xef\xbb\xbf" + _glued(b, b"\xef\xbb\xbf" + _lines(b)[0]),
    "a mark in the middle": lambda b: _glued(b, b"\xef\xbb\xbf"),
    "two marks": lambda b: b"\xef\xbb\xbf" * 2 + b,
    "a delimiter behind every row": lambda b: _lines(b)[0] + b"".join(_lines(b)[1:]).replace(b"\n", b",\n"),
    "a delimiter behind every line": lambda b: b.replace(b"\n", b",\n"),
    "a number before every row": lambda b: b"," + b"".join(b"%d," % n + x for n, x in enumerate(_lines(b)))[2:],
    "three title rows": lambda b: "费用明细\n".encode() + b"2026-03\n\n" + b,
    "a wide title": lambda b: b"Extract" + b"," * _lines(b)[0].count(b",") + b"\n" + b,
    "a wide total": lambda b: b + "合计".encode() + b"," * (_lines(b)[0].count(b",") - 1) + b",9999.00\n",
    "a footer of counts": lambda b: b + b"(%d rows affected)\n" % (len(_lines(b)) - 1),
    "a rule under the header": lambda b: _lines(b)[0] + b"-----\n" + b"".join(_lines(b)[1:]),
    "in UTF-16 with a mark": lambda b: b.decode().encode("utf-16"),
    "in UTF-16 of the other order": lambda b: b"\xfe\xff" + b.decode().encode("utf-16-be"),
    "in GBK with Chinese": lambda b: _named(b).decode().encode("gbk"),
    "in UTF-8 with Chinese": _named,
    "half in GBK": lambda b: _glued(b, b"")[: len(b) // 2] + _named(b).decode().encode("gbk")[len(b) // 2 :],
    "blanks around every cell": lambda b: b.replace(b",", b" , "),
    "a separator line of Excel": lambda b: b"sep=,\n" + b,
    "an end of file mark": lambda b: b + b"\x1a",
}
