"""Amounts: what a visit and a window cost, who bears it, how it spreads, and what like patients would have cost."""

from features.provider.amounts.burden import UNPAID_STAYS, WHO_PAYS
from features.provider.amounts.like_cases import EXPECTED, WITHIN
from features.provider.amounts.per_visit import PER_VISIT
from features.provider.amounts.totals import TOTALS

__all__ = ["EXPECTED", "PER_VISIT", "TOTALS", "UNPAID_STAYS", "WHO_PAYS", "WITHIN"]
