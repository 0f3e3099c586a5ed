"""Profiles of small claims, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.build import Profiles, build_profiles
from features.engine import DuckDBEngine
from tests.support.claims import make_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.claims import Rows


def profiles_of(
    folder: Path, tables: Mapping[str, Rows], month: str = "2026-01", *, window_months: int = 6, threads: int = 1
) -> Profiles:
    """Ingest rows of contract tables and build the profiles of a month."""
    store = make_store(folder, tables)
    with DuckDBEngine(threads=threads) as engine:
        return build_profiles(store, month, engine, window_months=window_months)
