"""A rule names nobody for care of which it does not speak."""

from dataclasses import replace
from datetime import date

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule
from fraud.rules.declare.scope import Scope
from fraud.rules.run import run_rules
from tests.rules.world import World
from tests.support.claims import make_store


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    # 50.00 billed at a pharmacy on 1 March, for a person who died on 10 February.
    world = World().add("persons", person_id="A", gender="male", birth_date="1950-01-01", death_date="2026-02-10")
    lines = [("2026-03-01 10:00:00", "DRUG", 1, 50)]
    world = world.bill("S1", provider_id="SHOP", encounter_type="pharmacy", settled="2026-03-02 09:00:00", lines=lines)
    return make_store(tmp_path_factory.mktemp("scope"), world.tables())


@pytest.mark.parametrize(
    ("scope", "n_found"),
    [
        (Scope(), 2),
        (Scope(encounter_types=("pharmacy", "outpatient")), 2),
        (Scope(encounter_types=("inpatient",)), 0),
        (Scope(insurance_types=("maternity",)), 0),
        (Scope(provider_types=("hospital",)), 2),
        (Scope(provider_types=("retail_pharmacy",)), 0),
        (Scope(effective_from=date(2026, 3, 1), effective_to=date(2026, 3, 1)), 2),
        (Scope(effective_from=date(2026, 3, 2)), 0),
        (Scope(effective_to=date(2026, 2, 28)), 0),
        (Scope(cross_region=True), 0),
    ],
)
def test_scope(claims, scope, n_found):
    rule = replace(find_rule("service_after_death"), scope=scope)
    with DuckDBEngine() as engine:
        assert len(run_rules(claims, engine, "2026-03", rules=[rule]).findings) == n_found
