"""What the scored months of an invented city found of what was planted in it."""

from experiments.detection.report import Detection, measure_detection
from experiments.detection.truth import Truth, read_truth

__all__ = ["Detection", "Truth", "measure_detection", "read_truth"]
