"""Rings: groups of providers that share many more patients than popularity, place and disease explain."""

from fraud.rings.find import find_rings
from fraud.rings.findings import ring_findings
from fraud.rings.result import Rings
from fraud.rings.scores import ring_scores

__all__ = ["Rings", "find_rings", "ring_findings", "ring_scores"]
