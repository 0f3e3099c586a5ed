"""Excess: what a subject was paid beyond what its patients' kind and place lead one to expect."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import context_features
from features.subjects import owners
from features.vocabulary.text import LANGUAGES, Text
from fraud.models.expectation import excess_amount
from fraud.scoring.detectors.measured import Measured
from fraud.scoring.like_treated import among_like_treated
from fraud.scoring.sentences import in_unit, phrases
from fraud.scoring.tail_rank import tail_rank

if TYPE_CHECKING:
    from fraud.scoring.entity_month import EntityMonth
    from fraud.settings import ScoringSettings


def measure_excess(given: EntityMonth, settings: ScoringSettings) -> Measured:
    """Measure excess by the amount paid less the amount expected from case mix and kind of subject.

    Parameters
    ----------
    given : EntityMonth
        `fund_paid_amount`, the features that describe who is treated, and the kind and owner of each subject.
    settings : ScoringSettings
        Seed of folds and trees.

    Returns
    -------
    Measured
        `excess_amount`, recoverable where positive; explained in major units of currency. Where the amount paid is
        unknown the excess is; with fewer than 50 subjects the expectation is the median of those of one kind. Of
        practitioners nothing is expected: no feature describes whom they treat.
    """
    context = context_features(given.entity)
    if not context:
        unknown = pd.Series(np.nan, index=given.subjects)
        return Measured(tail_rank(unknown), {"excess_amount": unknown.astype("Int64")})
    scored = excess_amount(
        given.features,
        given.profile.attributes,
        context=context,
        groups=owners(given.profile.attributes),
        seed=settings.seed,
    )
    amount = (scored.scores * 100.0).round().astype("Int64")
    return Measured(
        excess_component(scored.scores, given.profile.attributes),
        {"excess_amount": amount},
        recoverable=amount,
        explain=lambda _: scored,
        say=partial(_say, scored.scores, given.entity),
    )


def excess_component(excess: pd.Series, attributes: pd.DataFrame) -> pd.Series:
    """Take the tail rank among those treated alike; only money above expectation raises the score."""
    among = among_like_treated(excess.to_frame(), attributes).iloc[:, 0]
    return tail_rank(among).where(excess > 0, 0.0)


def _say(excess: pd.Series, entity: str, subject: str) -> Text:
    amount = float(excess[subject])
    sentences = [
        phrases()[lang]["excess"][entity].format(value=in_unit(amount, "currency", lang)) for lang in LANGUAGES
    ]
    return Text(*sentences)
