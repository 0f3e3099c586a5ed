"""Fills of drugs keep few columns of their lines; exemptions may speak of all."""

from dataclasses import replace

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from fraud.rules.declare.rule import Exemption
from fraud.rules.relations.drug_fills import FILL_COLUMNS
from tests.rules.examples.early_refills import fills
from tests.support.claims import make_store


@pytest.mark.parametrize(("least", "n_findings"), [(29, 0), (31, 2)])
def test_an_exemption_may_speak_of_a_column_that_fills_do_not_keep(tmp_path, least, n_findings):
    rule = find_rule("early_refills")
    # A pack costs 30.00; unit prices are millionths.
    cheap = Exemption(text=rule.exemptions[0].text, sql=f"l.unit_price > {least * 1_000_000}")
    rule = replace(rule, exemptions=(*rule.exemptions, cheap))
    store = make_store(tmp_path, fills(1, 8, 15, 22).tables())
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, "2026-03", rules=[rule])
    assert "unit_price" not in FILL_COLUMNS
    assert (len(run.findings), run.failed) == (n_findings, ())
