"""What a detector measured of the subjects of one entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from features.vocabulary.text import Text
    from fraud.findings import Findings
    from fraud.models.scored import Scored
    from fraud.scoring.shown import Shown


@dataclass(frozen=True)
class Measured:
    """What a detector measured of the subjects of one entity; higher is more suspicious.

    Parameters
    ----------
    component : Series
        Its component of the risk score per subject, 0..1; zero where nothing is known.
    columns : mapping of str to Series
        What it adds to the score table, its own score among it; money in integers of minor units.
    recoverable : Series or None
        Money that a confirmed review may get back, integers of minor units.
    probability : Series or None
        Calibrated probability of confirmation.
    explain : callable or None
        Takes the subjects that are `Shown`, returns their score with contributions by feature, or None.
    find : callable or None
        Takes the subjects that are `Shown`, returns findings made here; those of others are in the `EntityMonth`.
    say : callable or None
        Takes the id of a subject, returns the sentence about it of a detector that has a `sentence` of its own.

    Raises
    ------
    ValueError
        The component is unknown, or outside 0..1.
    """

    component: pd.Series
    columns: Mapping[str, pd.Series] = field(default_factory=dict)
    recoverable: pd.Series | None = None
    probability: pd.Series | None = None
    explain: Callable[[Shown], Scored | None] | None = None
    find: Callable[[Shown], Findings] | None = None
    say: Callable[[str], Text] | None = None

    def __post_init__(self) -> None:
        outside = self.component[~self.component.between(0.0, 1.0)]
        if len(outside):
            raise ValueError(f"component must lie between 0 and 1. Got {outside.iloc[0]} for {len(outside)} subjects")
