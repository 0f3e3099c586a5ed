"""Run one rule on a world, in a store of its own."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.support.claims import make_store


@pytest.fixture
def found(tmp_path):
    """Return a function: world, rule code, month -> {(subject type, subject): (exposure, lines)} and the run."""

    def run(world, code, month="2026-03", **options):
        store = make_store(tmp_path, world if isinstance(world, dict) else world.tables())
        with DuckDBEngine(threads=1) as engine:
            result = run_rules(store, engine, month, rules=(find_rule(code),), **options)
        rows = result.findings.findings.itertuples()
        return {(row.subject_type, row.subject_id): (row.exposure_amount, row.n_lines) for row in rows}, result

    return run
