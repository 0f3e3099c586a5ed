"""Attacks on models, persons, texts, returned files, packs and the workspace's own state."""
