"""Honest care, drafted month by month."""
