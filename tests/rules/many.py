"""Many examples in one store: each keeps its own persons, providers, settlements and items."""

from __future__ import annotations

import pandas as pd

# Codes that belong to everybody: trace codes have a form of their own, regions and diagnoses a meaning.
_SHARED = ("trace_code", "region_code", "diagnosis_code", "procedure_code")
_LISTS = ("requires_prior_item_codes",)


def together(worlds):
    """Contract-form frames of all worlds (name -> frames), their identifiers and item codes told apart by the name."""
    parts = {}
    for name, tables in worlds.items():
        for table, frame in tables.items():
            parts.setdefault(table, []).append(frame.apply(_own, name=name) if len(frame) else frame)
    frames = {table: pd.concat([part.astype(object) for part in found]) for table, found in parts.items()}
    return {table: frame.drop_duplicates().reset_index(drop=True) for table, frame in frames.items()}


def _own(column, name):
    if column.name in _LISTS:
        return column.map(lambda codes: "|".join(f"{name}-{code}" for code in codes.split("|")), na_action="ignore")
    is_name = column.name.endswith(("_id", "item_code")) and column.name not in _SHARED
    return column.map(lambda value: f"{name}-{value}", na_action="ignore") if is_name else column
