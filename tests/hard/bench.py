"""What a trial works with: the program, folders of its own, and workspaces that were made once and are copied."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.hard.program import Program
from tests.hard.sources import MONTH, write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.hard.program import Outcome

AS_OF = "2027-06-01"
_SETTINGS = "[models]\nmin_positives_pu = 5\nmin_positives_labelled = 10\nmin_negatives_labelled = 10\n"
_TRAINING = "n_trees = 20\nn_folds = 2\nn_draws = 50\nmin_leaf_subjects = 3\nmin_fresh_labels = 5\n"


class Bench:
    """One program and one scratch folder for many trials; use it as a context manager."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.program = Program(root)
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.__exit__()

    def folder(self) -> Path:
        """Return a new empty folder."""
        path = self.root / f"trial-{next(self._numbers)}"
        path.mkdir()
        return path

    def fraud(self, workspace: Path, *words: object, **more: Any) -> Outcome:
        """Run a command on a workspace, with the settings that let a small city train."""
        base = ("--workspace", workspace, "--config", self.settings)
        return self.program.run(*base, *words, **more)

    def copy(self, made: Path) -> Path:
        """Return a copy of a workspace or folder that a trial may change."""
        target = self.folder() / made.name
        shutil.copytree(made, target, symlinks=True)
        return target

    @cached_property
    def settings(self) -> Path:
        """Settings under which a small city has enough labels."""
        path = self.root / "fraud.toml"
        path.write_text(_SETTINGS, encoding="utf-8")
        return path

    @cached_property
    def training(self) -> Path:
        """Settings of a training that takes seconds."""
        path = self.root / "train.toml"
        path.write_text(_TRAINING, encoding="utf-8")
        return path

    @cached_property
    def source(self) -> Path:
        """The small legal source."""
        return write_tables(self.root / "source")

    @cached_property
    def scored(self) -> Path:
        """The small source ingested, scored and exported in English."""
        workspace = self.root / "small" / "scored"
        self._steps(workspace, [["ingest", self.source], ["score", "--month", MONTH]])
        self._steps(workspace, [["cases", "export", "--month", MONTH]])
        return workspace

    @cached_property
    def city_source(self) -> Path:
        """An invented city of 300 persons, three months; its labels lie beside it."""
        target = self.root / "city-source"
        words = ["--persons", "300", "--providers", "30", "--months", "3", "--seed", "3", "--schemes", "P06,R01"]
        self.program.run("synth", "--out", target, *words, "--labels", self.root / "labels.csv").must(0)
        return target

    @cached_property
    def city(self) -> Path:
        """That city ingested and scored, with labels and three versions of a patient model, the second the champion."""
        workspace = self.root / "city" / "workspace"
        self._steps(workspace, [["ingest", self.city_source], ["score", "--month", MONTH]])
        train = ["train", "--entity", "patient", "--as-of", AS_OF, "--config", self.training]
        promote = ["promote", "--entity", "patient", "--reason", "a trial"]
        self._steps(workspace, [["feedback", "import", self.root / "labels.csv"], train, train, train])
        self._steps(workspace, [[*promote, "1"], [*promote, "2"]])
        return workspace

    def _steps(self, workspace: Path, steps: Sequence[Sequence[object]]) -> None:
        for words in steps:
            self.fraud(workspace, *words, timeout=600).must(0)


def tree(folder: Path) -> dict[str, str]:
    """Digest of every file and target of every link below a folder, by relative path."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def run_tables(workspace: Path) -> dict[str, str]:
    """Digest of every table of every scored month, by month and file; the manifest names times, so it is left out."""
    found = {}
    for month in sorted((workspace / "runs").glob("????-??")):
        for path in sorted(month.iterdir()):
            if path.suffix == ".parquet":
                found[f"{month.name}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def store_files(workspace: Path) -> dict[str, list[str]]:
    """Live files of the store by table; a file's name carries the digest of its content."""
    path = workspace / "store" / "catalog.json"
    if not path.exists():
        return {}
    catalog = json.loads(path.read_text(encoding="utf-8"))
    return {name: sorted(part["file"] for part in parts) for name, parts in catalog["tables"].items()}
