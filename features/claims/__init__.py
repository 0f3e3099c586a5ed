"""The claims contract, its mappings, ingest, quarantine and the claims store."""
