"""Damaged sources: generators by kind, and the judge of what the program made of each."""
