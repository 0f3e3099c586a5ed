"""Count what became of every row of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.judge import COUNTED
from features.claims.reading.totals import AGAIN, TOTALS
from features.claims.report import FileCount, SourceReport, TableCount
from features.claims.store.write import months_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.mapping import Mapping
    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine

# Why a line of a file is no row.
MALFORMED = "malformed line"


def count(
    engine: DuckDBEngine, staged: Collection[Staged], files: Collection[FileCount], mapping: Mapping, source: str
) -> SourceReport:
    """Count what was judged; the counts refuse to be built when a row is lost."""
    given = {each.table.name for each in staged}
    return SourceReport(
        mapping=mapping.name,
        source=source,
        zone=mapping.zone,
        months=months_of(engine, staged),
        tables=tuple(_count_table(engine, each) for each in staged),
        absent=tuple(name for name in TABLES if name not in given),
        files=tuple(files),
    )


def _count_table(engine: DuckDBEngine, staged: Staged) -> TableCount:
    name = staged.table.name
    raws = dict.fromkeys(each.name for each in staged.sources)
    malformed = " union all ".join(f"select * from {raw}_rejected" for raw in raws)
    relations = (f"keyed_{name}", f"good_{name}", f"({malformed})")
    columns = ", ".join(f"count(*) filter (where {condition})" for condition in COUNTED.values())
    counts = engine.rows(
        f"select {', '.join(f'(select count(*) from {each})' for each in relations)}, b.*, v.* "
        f"from (select count(*), count(*) filter (where _is_faulty) from bad_{name}) b, "
        f"(select {columns} from verdict_{name}) v"
    )[0]
    keyed, stored, rejected, bad, faulty, *said = map(int, counts)
    told = _reasons(engine, f"bad_{name}") if bad else []
    if rejected:
        told += _malformed(engine, malformed)
    return TableCount(
        table=name,
        n_read=keyed + faulty + rejected,
        n_stored=stored,
        n_quarantined=bad + rejected,
        reasons=tuple(told),
        others=tuple(sorted(staged.others.items())),
        placeholders=tuple(sorted(staged.placeholders.items())),
        cells=tuple(_reasons(engine, f"cells_{name}") if staged.n_unread else ()),
        unknown_columns=staged.unknown_columns,
        not_given=tuple(c.name for c in staged.table.columns if c.name not in staged.known),
        n_joined=staged.n_joined,
        **dict(zip(COUNTED, said, strict=True)),
    )


def _reasons(engine: DuckDBEngine, table: str) -> list[tuple[str, int, str]]:
    """List the reasons of a table of set-aside rows: rows of each, and the place of the first."""
    place = "struct_pack(b := _block, f := _file, r := _row, p := _position)"
    found = engine.rows(
        f"select r, count(*), min_by(_file || ' row ' || _row, {place}) from "
        f"(select unnest(_reasons) as r, * from {table}) group by r order by 2 desc, 1"
    )
    return [(str(reason), int(n), str(first)) for reason, n, first in found]


def _malformed(engine: DuckDBEngine, rejected: str) -> list[tuple[str, int, str]]:
    """List what lines that are no row are: damage, rows of totals, headers that stand again."""
    kind = f"case when reason in ('{TOTALS}', '{AGAIN}') then reason else '{MALFORMED}' end"
    return engine.rows(
        f"select {kind} as r, count(*), min_by(_file || ' line ' || _row, (_file, _row)) from ({rejected}) "
        "group by r order by 2 desc, 1"
    )
