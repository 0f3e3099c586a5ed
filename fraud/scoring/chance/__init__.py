"""Chance: how likely an honest subject lies as far from its peers, and the false discovery rate of saying so."""
