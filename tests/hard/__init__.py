"""Trials of an enemy and of an unlucky operator; `python -m tests.hard` runs them all and prints counts."""
