"""What do we know? Claim lines in, profiles out. No labels, no thresholds, no models."""
