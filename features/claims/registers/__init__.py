"""Registers: tables without months, judged and written as snapshots by the month from which each was known."""
