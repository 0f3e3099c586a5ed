"""The catalogue is what docs/rules.md says; a faulty declaration is refused where it is written."""

import dataclasses
from pathlib import Path

import pytest

from features.errors import InputError
from fraud.rules.catalogue import RULES, find_rule
from fraud.rules.declare import Parameter, Reason
from fraud.rules.render import catalogue_markdown, catalogue_records
from fraud.settings import RuleSettings

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_the_catalogue():
    assert PAGE.read_text(encoding="utf-8") == catalogue_markdown(RULES), "run `make docs`"


def test_records_carry_the_values_in_force():
    record = {record["code"]: record for record in catalogue_records(RULES, RuleSettings(death_grace_days=3))}
    assert record["service_after_death"]["parameters"][0]["value"] == 3
    assert record["service_after_death"]["subjects"] == ["provider", "patient"]


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'duplicate_line'"):
        find_rule("duplicate_lines")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": " "}, "source empty"),
        ({"basis": ""}, "basis empty"),
        ({"code": "H08-1"}, "code is not a lower-case name"),
        ({"family": "other"}, "family is none of"),
        ({"result_type": "certain"}, "neither definite nor suspicious"),
        ({"needs": ()}, "needs is empty"),
        ({"needs": ("claim_lines; drop",)}, "a need is not a table"),
        ({"reasons": ()}, "reasons name no subject"),
        ({"reasons": (Reason("provider", "words", ""),)}, "a reason lacks a language"),
        ({"parameters": (Parameter("minuts", "minutes", "ours"),)}, "no rule setting is named minuts"),
        ({"parameters": (Parameter("death_grace_days", "days", ""),)}, "a parameter lacks unit or source"),
    ],
)
def test_an_incomplete_declaration_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(RULES[0], **change)
