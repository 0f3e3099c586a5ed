"""The monthly batch: profiles, findings, rings and models brought to ranked subjects with reasons."""

from fraud.scoring.backfill import Backfilled, Outcome, backfill_months, months_of
from fraud.scoring.month import ScoredMonth, score_month
from fraud.scoring.replay import Replay, replay_month

__all__ = [
    "Backfilled",
    "Outcome",
    "Replay",
    "ScoredMonth",
    "backfill_months",
    "months_of",
    "replay_month",
    "score_month",
]
