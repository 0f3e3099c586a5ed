"""Scored months as earlier versions left them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from features.vocabulary.entities import SCORED
from fraud.runs.manifest import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


def without_practitioners(folder: Path) -> None:
    """Take a scored month back to what it held before practitioners were ranked."""
    told = json.loads((folder / MANIFEST).read_text())
    del told["outputs"]["practitioner_scores"]
    for place, name in ((told["inputs"], "labels"), (told, "score_modes")):
        place[name] = {entity: place[name][entity] for entity in SCORED}
    (folder / "practitioner_scores.parquet").unlink()
    (folder / MANIFEST).write_text(json.dumps(told))
