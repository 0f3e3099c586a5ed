"""Small flat extracts under mappings of their own: files as texts, and what became of them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from pathlib import Path

    from features.claims.quality.limits import Limits
    from features.claims.report import SourceReport, TableCount

REGISTERS = {
    "persons.csv": "person_id,gender,birth_date\nP1,female,1958-07-14\nP2,male,1941-02-02\n",
    "providers.csv": "provider_id,provider_type\nH1,hospital\nC1,clinic\n",
}
OF_REGISTERS = """
[sources.p]
files = ["persons.csv"]
[sources.q]
files = ["providers.csv"]
[[tables.persons]]
source = "p"
columns = { person_id = "person_id", gender = "gender", birth_date = "birth_date" }
[[tables.providers]]
source = "q"
columns = { provider_id = "provider_id", provider_type = "provider_type" }
"""


def written(folder: Path, files: dict[str, str], mapping: str) -> tuple[Path, str]:
    """Write an extract, and a mapping beside it that takes its persons and providers; return folder and mapping."""
    source = folder / "extract"
    for name, text in (REGISTERS | files).items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    path = folder / "mapping.toml"
    path.write_text('name = "mapped"\n' + dedent(mapping) + OF_REGISTERS, encoding="utf-8")
    return source, str(path)


def ingested(
    folder: Path, files: dict[str, str], mapping: str, limits: Limits | None = None
) -> tuple[SourceReport, ClaimsStore]:
    """Ingest an extract, and open the store."""
    source, path = written(folder, files, mapping)
    report = ingest_source(source, folder / "store", mapping=path, limits=limits, threads=1)
    return report, ClaimsStore.open(folder / "store")


def stored(store: ClaimsStore, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query over the views of a store."""
    with DuckDBEngine() as engine:
        store.attach(engine)
        return engine.rows(sql)


def counted(report: SourceReport, table: str) -> TableCount:
    """What became of the rows of a table."""
    return next(each for each in report.tables if each.table == table)
