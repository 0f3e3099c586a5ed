"""Checks whether a model learnt something true and may replace the one in use."""
