"""The monthly batch: profiles, findings, rings and models brought to ranked subjects with reasons."""

from fraud.scoring.month import ScoredMonth, score_month
from fraud.scoring.replay import Replay, replay_month

__all__ = ["Replay", "ScoredMonth", "replay_month", "score_month"]
