"""What the scored months of an invented city found of what was planted in it."""

from experiments.recall.detection import Detection
from experiments.recall.report import measure_detection
from experiments.recall.truth import Truth, read_truth

__all__ = ["Detection", "Truth", "measure_detection", "read_truth"]
