"""A detector is data: how it measures, how much it weighs, how it speaks and what cases make of its findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.text import Text
    from fraud.scoring.detectors.measured import Measured
    from fraud.scoring.entity_month import EntityMonth
    from fraud.settings import ScoringSettings

ReasonsFrom = Literal["findings", "features", "sentence"]


@dataclass(frozen=True)
class FindingSource:
    """Findings of one detector, as cases treat them.

    Parameters
    ----------
    name : str
        `source` of its findings, as in outputs.csv.
    title : Text
        The source as a case page names it.
    actionability : float
        How well a review can act on such a finding, 0..1.
    definite_actionability : float or None
        The same for a finding that is definite; None where it makes no difference.
    names_lines : bool
        Whether its findings name claim lines that can be audited at a desk; others begin with a request for records.

    Raises
    ------
    ValueError
        A text is empty, or an actionability is no share.

    Examples
    --------
    >>> from features.vocabulary.text import Text
    >>> rule = FindingSource("rule", Text("rule", "规则"), actionability=0.8, definite_actionability=1.0)
    >>> rule.actionability_of("suspicious"), rule.actionability_of("definite")
    (0.8, 1.0)
    """

    name: str
    title: Text
    actionability: float
    definite_actionability: float | None = None
    names_lines: bool = False

    def __post_init__(self) -> None:
        if not (self.name and self.title.is_whole):
            raise ValueError(f"finding source {self.name!r}: name and title must say something in both languages")
        for result_type in ("suspicious", "definite"):
            if not 0.0 <= self.actionability_of(result_type) <= 1.0:
                raise ValueError(f"finding source {self.name!r}: actionability must lie between 0 and 1")

    def actionability_of(self, result_type: str) -> float:
        """Return how well a review can act on a finding that is `definite` or `suspicious`."""
        if result_type == "definite" and self.definite_actionability is not None:
            return self.definite_actionability
        return self.actionability


@dataclass(frozen=True)
class Detector:
    """One kind of evidence that enters the risk score.

    Parameters
    ----------
    name : str
        Its component of the risk score.
    measure : callable
        Takes an `EntityMonth` and `ScoringSettings`, returns a `Measured`.
    score : str
        Its own score: a column of the score tables, and `score_name` of its explanations.
    weight : str
        Key of `ScoringSettings` that holds its weight: how far it alone may carry the risk score.
    money_factor : float
        What policy `money` multiplies the weight by.
    reasons : str
        What speaks for it among the reasons of a subject: its `findings`, the `features` that raise its score, or a
        `sentence` of its own.
    source : FindingSource or None
        Its findings; None where it makes none.

    Raises
    ------
    ValueError
        The declaration contradicts itself.
    """

    name: str
    measure: Callable[[EntityMonth, ScoringSettings], Measured]
    score: str
    weight: str
    money_factor: float
    reasons: ReasonsFrom
    source: FindingSource | None

    def __post_init__(self) -> None:
        faults = {
            "name, score or weight is empty": not (self.name and self.score and self.weight),
            "money_factor is negative": self.money_factor < 0,
            f"reasons is none of {', '.join(get_args(ReasonsFrom))}": self.reasons not in get_args(ReasonsFrom),
            "reasons from findings need a source": self.reasons == "findings" and self.source is None,
        }
        for fault, is_so in faults.items():
            if is_so:
                raise ValueError(f"detector {self.name!r}: {fault}")
