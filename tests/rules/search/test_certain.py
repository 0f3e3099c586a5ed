"""Of a definite rule, hits that may not be so make a finding of their own."""

from dataclasses import dataclass, replace
from typing import Any

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.rules.world import World
from tests.support.claims import make_store


@dataclass(frozen=True)
class Graded:
    """An executor that is certain of lines of at most 50.00."""

    own: Any
    is_graded = True

    def __getattr__(self, name):
        return getattr(self.own, name)

    def sql(self, *_):
        return """
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope, 1 as part, 1 as whole,
               0 as most_days, in_scope <= 5000 as is_certain
        from rule_lines
        """


def said(tmp_path, *amounts, result_type="definite"):
    lines = [("2026-03-05", f"I{number}", 1, amount) for number, amount in enumerate(amounts)]
    world = World().bill("S1", lines=lines).add("persons", person_id="A", death_date=None)
    rule = find_rule("service_after_death")
    rule = replace(
        rule,
        executor=Graded(rule.executor),
        exemptions=(),
        no_exemptions="A test.",
        needs=("claim_lines",),
        result_type=result_type,
    )
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(make_store(tmp_path, world.tables()), engine, "2026-03", rules=(rule,))
    found = run.findings.findings
    assert found["finding_id"].is_unique
    own = found[found["subject_type"] == "provider"]
    return sorted(own[["result_type", "exposure_amount", "n_lines"]].itertuples(index=False, name=None))


def test_what_is_certain_is_definite_and_the_rest_is_a_finding_beside_it(tmp_path):
    assert said(tmp_path, 30, 40, 60) == [("definite", 7000, 2), ("suspicious", 6000, 1)]


def test_one_finding_where_all_are_of_one_kind(tmp_path):
    assert said(tmp_path / "sure", 30, 40) == [("definite", 7000, 2)]
    assert said(tmp_path / "unsure", 60) == [("suspicious", 6000, 1)]


def test_a_suspicious_rule_says_one_thing(tmp_path):
    assert said(tmp_path, 30, 60, result_type="suspicious") == [("suspicious", 9000, 2)]
