"""Rings: groups of providers, and the patients they share, that chance does not explain; one folder a kind."""

from fraud.rings.find import KINDS, find_rings
from fraud.rings.findings import ring_findings
from fraud.rings.kind import FoundRing, FoundRings, RingKind
from fraud.rings.member_scores import ring_scores
from fraud.rings.result import Rings

__all__ = ["KINDS", "FoundRing", "FoundRings", "RingKind", "Rings", "find_rings", "ring_findings", "ring_scores"]
