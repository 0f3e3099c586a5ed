"""What a diagnosis, or a drug that must come first, allows."""
