"""Pseudonyms of review packs."""

from fraud.pseudonyms import Pseudonyms

PURPOSE = "cases"

__all__ = ["PURPOSE", "Pseudonyms"]
