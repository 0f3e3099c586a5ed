"""How source files are found, unpacked, decoded, taken apart into records and read as text; no row is lost here."""
