"""What the scored months of an invented city found of what was planted in it."""

from experiments.recall.recall import Recall
from experiments.recall.report import measure_recall
from experiments.recall.truth import Truth, read_truth

__all__ = ["Recall", "Truth", "measure_recall", "read_truth"]
