"""Looking back for what was told before: a rule for which that fails takes no other's findings with it."""

from contextlib import contextmanager
from types import SimpleNamespace

import pandas as pd

from fraud.rules import find_rule
from fraud.rules.search.told import told_once_apart

RULES = (find_rule("rotating_stays"), find_rule("stock_gap"))


def _hits(settlement):
    rows = [(settlement, 1, "violating", "2026-02"), (f"{settlement}-new", 1, "violating", "2026-03")]
    return pd.DataFrame(rows, columns=["settlement_id", "line_number", "role", "settlement_month"])


def _said(code, settlement):
    findings = pd.DataFrame({"finding_id": ["F"], "code": [code]})
    lines = pd.DataFrame({"finding_id": ["F"], "settlement_id": [settlement], "line_number": [1], "role": "violating"})
    return SimpleNamespace(findings=findings, lines=lines)


def test_a_rule_that_cannot_look_back_fails_alone():
    failed = []

    @contextmanager
    def alone(rule):
        try:
            yield
        except MemoryError:
            failed.append(rule.code)

    def said_in(_month, rules):
        if any(rule.code == "stock_gap" for rule in rules):
            raise MemoryError
        return _said("rotating_stays", "S")

    kept = told_once_apart(RULES, {0: _hits("S"), 1: _hits("T")}, ["2026-02", "2026-03"], said_in, alone)
    assert failed == ["stock_gap"]
    assert {number: hits["role"].tolist() for number, hits in kept.items()} == {0: ["involved", "violating"]}
