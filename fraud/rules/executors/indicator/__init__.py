"""A provider against its peers or a cap."""
