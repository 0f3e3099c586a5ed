"""Bytes of CSV files: flipped, cut, doubled, inserted; stray quotes; line ends; encodings; headers."""

from __future__ import annotations

import functools
import random
from typing import TYPE_CHECKING

from tests.hard.corruptions.damage import TABLES, Damage, bytes_damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_INSERTED = (
    b"\0",
    b'"',
    b'""',
    b"\r",
    b"\r\n",
    b"\n\n",
    b",",
    b",,,",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\x1a",
    b"\x1b[2J",
)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "gb18030", "latin-1", "cp1252", "utf-8-sig", "utf-7")


def csv_bytes(n: int) -> Iterator[Damage]:
    """Yield `n` drawn damages of bytes, then every fixed one."""
    kinds: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _double, _delete, _insert, _swap, _quote)
    for number in range(n):
        kind = kinds[number % len(kinds)]
        table = TABLES[number % len(TABLES)]
        yield bytes_damage(f"{table}: {kind.__name__.strip('_')} {number}", table, kind)
    for table in TABLES:
        yield from _fixed(table)


def _fixed(table: str) -> Iterator[Damage]:
    for share in (0.0, 0.001, 0.5, 0.999):
        yield bytes_damage(f"{table}: first {share:.1%}", table, lambda b, _, s=share: b[: int(len(b) * s)])
    for end in (b"\r\n", b"\r", b"\n\r", b"\x0b", b"\x0c", b"\xe2\x80\xa8", b"\x85", b"\n\n\n"):
        yield bytes_damage(f"{table}: line ends {end!r}", table, lambda b, _, e=end: b.replace(b"\n", e))
        yield bytes_damage(f"{table}: some line ends {end!r}", table, functools.partial(_some_ends, end))
    for encoding in _ENCODINGS:
        yield bytes_damage(f"{table}: in {encoding}", table, lambda b, _, e=encoding: _marked(b).encode(e))
    for name, change in _HEADERS.items():
        yield bytes_damage(f"{table}: header {name}", table, functools.partial(_with_header, change))
    for delimiter in (b";", b"\t", b"|", b"\x01", b" "):
        yield bytes_damage(f"{table}: delimiter {delimiter!r}", table, lambda b, _, d=delimiter: b.replace(b",", d))
    yield bytes_damage(f"{table}: no last line end", table, lambda b, _: b[:-1])
    yield bytes_damage(
        f"{table}: every line twice", table, lambda b, _: b"".join(line * 2 for line in b.splitlines(True))
    )
    yield bytes_damage(f"{table}: header again at the end", table, lambda b, _: b + b.splitlines(True)[0])
    yield bytes_damage(f"{table}: a total under it", table, lambda b, _: b + b"total,,,\n")
    yield bytes_damage(f"{table}: a title above it", table, lambda b, _: b"Extract of 2026-03\n" + b)
    yield bytes_damage(f"{table}: all quoted", table, _all_quoted)
    yield bytes_damage(f"{table}: a quote never closed in the header", table, lambda b, _: b'"' + b)
    yield bytes_damage(f"{table}: a cell of 3 million characters", table, functools.partial(_long_cell, 3_000_000))
    yield bytes_damage(f"{table}: a million empty lines", table, lambda b, _: b + b"\n" * 1_000_000)
    yield bytes_damage(f"{table}: 5,000 cells in a line", table, lambda b, _: b + b"," * 5_000 + b"\n")


_HEADERS: dict[str, Callable[[bytes], bytes]] = {
    "missing": lambda _: b"",
    "empty names": lambda h: b"," * h.count(b","),
    "one name twice": lambda h: h.split(b",")[0] + b"," + h,
    "one name empty": lambda h: b"," + h,
    "upper case": bytes.upper,
    "reversed": lambda h: b",".join(reversed(h.split(b","))),
    "with blanks": lambda h: h.replace(b",", b" , "),
    "of 200,000 characters": lambda h: h + b"," + b"x" * 200_000,
    "of 20,000 names": lambda h: h + b"".join(b",c%d" % n for n in range(20_000)),
    "with a quote": lambda h: h.replace(b",", b'","', 1),
    "with our own names": lambda h: h + b",_file,_row",
    "with SQL": lambda h: h + b',x"; drop table persons; --',
    "with an escape": lambda h: h + b",\x1b]0;t\x07",
    "with NUL": lambda h: h + b",a\0b",
    "with markup": lambda h: h + b",[/b]",
}


def _with_header(change: Callable[[bytes], bytes], content: bytes, _: random.Random) -> bytes:
    header, _, rest = content.partition(b"\n")
    return change(header) + b"\n" + rest


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def _double(content: bytes, draw: random.Random) -> bytes:
    a, b = sorted(draw.sample(range(len(content)), 2))
    return content[:b] + content[a:]


def _delete(content: bytes, draw: random.Random) -> bytes:
    a = draw.randrange(len(content))
    return content[:a] + content[a + draw.randint(1, 200) :]


def _insert(content: bytes, draw: random.Random) -> bytes:
    a = draw.randrange(len(content))
    return content[:a] + draw.choice(_INSERTED) * draw.randint(1, 3) + content[a:]


def _swap(content: bytes, draw: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    a, b = (draw.randrange(len(lines)) for _ in range(2))
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def _quote(content: bytes, draw: random.Random) -> bytes:
    """Open a quote at the start of a cell; close it some lines on, or never."""
    starts = [place for place, byte in enumerate(content) if byte in b",\n"][:-1]
    a = draw.choice(starts) + 1
    closing = [place for place in starts if place > a]
    if draw.random() < 0.4 or not closing:
        return content[:a] + b'"' + content[a:]
    b = draw.choice(closing)
    return content[:a] + b'"' + content[a:b] + b'"' + content[b:]


def _some_ends(end: bytes, content: bytes, draw: random.Random) -> bytes:
    lines = content.split(b"\n")
    return b"".join(line + (end if draw.random() < 0.3 else b"\n") for line in lines[:-1])


def _marked(content: bytes) -> str:
    """Text that differs between encodings."""
    return content.decode("utf-8").replace("Item 1", "Items é").replace("Provider 1", "Hôpital é")


def _all_quoted(content: bytes, _: random.Random) -> bytes:
    return b"".join(b'"' + line.rstrip(b"\n").replace(b",", b'","') + b'"\n' for line in content.splitlines(True))


def _long_cell(length: int, content: bytes, _: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    lines[2] = lines[2].replace(b",", b"," + b"x" * length, 1)
    return b"".join(lines)
