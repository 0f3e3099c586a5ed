"""Scores learned from profiles: with labels, with few, and with none; each with contributions that add up."""

from fraud.models.scored import Scored

__all__ = ["Scored"]
