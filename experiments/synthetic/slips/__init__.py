"""Honest mistakes of data entry, a few of each kind in every city."""

from experiments.synthetic.slips.plant import plant_slips

__all__ = ["plant_slips"]
