"""Deterministic rules: declarations, the executors that run them as SQL, and the findings."""

from fraud.rules.catalogue import find_rule, library_rules, rules_of
from fraud.rules.declare import Rule
from fraud.rules.declare.rule_settings import with_rule_numbers
from fraud.rules.relations.pooled import pooled_identifiers
from fraud.rules.run import FailedRule, NotChecked, RuleRun, run_rules

__all__ = [
    "FailedRule",
    "NotChecked",
    "Rule",
    "RuleRun",
    "find_rule",
    "library_rules",
    "pooled_identifiers",
    "rules_of",
    "run_rules",
    "with_rule_numbers",
]
