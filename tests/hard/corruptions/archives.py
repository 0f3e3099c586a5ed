"""Archives: zip and gzip with flipped bits, cut, encrypted, of several files, bombs, and names that lead elsewhere."""

from __future__ import annotations

import functools
import gzip
import io
import random
import struct
import zipfile
from typing import TYPE_CHECKING

from tests.hard.corruptions.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def damaged_archives(n: int) -> Iterator[Damage]:
    """Yield `n` drawn damages of zip and gzip files, then every fixed one."""
    for number in range(n):
        ending = ("zip", "gz")[number % 2]
        yield Damage(f"{ending}: {number} flipped", functools.partial(_packed, ending, f"flip {number}", _flip))
        yield Damage(f"{ending}: {number} cut", functools.partial(_packed, ending, f"cut {number}", _cut))
    for ending in ("zip", "gz"):
        for name, change in _FIXED.items():
            yield Damage(f"{ending}: {name}", functools.partial(_packed, ending, name, lambda b, _, c=change: c(b)))
    for name, make in _ZIPS.items():
        yield Damage(f"zip: {name}", functools.partial(_made, make))
    yield Damage("gz: a line of 60 million characters", lambda f: _swap(f, "gz", gzip.compress(b"x" * 60_000_000)))


def pack(content: bytes, ending: str) -> bytes:
    """Return a legal archive of one CSV."""
    if ending == "gz":
        return gzip.compress(content, mtime=0)
    return _zip([("claim_lines.csv", content)])


def _zip(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, compress_type=method)
    return stream.getvalue()


def _swap(folder: Path, ending: str, content: bytes) -> None:
    (folder / "claim_lines.csv").unlink()
    (folder / f"claim_lines.csv.{ending}").write_bytes(content)


def _packed(ending: str, name: str, change: Callable[[bytes, random.Random], bytes], folder: Path) -> None:
    content = pack((folder / "claim_lines.csv").read_bytes(), ending)
    _swap(folder, ending, change(content, random.Random(name)))


def _made(make: Callable[[bytes], bytes], folder: Path) -> None:
    _swap(folder, "zip", make((folder / "claim_lines.csv").read_bytes()))


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.randint(1, 3)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


_FIXED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no archive at all": lambda _: b"settlement_id,line_number\n",
    "another archive behind it": lambda b: b + b,
    "rubbish behind it": lambda b: b + b"\0" * 1000,
    "rubbish before it": lambda b: b"\0" * 100 + b,
    "a packed archive": lambda b: pack(b, "gz"),
}


def _encrypted(content: bytes) -> bytes:
    packed = bytearray(_zip([("claim_lines.csv", content)]))
    packed[6] |= 1
    central = packed.rindex(b"PK\x01\x02")
    packed[central + 8] |= 1
    return bytes(packed)


def _method(content: bytes) -> bytes:
    packed = bytearray(_zip([("claim_lines.csv", content)]))
    struct.pack_into("<H", packed, 8, 97)
    struct.pack_into("<H", packed, packed.rindex(b"PK\x01\x02") + 10, 97)
    return bytes(packed)


_ZIPS: dict[str, Callable[[bytes], bytes]] = {
    "no file": lambda _: _zip([]),
    "two files": lambda b: _zip([("a.csv", b), ("b.csv", b)]),
    "encrypted": _encrypted,
    "unknown method": _method,
    "stored": lambda b: _zip([("a.csv", b)], zipfile.ZIP_STORED),
    "lzma": lambda b: _zip([("a.csv", b)], zipfile.ZIP_LZMA),
    "bzip2": lambda b: _zip([("a.csv", b)], zipfile.ZIP_BZIP2),
    "path out of the folder": lambda b: _zip([("../../claim_lines.csv", b)]),
    "absolute path": lambda b: _zip([("/tmp/claim_lines.csv", b)]),
    "name of 60,000 characters": lambda b: _zip([("x" * 60_000, b)]),
    "a folder only": lambda _: _zip([("a/", b"")]),
    "bomb of 300 MB": lambda _: _zip([("a.csv", b"\0" * 300_000_000)]),
}
