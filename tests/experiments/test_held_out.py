"""Nobody looks at the held-out seeds but the study that publishes figures."""

from __future__ import annotations

import re
from pathlib import Path

from experiments.held_out import HELD_OUT_SEEDS

ROOT = Path(__file__).parents[2]
ALLOWED = {"experiments/held_out.py", "experiments/studies/detection_power.py", "tests/experiments/test_held_out.py"}
KINDS = {".py", ".toml", ".json", ".yml", ".yaml", ".cfg", ".sh", ""}


def _files():
    for folder in ("experiments", "features", "fraud", "tests", ".github"):
        yield from (ROOT / folder).rglob("*")
    yield from ROOT.glob("*")


def test_there_are_six_different_large_seeds() -> None:
    assert len(set(HELD_OUT_SEEDS)) == len(HELD_OUT_SEEDS) == 6
    assert min(HELD_OUT_SEEDS) > 900_000


def test_no_other_file_uses_them() -> None:
    numbers = "|".join(f"{seed}|{seed:_}" for seed in HELD_OUT_SEEDS)
    uses = re.compile(rf"HELD_OUT_SEEDS|(?<!\d)({numbers})(?!\d)")
    users = {
        path.relative_to(ROOT).as_posix()
        for path in _files()
        if path.is_file()
        and path.suffix in KINDS
        and "__pycache__" not in path.parts
        and uses.search(path.read_text(encoding="utf-8", errors="ignore"))
    }
    assert users == ALLOWED
