"""What becomes of a rule that stands: what it would have found, how often it was right, what it costs practitioners."""
