"""Names of versions: a settlement_id for each, and the claim_id that they share, while rows are staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import SETTLEMENT_TABLES
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from features.claims.mapping import Block
    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine

# Between the number of a claim and that of its version.
SEPARATOR = "~"
_VERSION_ID = f"settlement_id || '{SEPARATOR}' || version_number"
# Columns that name a settlement as the payer knows it, without a version.
_NAMING = ("settlement_id", "dispense_settlement_id")


def names_versions(given: Mapping[str, Collection[str]], blocks: Sequence[Block]) -> bool:
    """Whether settlement_id and version_number name a row of settlements together.

    Parameters
    ----------
    given : mapping of str to collection of str
        Contract columns that a source gives, by table.
    blocks : sequence of Block
        Its blocks of settlements.
    """
    settlements = given.get("settlements", ("version_number",))
    is_own = "claim_id" in settlements or any(block.natural_key for block in blocks)
    return "version_number" in settlements and not is_own


def made_columns(table: str, blocks: Sequence[Block], *, is_numbered: bool) -> set[str]:
    """Columns that staging makes of others: the claim_id of settlements."""
    is_made = is_numbered or any(block.natural_key for block in blocks)
    return {"claim_id"} if table == "settlements" and is_made else set()


def named_sql(
    typed: str, table: str, columns: Collection[str], blocks: Sequence[tuple[int, Block]], *, is_numbered: bool
) -> str:
    """Return SQL of typed rows that name their version and claim.

    Parameters
    ----------
    typed : str
        Query of typed rows; with `_block` where they are of several blocks.
    table : str
        Of the contract.
    columns : collection of str
        What the source gives of it.
    blocks : sequence of (int, Block)
        What the rows are of, with its number.
    is_numbered : bool
        As `names_versions` says.
    """
    made = {}
    if is_numbered and "version_number" in columns and table in ("settlements", *SETTLEMENT_TABLES):
        made["settlement_id"] = f"case when version_number is null then settlement_id else {_VERSION_ID} end"
        if table == "settlements":
            made["claim_id"] = "case when version_number is not null then settlement_id end"
    keys = [(number, _natural_id(block)) for number, block in blocks if block.natural_key]
    if keys and len(blocks) == 1:
        made["claim_id"] = keys[0][1]
    elif keys:
        cases = " ".join(f"when {number} then {sql}" for number, sql in keys)
        made["claim_id"] = f"case _block {cases} else claim_id end"
    if not made:
        return typed
    return f"select * replace ({', '.join(f'{sql} as {column}' for column, sql in made.items())}) from ({typed}) v"


def _natural_id(block: Block) -> str:
    """Return SQL of a digest of the natural key, null where a part of it is: ids of persons stay out of the number."""
    parts = f" || {quoted(chr(31))} || ".join(f"cast({column} as varchar)" for column in block.natural_key)
    return f"left(sha256({parts}), 32)"


def hang_on_newest(engine: DuckDBEngine, staged: Sequence[Staged]) -> dict[str, str]:
    """Let rows that name a claim and no version of it belong to its newest version of the same source.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_<name>` of every staged table, which become views.
    staged : sequence of Staged
        The tables of a source whose settlements are numbered.

    Returns
    -------
    dict of str to str
        What the rows lie in now that lay in `typed_<name>`, by that name.
    """
    moved = {}
    engine.create_table(
        "newest_versions",
        "select claim_id, max_by(settlement_id, version_number) as settlement_id from typed_settlements "
        "where _reasons is null and claim_id is not null "
        "and claim_id not in (select settlement_id from typed_settlements where settlement_id is not null) group by 1",
    )
    for each in staged:
        named = [column for column in _NAMING if column in each.columns]
        if each.table.name == "settlements" or not named:
            continue
        typed, bare = f"typed_{each.table.name}", f"bare_{each.table.name}"
        kind = "table" if typed in each.held else "view"
        engine.execute(f"alter {kind} {typed} rename to {bare}")
        moved[typed] = bare
        joins = " ".join(f"left join newest_versions n_{c} on n_{c}.claim_id = b.{c}" for c in named)
        cells = ", ".join(f"coalesce(n_{c}.settlement_id, b.{c}) as {c}" for c in named)
        engine.create_view(typed, f"select b.* replace ({cells}) from {bare} b {joins}")
    return moved
