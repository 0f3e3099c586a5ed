"""The catalogue is what docs/rules.md says."""

from pathlib import Path

import pytest

from features.errors import InputError
from fraud.rules import find_rule, library_rules
from fraud.rules.catalogue.load import load_rule
from fraud.rules.catalogue.render import catalogue_markdown, catalogue_records
from fraud.settings import RuleSettings
from tests.rules.payer import rule_text

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_the_catalogue():
    assert PAGE.read_text(encoding="utf-8") == catalogue_markdown(library_rules()), "run `make docs`"


def test_records_carry_the_values_in_force():
    records = catalogue_records(library_rules(), RuleSettings(death_grace_days=3))
    record = {record["code"]: record for record in records}
    assert record["service_after_death"]["parameters"][0]["value"] == 3
    assert record["service_after_death"]["subjects"] == ["provider", "patient"]


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'duplicate_line'"):
        find_rule("duplicate_lines")


def test_an_unknown_rule_of_a_payer_names_the_nearest_too():
    rules = [load_rule(rule_text(), "rules/mine.toml")]
    with pytest.raises(InputError, match="did you mean 'long_working_day'"):
        find_rule("long_working_days", rules)


def test_only_a_payers_rule_says_its_file():
    records = catalogue_records([*library_rules(), load_rule(rule_text(), "rules/mine.toml")])
    assert [record.get("origin") for record in records] == [*[None] * len(library_rules()), "rules/mine.toml"]
    assert "| origin | rules/mine.toml |" in catalogue_markdown([load_rule(rule_text(), "rules/mine.toml")])
