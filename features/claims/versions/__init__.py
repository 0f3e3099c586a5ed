"""Versions of a claim: which of them stand, and what is effective after reversals and refunds."""
