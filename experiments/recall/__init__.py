"""What the scored months of an invented city found of what was planted in it."""

from experiments.recall.report import Detection, measure_detection
from experiments.recall.truth import Truth, read_truth

__all__ = ["Detection", "Truth", "measure_detection", "read_truth"]
