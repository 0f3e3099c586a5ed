"""The program, run in this process: its exit code and what it says."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fraud.cli.main import main


class Said(NamedTuple):
    """Exit code, standard output, and standard error in one line."""

    code: int
    out: str
    err: str


def run(capsys, root, *words) -> Said:
    """Run `fraud --workspace ROOT WORDS…`."""
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(root), *map(str, words)])
    told = capsys.readouterr()
    return Said(int(left.value.code or 0), told.out, " ".join(told.err.split()))
