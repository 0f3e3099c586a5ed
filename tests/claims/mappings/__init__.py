"""Shipped mappings, each on an invented extract of the true shape."""
