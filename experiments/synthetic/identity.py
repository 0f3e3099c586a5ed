"""Identifiers of persons, providers, practitioners and items, by place number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import opaque_ids, scramble

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.synthetic.world.world import World


def _shuffled(prefix: str, n: int, width: int, seed: int) -> list[str]:
    """Give numbers in an order that tells nothing of how they were made."""
    order = np.argsort(scramble(np.arange(n), seed, prefix), kind="stable")
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n)
    return [f"{prefix}{r + 1:0{width}d}" for r in rank.tolist()]


@dataclass(frozen=True)
class Identity:
    """Names of the city's subjects."""

    persons: list[str]
    providers: list[str]
    practitioners: list[str]
    items: list[str]
    seed: int

    @classmethod
    def of(cls, world: World) -> Identity:
        """Name everyone."""
        seed = world.seed
        return cls(
            _shuffled("P", len(world.people), 8, seed),
            _shuffled("H4299", len(world.places.providers), 6, seed),
            _shuffled("D", len(world.places.practitioners), 7, seed),
            world.catalogue.items["item_code"].tolist(),
            seed,
        )

    def settlements(self, draft: object) -> pa.Array:
        """Name settlements by draft number; negative is null."""
        return opaque_ids(np.asarray(draft, np.int64), self.seed, "settlement", "S")

    def prescriptions(self, rx: object) -> pa.Array:
        """Name prescriptions by number; negative is null."""
        return opaque_ids(np.asarray(rx, np.int64), self.seed, "prescription", "R")
