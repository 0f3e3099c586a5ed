"""Bounds on source files: generous for a real month of a large payer, and out of reach of a damaged or hostile file."""

from __future__ import annotations

# Claims extracts keep a row within some thousand bytes; the longest free texts that were seen are some ten thousand.
MAX_RECORD_BYTES = 2 * 1024 * 1024
# A cell may hold line breaks (an address, a printed label). A cell that takes more lines than a printed page has is
# a quote that was opened and not closed where it should have been.
MAX_RECORD_LINES = 60
# Of the raw content of one quarantined row or line; what is cut off is counted.
MAX_RAW_CHARACTERS = 65_536
# Malformed lines of one file: beyond them it is no file with damage but a file of another kind.
MAX_DAMAGED_LINES = 1_000_000
# Wide extracts of payers have some hundred columns.
MAX_COLUMNS = 5_000
MAX_NAME_CHARACTERS = 256
# Deflate packs at most 1,030 to 1; claims lines pack 5 to 50 to 1. The floor lets small files of equal rows pass.
MAX_UNPACKED_RATIO = 200
MAX_UNPACKED_FLOOR = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024**3
# Files of one source, each of which costs the engine some hundred kilobytes and hundredths of a second beside its
# rows; entries of a source folder that are looked at to find them.
MAX_FILES = 4_000
MAX_ENTRIES = 1_000_000
MAX_DEPTH = 64
# The index at the end of a Parquet file: some kilobytes per column and row group.
MAX_PARQUET_FOOTER = 256 * 1024 * 1024
# One line of FHIR resources, or a whole bundle; some hundred bills, and ten times as much as objects in memory.
MAX_JSON_BYTES = 64 * 1024 * 1024
