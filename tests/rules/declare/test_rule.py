"""A faulty declaration is refused when it is built."""

import dataclasses

import pytest

from features.vocabulary.text import Text
from fraud.rules import find_rule
from fraud.rules.declare import Exemption, Reason
from fraud.rules.declare.numbers import Unit
from fraud.rules.declare.parameters import Parameter
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.exclusive_pair.repeat import Repeat

DAYS = Unit("day", "days", "天")
EXEMPT = Text("Lawful.", "合法。")


def reason(template):
    return (Reason("provider", Text(template, "{lines}")),)


def exemption(sql, *needs):
    return (Exemption(EXEMPT, sql, needs),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": " "}, "source is empty"),
        ({"basis": ""}, "basis is empty"),
        ({"says": Text("words", "")}, "says.zh is empty"),
        ({"basis": "two\nlines"}, "basis holds a line break or a control character"),
        ({"code": "H08-1"}, "code is not a lower-case name"),
        ({"scheme_code": "H99"}, "scheme H99 has no words"),
        ({"family": "other"}, "family 'other' is none of limit_attribute, "),
        ({"family": "exclusive_pair"}, "its executor serves 'data_integrity', not 'exclusive_pair'"),
        ({"result_type": "certain"}, "neither definite nor suspicious"),
        ({"needs": ()}, "needs is empty"),
        ({"needs": ("claim_lines; drop",)}, "needs: 'claim_lines; drop' is no table or table.column of the contract"),
        ({"needs": ("persons.death_dat",)}, "needs: 'persons.death_dat' is no table"),
        ({"reasons": ()}, "reasons name no subject"),
        ({"reasons": reason("{lines}") * 2}, "reasons name no subject, or one twice"),
        ({"reasons": (Reason("provider", Text("words", "")),)}, "reasons.provider.zh is empty"),
        ({"reasons": (Reason("person", Text("words", "字")),)}, "reasons.person: subjects are provider, patient"),
        ({"reasons": reason("{nights}")}, "names 'nights'; it may name .*lines.*most_days, death_grace_days"),
        ({"reasons": reason("{lines.__class__}")}, "names 'lines.__class__'; it may name"),
        ({"reasons": reason("{lines:>99999999}")}, "holds more than the name of a number"),
        ({"reasons": reason("{lines")}, "reasons.provider: en: expected '}'"),
        (
            {"exemptions": ()},
            "exemptions are missing: state what is lawful, or say in no_exemptions why",
        ),
        ({"exemptions": (), "no_exemptions": " "}, "no_exemptions is empty"),
        ({"exemptions": (), "no_exemptions": "two\nlines"}, "no_exemptions holds a line break or a control character"),
        ({"no_exemptions": "Nothing is alike."}, "no_exemptions says why there are none, but exemptions are stated"),
        ({"parameters": ()}, "executor: parameter 'death_grace_days' is not declared"),
        ({"exemptions": (Exemption(Text("words", "")),)}, "exemptions 1: text.zh is empty"),
        ({"exemptions": exemption("l.paid > 0")}, "exemptions 1: sql: column l.paid is not there"),
        (
            {"exemptions": exemption("exists (select 1 from stay_leaves v where true)")},
            "exists over stay_leaves: link it first",
        ),
    ],
)
def test_a_faulty_rule(change, message):
    with pytest.raises(ValueError, match=f"rule '.*': .*{message}"):
        dataclasses.replace(find_rule("service_after_death"), **change)


def test_a_parameter_that_nothing_uses():
    rule = find_rule("service_after_death")
    idle = Parameter("idle_days", 1, DAYS, "ours")
    with pytest.raises(ValueError, match=r"parameters.idle_days: neither the executor nor an exemption uses it"):
        dataclasses.replace(rule, parameters=(*rule.parameters, idle))


def test_a_parameter_with_the_name_of_a_count():
    rule = find_rule("service_after_death")
    taken = Parameter("lines", 1, DAYS, "ours")
    executor = AfterPersonDate("death_date", "lines")
    with pytest.raises(ValueError, match=r"parameters.lines: the name is taken by another number"):
        dataclasses.replace(rule, executor=executor, parameters=(taken,))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Days"}, "its name is not a lower-case name"),
        ({"default": -1}, "default -1 is out of bounds"),
        ({"default": 8, "most": 7}, "default 8 is out of bounds"),
    ],
)
def test_a_faulty_parameter(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(Parameter("days", 1, DAYS, "ours"), **change)


@pytest.mark.parametrize("change", [{"source": ""}, {"unit": Unit("day", "days", " ")}])
def test_a_parameter_without_words(change):
    rule = find_rule("service_after_death")
    bare = dataclasses.replace(rule.parameters[0], **change)
    with pytest.raises(ValueError, match=r"parameters.death_grace_days.\S+ is empty"):
        dataclasses.replace(rule, parameters=(bare,))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Overlap(("inpatient", "hotel"), "nights"), "encounter_types must be of .*; got hotel"),
        (lambda: Overlap((), "nights"), "encounter_types must be of .*; got none"),
        (
            lambda: AfterPersonDate("gender", "days"),
            "column must be of birth_date, id_birth_date, death_date; got gender",
        ),
        (lambda: Repeat(("item_key", "fee_time) --")), "same must be of .*; got fee_time"),
        (lambda: Repeat(("item_key",)), "same must name fee_time"),
    ],
)
def test_a_faulty_executor(build, message):
    with pytest.raises(ValueError, match=message):
        build()
