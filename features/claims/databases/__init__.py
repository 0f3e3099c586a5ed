"""Rows of databases as files of texts: drawn once, read-only, and from there on like any other file of a source."""
