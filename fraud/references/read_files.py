"""Read the files of one edition, each by the kind that it is said to be of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line
from fraud.references.knowledge_points import read_points
from fraud.references.ncci import read_mue, read_ptp
from fraud.references.published import Published
from fraud.references.records import read_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

_READERS = {"knowledge_points": read_points, "ncci_ptp": read_ptp, "ncci_mue": read_mue}
_ENCODINGS = {"knowledge_points": ("gb18030",), "ncci_ptp": ("cp1252",), "ncci_mue": ("cp1252",)}


def read_files(files: Sequence[Path], kind: str) -> Published:
    """Read published files.

    Parameters
    ----------
    files : sequence of Path
        Workbooks, texts or archives of these.
    kind : str
        One of `KINDS`.

    Raises
    ------
    InputError
        A file cannot be read, or holds no row of its kind.
    """
    found = Published()
    for file in files:
        before = sum(each.n_points for each in found.topics.values())
        with tempfile.TemporaryDirectory(prefix="references-") as staging:
            _READERS[kind](read_sheets(file, Path(staging), _ENCODINGS[kind]), found)
        if sum(each.n_points for each in found.topics.values()) == before:
            got = f"no row of kind {kind}"
            hint = "give the table as it was published, with its header, and its kind with --kind"
            raise InputError.of("file", plain_line(f"'{file.name}'"), got, hint)
    return found
