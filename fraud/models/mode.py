"""Mode of the model (none, positive-unlabelled, labelled) by the number of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fraud.settings import ModelSettings

Mode = Literal["none", "positive_unlabelled", "labelled"]


def decide_mode(n_positives: int, n_negatives: int, settings: ModelSettings) -> Mode:
    """Choose the mode by the number of labels known.

    Parameters
    ----------
    n_positives, n_negatives : int
        Subjects confirmed and subjects cleared.
    settings : ModelSettings
        The limits (research on public data: below 30 positives nothing beats money; a probability needs
        cleared cases as well).

    Returns
    -------
    str
        `none`: no model. `positive_unlabelled`: a priority, not a probability. `labelled`: a probability.
    """
    if n_positives < settings.min_positives_pu:
        return "none"
    if n_positives > settings.min_positives_labelled and n_negatives >= settings.min_negatives_labelled:
        return "labelled"
    return "positive_unlabelled"


def explain_mode(n_positives: int, n_negatives: int, settings: ModelSettings) -> str:
    """Say in one line what the label counts allow, and what the next step needs."""
    mode = decide_mode(n_positives, n_negatives, settings)
    counts = f"{n_positives} positives and {n_negatives} cleared known"
    if mode == "none":
        return f"not enough labels: {n_positives} positives known; needs {settings.min_positives_pu}"
    if mode == "positive_unlabelled":
        return (
            f"{counts}: a priority from positives and unlabelled, not a probability; a probability needs more than "
            f"{settings.min_positives_labelled} positives and {settings.min_negatives_labelled} cleared"
        )
    return f"{counts}: a probability"
