"""What a small source costs: each statement is planned, however few its rows are."""

from features.claims import ingest_source
from features.engine import DuckDBEngine
from tests.support.claims import write_source

# For settlements, lines, persons and providers; some 220 when this was written.
MOST_STATEMENTS = 240


def test_a_small_source_takes_few_statements_and_writes_no_file_without_rows(tmp_path, monkeypatch):
    asked, written = [], []

    class Recording(DuckDBEngine):
        def _within_limits(self):
            asked.append("a table, rows, or a statement for its effect")
            return super()._within_limits()

        def create_view(self, name, sql):
            asked.append(name)
            super().create_view(name, sql)

        def write_parquet(self, *args):
            written.append(super().write_parquet(*args))
            return written[-1]

    source = write_source(tmp_path / "source", {"claim_lines": [{"settlement_id": "S1", "amount": "5.00"}]})
    monkeypatch.setattr("features.claims.ingest.DuckDBEngine", Recording)
    ingest_source(source, tmp_path / "store", threads=1)
    assert 0 < len(asked) <= MOST_STATEMENTS
    # Rows and days of two registers, settlements, lines, and the keys of four domains.
    assert len(written) == 4 + 2 + 4
    assert all(written)
