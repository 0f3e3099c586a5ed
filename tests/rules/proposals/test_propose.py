"""A row becomes a rule that says of its own examples what it should; a wrong row is refused with every reason."""

import pytest

from features.errors import InputError
from fraud.rules.catalogue.load import load_rule
from fraud.rules.executors.any_family.named_limits import KINDS
from fraud.rules.proposals import EXAMPLE_KINDS, ProposedRow, propose, prove

GROUNDS = {"basis": "国家医保药品目录", "source": "Row of a payer"}
# Limits by kind; exposure of the hit in minor units: part / whole of 100.00.
ROWS = {
    "gender": ({"gender_limit": "female"}, 10_000),
    "age up to": ({"max_age_years": "17"}, 10_000),
    "age from": ({"min_age_years": "3"}, 10_000),
    "age between": ({"min_age_years": "3", "max_age_years": "6"}, 10_000),
    "insurance": ({"insurance_types": "work_injury"}, 10_000),
    "care": ({"encounter_types": "inpatient|emergency"}, 10_000),
    "level": ({"min_provider_level": "secondary"}, 10_000),
    "internet": ({"is_internet_allowed": "false"}, 10_000),
    "herbal": ({"herbal_use": "not_single"}, 10_000),
    "herbal compound": ({"herbal_use": "not_compound"}, 10_000),
    "indication": ({"diagnosis_prefixes": "E10|E11"}, 10_000),
    "second_line": ({"requires_prior_item_codes": "FIRST1"}, 10_000),
    "course": ({"max_course_days": "14"}, 666),  # 10,000 x 1 / 15
    "fill": ({"max_fill_quantity": "3"}, 2_500),  # 10,000 x 1 / 4
    "daily": ({"max_daily_quantity": "1.5"}, 10_000),
    "frequency": ({"frequency_max_count": "2", "frequency_window_days": "7"}, 10_000),
    "interval": ({"min_days_between": "30"}, 10_000),
    "pair": ({"with_item_codes": "KEPT1", "scope": "same_day"}, 10_000),
    "pair of a visit": ({"with_item_codes": "KEPT1", "scope": "same_encounter"}, 10_000),
}


def row(limits, **more):
    return ProposedRow("points.csv, row 2", {"items": "X001|X002", "name": "某药{片}", **GROUNDS, **limits, **more})


@pytest.mark.parametrize("case", ROWS)
def test_a_rule_says_of_its_examples_what_it_should(tmp_path, case):
    limits, exposure = ROWS[case]
    proposal = propose(row(limits))
    assert tuple(proposal.examples) == EXAMPLE_KINDS
    fund = exposure * 60 // 100
    expected = {(subject, of, exposure, fund, 1) for subject, of in (("provider", "P1"), ("practitioner", "D1"))}
    assert proposal.examples["hit"].expected == expected
    assert [(proof.kind, proof.found) for proof in prove(proposal, tmp_path / case)] == [
        ("hit", expected),
        ("near_miss", frozenset()),
        ("innocent_twin", frozenset()),
    ]


def test_every_kind_of_limit_is_shown():
    names = {name for limits, _ in ROWS.values() for name in limits}
    assert names == {name for columns in KINDS.values() for name in columns}


def test_without_a_name_the_twin_is_refunded(tmp_path):
    proposal = propose(row({"gender_limit": "male"}, name=""))
    assert all(proof.holds for proof in prove(proposal, tmp_path / "made"))
    assert proposal.reference_rows == {
        "ref_items": ({"item_code": "X001", "gender_limit": "male"}, {"item_code": "X002", "gender_limit": "male"})
    }


def test_the_rule_is_whole_in_both_languages():
    days = {"effective_from": "2025-05-23", "rule": "药品限支付疗程", "logic": "支付不超过14天", "code": "my_course"}
    proposal = propose(row({}, **days))
    rule = load_rule(proposal.rule_toml, "rules/my_course.toml")
    assert (rule.code, rule.official_code, rule.family, rule.amount_kind) == (
        "my_course",
        "GZ10000101010",
        "limit_quantity",
        "excess_share",
    )
    assert str(rule.scope.effective_from) == "2025-05-23"
    assert rule.name.zh == "某药(片)（2个编码）：超过限定支付疗程"
    assert rule.says.en.startswith("Lines of 某药(片) (2 codes), at most 14 days a course, are given for longer")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"gender_limit": "female", "items": ""}, "it names no items"),
        ({"gender_limit": "female", "items": "X001|X009"}, "unknown items: X009"),
        ({"gender_limit": "female", "source": ""}, "it has no source"),
        ({"gender_limit": ""}, "gender_limit is empty"),
        ({}, "it limits nothing"),
        ({"gender_limit": "woman"}, "gender_limit: 'woman' is none of male, female"),
        ({"min_age_years": "18", "max_age_years": "14"}, "min_age_years 18 is above max_age_years 14"),
        ({"gender_limit": "female", "max_age_years": "17"}, r"limits of 2 kinds in one row \(age, gender\)"),
        ({"rule": "药品限儿童使用", "max_age_years": "14"}, "max_age_years is '14', but its rule class says '17'"),
        ({"rule": "超说明书用量开药"}, "rule class '超说明书用量开药' is none that is known"),
        ({"rule": "药品限支付疗程", "logic": "按说明书"}, "no length of a course can be read"),
        ({"frequency_max_count": "3"}, "frequency_window_days is missing beside frequency_max_count"),
        ({"frequency_max_count": "7", "frequency_window_days": "7"}, "7 times in 7 days cannot be exceeded"),
        ({"max_course_days": "0"}, "'0' is no number above 0"),
        ({"min_provider_level": "primary"}, "no level is below primary"),
        ({"with_item_codes": "X001", "scope": "same_day"}, "item X001 stands against itself"),
        ({"gender_limit": "female", "code": "My Rule"}, "code 'My Rule' is no lower-case name"),
        ({"gender_limit": "female", "effective_from": "soon"}, "effective_from: no day"),
        ({"gender_limit": "female", "name": "a\nb"}, "name: a line break"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(given, reason):
    with pytest.raises(InputError, match=f"proposed row points.csv, row 2: .*{reason}"):
        propose(row(given), known_items={"X001", "X002"})


def test_all_reasons_are_said_at_once():
    with pytest.raises(InputError, match="it has no basis; unknown items: X001, X002; max_age_years: 'x'"):
        propose(row({"max_age_years": "x"}, basis=""), known_items=set())
