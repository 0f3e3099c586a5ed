"""The components of the risk score: one per detector, each in 0..1 per subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.scoring.detectors import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.scoring.detectors.declare import Detector
    from fraud.scoring.detectors.measured import Measured


def make_components(measured: Mapping[str, Measured], detectors: Sequence[Detector] = DETECTORS) -> pd.DataFrame:
    """Put what the detectors measured side by side.

    Parameters
    ----------
    measured : mapping of str to Measured
        By name of the detector.
    detectors : sequence of Detector
        In the order of the columns.

    Returns
    -------
    DataFrame
        One row per subject; one column per detector, each 0..1.

    Examples
    --------
    >>> from fraud.scoring.detectors.measured import Measured
    >>> measured = {
    ...     detector.name: Measured(pd.Series([0.0, place / 10], index=["H1", "H2"]))
    ...     for place, detector in enumerate(DETECTORS)
    ... }
    >>> make_components(measured)
        rules  rings  model  anomaly  excess
    H1    0.0    0.0    0.0      0.0     0.0
    H2    0.0    0.1    0.2      0.3     0.4
    """
    return pd.DataFrame({detector.name: measured[detector.name].component for detector in detectors})
