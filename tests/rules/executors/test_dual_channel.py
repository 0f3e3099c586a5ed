"""What a prescription must be for a negotiated drug, and when nothing can be told."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.rules.examples.dual_channel_without_centre import filled
from tests.rules.many import together
from tests.support.claims import make_store


def unconnected():
    world = filled()
    del world.more["prescriptions"][0]
    return world


def at(**provider):
    world = filled()
    world.more["providers"][0] |= provider
    return world


CASES = {
    "another channel": (filled("R1"), {"P1": ("definite", 8000)}),
    "an unknown channel": (filled("R1", None), {}),
    "before 2025": (filled(day="2024-12-31", settled="2026-03-10 09:00:00"), {}),
    "away from home": (filled(insured_region_code="110000"), {}),
    "in another prefecture of the province": (filled(insured_region_code="330206"), {}),
    "in another district of the prefecture": (filled(insured_region_code="330109"), {"P1": ("definite", 8000)}),
    "another thing under the code": (filled(name="纸巾"), {}),
    "a shop that is not connected": (unconnected(), {}),
    "a hospital": (at(provider_type="hospital"), {}),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    store = make_store(
        tmp_path_factory.mktemp("channels"), together({case: world.tables() for case, (world, _) in CASES.items()})
    )
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, "2026-03", rules=(find_rule("dual_channel_without_centre"),))
    assert run.unchecked_exemptions == ()
    by_case = {case: {} for case in CASES}
    for row in run.findings.findings.itertuples():
        case, _, subject = row.subject_id.rpartition("-")
        by_case[case][subject] = (row.result_type, row.exposure_amount)
    return by_case


@pytest.mark.parametrize("case", CASES)
def test_a_fill_is_held_against_its_prescription(said, case):
    assert said[case] == CASES[case][1]
