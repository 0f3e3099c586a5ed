"""Named random streams and identifiers that reveal nothing about what made them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one subject, so that a change in one never shifts the draws of another."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def scramble(numbers: npt.NDArray[np.int64], seed: int, domain: str) -> npt.NDArray[np.uint64]:
    """Map numbers one to one onto 64 scrambled bits (splitmix64's finaliser, Steele et al. 2014).

    Being one to one, it can give identifiers of both honest and planted rows: neither order nor origin shows.
    """
    key = np.uint64(zlib.crc32(domain.encode()) << 32 ^ seed & 0xFFFFFFFF)
    with np.errstate(over="ignore"):
        x = numbers.astype(np.uint64) + key * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def uniform(numbers: npt.NDArray[np.int64], seed: int, domain: str) -> npt.NDArray[np.float64]:
    """Draw from [0, 1) by number and not by position: the same row draws the same whatever stands around it."""
    shares: npt.NDArray[np.float64] = (scramble(numbers, seed, domain) >> np.uint64(11)) / float(1 << 53)
    return shares


def opaque_ids(numbers: npt.NDArray[np.int64], seed: int, domain: str, prefix: str) -> pa.Array:
    """Write numbers as identifiers of 16 hexadecimal digits behind a prefix; negative numbers become null."""
    digits = scramble(numbers, seed, domain)
    texts = [None if n < 0 else f"{prefix}{d:016x}" for n, d in zip(numbers.tolist(), digits.tolist(), strict=True)]
    return pa.array(texts, pa.string())
