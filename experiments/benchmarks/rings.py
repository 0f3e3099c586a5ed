"""Measure the ring search beside one sparse product AᵀA: `python -m experiments.benchmarks.rings`."""

from __future__ import annotations

import argparse
import os
import platform
import time
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from experiments.benchmarks.ring_city import RingCity, make_city
from fraud.rings.incidence import Network, build_network
from fraud.rings.search import search_blocks
from fraud.settings import RingSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fraud.rings.score import Block

EDGES_PER_PATIENT = 5.4  # of the invented city, to choose its size
PATIENTS_PER_AREA = 1_800


def city_of(n_edges: int, n_rings: int, seed: int) -> RingCity:
    """Invent a city of about so many edges."""
    n_patients = int(n_edges / EDGES_PER_PATIENT)
    return make_city(
        seed=seed,
        n_patients=n_patients,
        n_areas=max(4, n_patients // PATIENTS_PER_AREA),
        n_rings=n_rings,
        ring_size=(4, 10),
        ring_patients=(40, 120),
    )


def member_f1(city: RingCity, network: Network, blocks: list[Block]) -> list[float]:
    """Member F1 of the best match of each planted ring: 2 · common / (planted + found)."""
    found = [set(network.provider_ids[block.members]) for block in blocks]
    return [max((2 * len(ring & one) / (len(ring) + len(one)) for one in found), default=0.0) for ring, _ in city.rings]


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def measure(n_edges: int, n_rings: int, seed: int) -> str:
    """Measure one city; one row of the printed table."""
    city = city_of(n_edges, n_rings, seed)
    settings = RingSettings()
    load, network = _timed(lambda: build_network(city.edges, city.persons, city.providers))
    graph = network.graph  # type: ignore[attr-defined]
    matrix = csr_array(
        (np.ones(len(graph.patient_providers), dtype=np.int32), graph.patient_providers, graph.patient_start),
        shape=(len(graph.stratum), len(graph.kind)),
    )
    product, _ = _timed(lambda: matrix.T @ matrix)
    search, blocks = _timed(lambda: search_blocks(graph, settings))
    scores = np.array(member_f1(city, network, blocks))  # type: ignore[arg-type]
    return (
        f"| {len(city.edges):,} | {len(graph.stratum):,} | {len(graph.kind):,} | {load:.2f} | {product:.2f} "
        f"| {search:.2f} | {search / product:.1f} | {(scores >= 0.5).mean():.2f} | {scores.mean():.3f} "
        f"| {len(blocks)} of {n_rings} |"  # type: ignore[arg-type]
    )


def main() -> None:
    """Print machine, versions and one row per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    measure(20_000, 1, chosen.seed)  # compiles
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba", "pandas"))
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {libraries}"
    )
    print("| edges | patients | providers | load s | scipy AᵀA s | search s | ratio | recall | member F1 | found |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for n_edges in chosen.edges:
        print(measure(n_edges, max(4, n_edges // 25_000), chosen.seed))


if __name__ == "__main__":
    main()
