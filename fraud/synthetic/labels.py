"""Invented dispositions, as they come in life: late, partial, and sometimes wrong."""

from __future__ import annotations
