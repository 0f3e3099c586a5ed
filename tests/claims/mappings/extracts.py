"""Invented extracts as CSV files, and what is stored of them."""

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine


def csv(rows, delimiter=","):
    """Text of rows that may name different columns; each cell without quotes."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    return "".join(delimiter.join(cells) + "\n" for cells in lines)


def stored(folder, mapping, **options):
    """Report of the ingest, and rows of the store by SQL."""
    store = folder.parent / f"{folder.name}-store"
    report = ingest_source(folder, store, mapping=mapping, **options)

    def rows(sql):
        with DuckDBEngine() as engine:
            ClaimsStore.open(store).attach(engine)
            return engine.rows(sql)

    return report, rows


def counts(report):
    """Rows read, stored, repeated and quarantined, by table."""
    return {each.table: (each.n_read, each.n_stored, each.n_repeats, each.n_quarantined) for each in report.tables}
