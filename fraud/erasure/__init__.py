"""Erasure: what the workspace knows of one person goes on request, and what is old goes by age; both are recorded."""

from fraud.erasure.erase import Erased, erase_person
from fraud.erasure.expire import KINDS, Expired, expire

__all__ = ["KINDS", "Erased", "Expired", "erase_person", "expire"]
