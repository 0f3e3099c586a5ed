"""The ledger of trace codes."""
