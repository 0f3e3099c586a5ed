"""Turns claim lines into profiles: what is known, without labels, thresholds or models."""
