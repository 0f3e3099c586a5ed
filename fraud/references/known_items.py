"""What the store knows of items: their versions of `ref_items` in contract form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import TABLES, ClaimsStore
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from features.claims.contract import Column


def known_items(
    store: ClaimsStore, items: Collection[str], spill: Path | None = None
) -> dict[str, list[dict[str, str]]]:
    """Return the versions of items, as they were known last.

    Parameters
    ----------
    store : ClaimsStore
        The store.
    items : collection of str
        Item codes that are wanted.
    spill : Path, optional
        Where the engine puts what memory does not hold.

    Returns
    -------
    dict of str to list of dict
        By item code, its versions: contract column -> text in the contract's grammar, empty cells left out.
    """
    import pandas as pd

    table = TABLES["ref_items"]
    texts = ", ".join(f"{_text(column)} as {column.name}" for column in table.columns if column.domain is None)
    found: dict[str, list[dict[str, str]]] = {}
    if not store.has("ref_items"):
        return found
    with DuckDBEngine(threads=1, spill_folder=spill) as engine:
        store.attach_only(engine, "ref_items", "codes_item")
        engine.register("wanted_items", pd.DataFrame({"item_code": sorted(items)}))
        rows = engine.frame(
            f"select c.item_code, {texts} from ref_items r join codes_item c on c.item_key = r.item_key"
            " where c.item_code in (select item_code from wanted_items) order by all"
        )
        for row in rows.astype(object).where(rows.notna(), None).to_dict(orient="records"):
            found.setdefault(str(row["item_code"]), []).append({k: str(v) for k, v in row.items() if v is not None})
    return found


def _text(column: Column) -> str:
    name = f"r.{column.stored_name}"
    if column.scale is not None:
        return f"cast(cast({name} as decimal(38, 0)) / {10**column.scale} as decimal(38, {column.scale}))::varchar"
    return f"cast({name} as varchar)"
