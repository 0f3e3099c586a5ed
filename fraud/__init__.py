"""Finds what looks wrong, how wrong and why, and what an investigator receives."""
