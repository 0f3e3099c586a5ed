"""Rings of providers that share more patients than popularity, place and disease explain."""
