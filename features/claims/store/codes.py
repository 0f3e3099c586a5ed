"""Integer keys for identifiers: code tables that only grow, numbered in the order of the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.contract import Table
    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine


def allocate(engine: DuckDBEngine, staged: Iterable[Staged]) -> None:
    """Give every identifier of the staged rows a key: `new_<domain>` holds the new ones, `all_<domain>` all.

    Identifiers of rows that have a reason against them get no key.
    """
    uses: dict[str, list[str]] = {domain: [] for domain in CODE_COLUMNS}
    for each in staged:
        for column in each.table.columns:
            if column.domain is not None and column.name in each.columns:
                source = f"typed_{each.table.name} where _reasons is null"
                uses[column.domain].append(f"select distinct {column.name} as code from {source}")
    for domain, queries in uses.items():
        key, code = f"{domain}_key", CODE_COLUMNS[domain]
        known = f"codes_{domain}"
        if not queries:
            engine.create_view(f"new_{domain}", f"select * from {known} where 1 = 0")
            engine.create_view(f"all_{domain}", f"select * from {known}")
            continue
        engine.create_table(
            f"new_{domain}",
            f"select coalesce((select max({key}) from {known}), 0) + row_number() over (order by code) as {key}, "
            f"code as {code} from (({' union '.join(queries)}) except select {code} from {known}) "
            "where code is not null order by 1",
        )
        engine.create_table(f"all_{domain}", f"select * from {known} union all select * from new_{domain}")


def keyed_sql(table: Table, columns: Iterable[str], extra: str) -> str:
    """Return SQL for the typed rows of a table in canonical form: all stored columns of the contract, and `extra`."""
    given = set(columns)
    cells, joins = [], []
    for column in table.columns:
        if column.name not in given:
            cells.append(f"cast(null as {column.stored_type}) as {column.stored_name}")
        elif column.domain is None:
            cells.append(f"t.{column.name}")
        else:
            alias = f"k_{column.name}"
            code = CODE_COLUMNS[column.domain]
            joins.append(f"left join all_{column.domain} {alias} on {alias}.{code} = t.{column.name}")
            cells.append(f"{alias}.{column.domain}_key as {column.stored_name}")
    return f"select {extra}, {', '.join(cells)} from typed_{table.name} t {' '.join(joins)} where t._reasons is null"
