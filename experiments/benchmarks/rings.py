"""Measure the ring search beside one sparse product AᵀA: `python -m experiments.benchmarks.rings`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from experiments.benchmarks.machine import describe_machine
from experiments.benchmarks.ring_city import RingCity, make_city
from fraud.rings.shared_patients.incidence import Network, build_network
from fraud.rings.shared_patients.search import search_rings
from fraud.settings import RingSettings

if TYPE_CHECKING:
    from fraud.rings.shared_patients.block_score import Block

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


def measure(n_edges: int, n_rings: int, seed: int) -> str:
    """Measure one city; one row of the printed table."""
    city = city_of(n_edges, n_rings, seed)
    clock = [time.perf_counter()]
    network = build_network(city.edges, city.persons, city.providers)
    clock.append(time.perf_counter())
    graph = network.graph
    matrix = csr_array(
        (np.ones(len(graph.patient_providers), dtype=np.int32), graph.patient_providers, graph.patient_start),
        shape=(len(graph.stratum), len(graph.kind)),
    )
    clock.append(time.perf_counter())
    matrix.T @ matrix
    clock.append(time.perf_counter())
    blocks = search_rings(graph, RingSettings()).blocks
    clock.append(time.perf_counter())
    load, _, product, search = np.diff(clock)
    scores = np.array(member_f1(city, network, blocks))
    figures = (
        f"{len(city.edges):,}",
        f"{len(graph.stratum):,}",
        f"{len(graph.kind):,}",
        *(f"{seconds:.2f}" for seconds in (load, product, search)),
        f"{search / product:.1f}",
        f"{(scores >= 0.5).mean():.2f}",
        f"{scores.mean():.3f}",
        f"{len(blocks)} of {n_rings}",
    )
    return f"| {' | '.join(figures)} |"


def main() -> None:
    """Print machine, versions and one row per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    measure(20_000, 1, chosen.seed)  # compiles
    lines = [
        describe_machine("numpy", "scipy", "numba", "pandas"),
        "| edges | patients | providers | load s | scipy AᵀA s | search s | ratio | recall | member F1 | found |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [measure(n_edges, max(4, n_edges // 25_000), chosen.seed) for n_edges in chosen.edges]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
