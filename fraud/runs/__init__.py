"""A scored month on disk: its tables, its manifest, how it is published and read."""
