"""All damages in one list, and a fair share of it."""

from __future__ import annotations

import functools
import random
from typing import TYPE_CHECKING

from tests.hard.corruptions.archives import damaged_archives
from tests.hard.corruptions.cells import hostile_cells
from tests.hard.corruptions.csv_bytes import csv_bytes
from tests.hard.corruptions.exports import as_exported
from tests.hard.corruptions.folders import odd_folders
from tests.hard.corruptions.judge import judge
from tests.hard.corruptions.parquet import damaged_parquet
from tests.hard.corruptions.tomls import hostile_tomls
from tests.hard.trial import Trial

if TYPE_CHECKING:
    from tests.hard.corruptions.damage import Damage


@functools.cache
def damages() -> tuple[Damage, ...]:
    """Return every damage: drawn ones, and one for each fixed spelling, shape and type."""
    return (
        *csv_bytes(140),
        *hostile_cells(),
        *as_exported(),
        *damaged_archives(25),
        *damaged_parquet(25),
        *odd_folders(),
        *hostile_tomls(),
    )


def corruption_trials(share: float = 1.0, seed: int = 0) -> list[Trial]:
    """Return trials of all damages, or of a drawn share of them, in their order."""
    found = damages()
    if share < 1:
        chosen = random.Random(seed).sample(range(len(found)), max(1, round(share * len(found))))
        found = tuple(found[number] for number in sorted(chosen))
    return [Trial("corruptions", each.name, functools.partial(judge, damage=each)) for each in found]
