"""Deterministic rules: declarations, the executors that run them as SQL, and the findings."""

from fraud.rules.catalogue import RULES, find_rule
from fraud.rules.declare import Rule
from fraud.rules.run import NotChecked, RuleRun, run_rules

__all__ = ["RULES", "NotChecked", "Rule", "RuleRun", "find_rule", "run_rules"]
