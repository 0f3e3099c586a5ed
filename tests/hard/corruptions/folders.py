"""Folders and names: links, pipes, files without permission, odd names, tables that are missing or twice."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hard.corruptions.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def odd_folders() -> Iterator[Damage]:
    """Yield one damage for each shape of folder."""
    for name, do in _SHAPES.items():
        yield Damage(f"folder: {name}", do)


def _parts(folder: Path) -> Path:
    """Make the lines a folder of one file."""
    inner = folder / "claim_lines"
    inner.mkdir()
    (folder / "claim_lines.csv").rename(inner / "a.csv")
    return inner


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        before = Path.cwd()
        os.chdir(path.parent)
        made.bind(path.name)
        os.chdir(before)


def _many(folder: Path) -> None:
    inner = _parts(folder)
    header, *lines = (inner / "a.csv").read_text("utf-8").splitlines(keepends=True)
    (inner / "a.csv").unlink()
    for number, line in enumerate(lines):
        (inner / f"{number}.csv").write_text(header + line, "utf-8")


def _deep(folder: Path) -> None:
    inner = _parts(folder)
    deep = inner.joinpath(*["d"] * 200)
    deep.mkdir(parents=True)
    (inner / "a.csv").rename(deep / "a.csv")


_SHAPES: dict[str, Callable[[Path], None]] = {
    "lines lead to the root": lambda f: ((f / "claim_lines.csv").unlink(), (f / "claim_lines").symlink_to("/"))[1],
    "lines lead to themselves": lambda f: (_parts(f) / "loop").symlink_to(f / "claim_lines"),
    "a file that is a link": lambda f: (
        (f / "claim_lines.csv").rename(f.parent / "elsewhere.csv"),
        (f / "claim_lines.csv").symlink_to(f.parent / "elsewhere.csv"),
    )[1],
    "a link to nothing": lambda f: ((f / "claim_lines.csv").unlink(), (f / "claim_lines.csv").symlink_to("/no"))[1],
    "a pipe": lambda f: ((f / "claim_lines.csv").unlink(), os.mkfifo(f / "claim_lines.csv"))[1],
    "a pipe among the parts": lambda f: os.mkfifo(_parts(f) / "b.csv"),
    "a socket among the parts": lambda f: _socket(_parts(f) / "b.csv"),
    "a folder called claim_lines.csv": lambda f: ((f / "claim_lines.csv").unlink(), (f / "claim_lines.csv").mkdir())[1],
    "a name that is not UTF-8": lambda f: (_parts(f) / "a.csv").rename(
        f / "claim_lines" / os.fsdecode(b"\xff\xfe.csv")
    ),
    "a name with an escape": lambda f: (_parts(f) / "a.csv").rename(f / "claim_lines" / "\x1b]0;t\x07\n.csv"),
    "a name of 250 bytes": lambda f: (_parts(f) / "a.csv").rename(f / "claim_lines" / ("x" * 246 + ".csv")),
    "hidden files": lambda f: (_parts(f) / ".b.csv").write_text("rubbish", "utf-8"),
    "120 files": _many,
    "200 folders deep": _deep,
    "the same table as file and folder": lambda f: (
        (f / "claim_lines").mkdir(),
        (f / "claim_lines" / "a.csv").write_bytes((f / "claim_lines.csv").read_bytes()),
    )[1],
    "no lines": lambda f: (f / "claim_lines.csv").unlink(),
    "nothing at all": lambda f: [path.unlink() for path in f.iterdir()].pop(),
}
