"""The claims contract, its mappings, ingest, quarantine and the claims store."""

from features.claims.check import check_source
from features.claims.contract import TABLES, Column, Table, table_named
from features.claims.ingest import ingest_source
from features.claims.store.store import ClaimsStore

__all__ = ["TABLES", "ClaimsStore", "Column", "Table", "check_source", "ingest_source", "table_named"]
