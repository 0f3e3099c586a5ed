"""The files of one source of a mapping, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Found:
    """The files of one source of a mapping, sorted; `folder` holds them where it is not the source folder."""

    name: str
    files: tuple[Path, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    format: str = ""
    part: str = ""
    may_lack: tuple[str, ...] = ()
    folder: Path | None = None
