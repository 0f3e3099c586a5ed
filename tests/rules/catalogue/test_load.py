"""A rule file that is not as it must be is refused with file, rule and key."""

import pytest

from features.errors import InputError
from fraud.rules import library_rules, rules_of
from fraud.rules.catalogue.load import load_rule
from fraud.rules.catalogue.render import catalogue_markdown, catalogue_records
from fraud.workspace import Workspace
from tests.rules.payer import CODE, rule_text, write_rule

IN_FILE = r"in rules/mine.toml \(rule long_working_day\)"


def test_a_rule_file_is_a_rule():
    rule = load_rule(rule_text(), "rules/mine.toml")
    assert (rule.code, rule.name.zh, rule.origin) == (CODE, "医师单日工时超过十二小时", "rules/mine.toml")
    assert rule.executor.limit == "long_day_minutes"
    assert (rule.parameters[0].default, rule.parameters[0].least, rule.parameters[0].most) == (720, 60, 1440)
    assert [reason.subject for reason in rule.reasons] == ["provider", "practitioner"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("basis =", "bases =", f"rule key 'bases' {IN_FILE}: an unknown name. Hint: did you mean 'basis'"),
        ("limit =", "limits =", f"rule key 'executor.limits' {IN_FILE}: an unknown name. .* 'executor.limit'"),
        ("least = 60", "lest = 60", "'parameters.long_day_minutes.lest' .* mean 'parameters.long_day_minutes.least'"),
        ("[reasons.provider]", "[reasons.providers]", "'reasons.providers' .* did you mean 'reasons.provider'"),
        ('zh = "急诊', 'cn = "急诊', "'exemptions.2.text.cn'"),
        ('result_type = "suspicious"', "", f"rule key 'result_type' {IN_FILE}: missing"),
        ("name.zh =", "# name.zh =", f"rule key 'name.zh' {IN_FILE}: missing"),
        (
            'zh = "该医师的',
            'zh = ""#',
            "rule file rules/mine.toml: rule 'long_working_day': reasons.practitioner.zh is empty",
        ),
        ('version = "1"', "version = 1", f"rule key 'version' {IN_FILE}: must be a text, got 1"),
        ("default = 720", "default = 720.5", "'parameters.long_day_minutes.default' .* must be a whole number"),
        ("default = 720", "default = true", "must be a whole number, got True"),
        ("default = 720", "default = 30", f"'parameters.long_day_minutes' {IN_FILE}: .* default 30 is out of bounds"),
        ('needs = ["ref', 'needs = [1, "ref', "'needs' .* must be a list of texts"),
        ('kind = "practitioner_day"', 'kind = "practitioners_day"', f"executor 'practitioners_day' {IN_FILE}: .* mean"),
        ('kind = "practitioner_day"', 'kind = "overlap"', "'executor.limit' .* an unknown name"),
        ('limit = "long_day_minutes"', 'limit = "minutes"', "executor: parameter 'minutes' is not declared"),
        ("{most_minutes}", "{most_nights}", "names 'most_nights'; it may name .*most_minutes, long_day_minutes"),
        ('"H26"', '"H99"', "rule 'long_working_day': scheme H99 has no words"),
        ('family = "actor"', 'family = "indicator"', "its executor serves 'actor', not 'indicator'"),
        ("s.encounter_type", "s.encounter_typ", "exemptions 2: sql: column s.encounter_typ is not there; did you mean"),
        ("s.encounter_type = 'emergency'", "s.a; drop table x", "exemptions 2: sql: "),
        ('kind = "excess_share"', 'kind = "half"', "amount.kind is none of sum, excess_share"),
        ('kind = "same_day"', 'kind = "week"', "window.kind 'week' is none of encounter, same_day"),
        ('kind = "same_day"', 'kind = "hours"\nn = "minutes"', "window.n 'minutes' is no parameter of the rule"),
        ('kind = "same_day"', 'kind = "same_day"\nn = "long_day_minutes"', "says a length, and same_day has none"),
        ('partition_by = "practitioner"', 'partition_by = "bed"', "window.partition_by 'bed' is none of"),
        ('code = "long', 'stages = ["post", "late"]\ncode = "long', "stages are of pre, mid, post, each once"),
        ('code = "long', 'stages = []\ncode = "long', "stages are of pre, mid, post, each once"),
        ('code = "long', 'official_code = "QZ1"\ncode = "long', "official_code is no code of the national library"),
        ('code = "long', 'effective_from = "2025-13-01"\ncode = "long', "'effective_from' .* must be a day as in"),
        (
            'code = "long',
            'effective_from = "2026-02-01"\neffective_to = "2026-01-01"\ncode = "long',
            "effective_to lies before effective_from",
        ),
        ("[window]", '[scope]\nprovider_types = ["hotel"]\n\n[window]', "scope.provider_types: 'hotel' is none of"),
        ("[window]", "[scope]\ncross_region = 1\n\n[window]", "'scope.cross_region' .* must be true or false, got 1"),
        ("[executor]", "[executor", "rule file rules/mine.toml: not TOML"),
        ('code = "long', 'exemptions = "none"\ncode = "long', "rule file rules/mine.toml: not TOML"),
    ],
)
def test_a_faulty_file(old, new, message):
    text = rule_text()
    assert old in text
    with pytest.raises(InputError, match=message):
        load_rule(text.replace(old, new), "rules/mine.toml")


def test_an_executor_that_refuses_its_argument_names_its_key():
    executor = '[executor]\nkind = "overlap"\nencounter_types = ["hotel"]\nlawful_nights = "long_day_minutes"'
    text = rule_text().replace('[executor]\nkind = "practitioner_day"\nlimit = "long_day_minutes"', executor)
    with pytest.raises(InputError, match=f"rule key 'executor' {IN_FILE}: encounter_types must be of .*; got hotel"):
        load_rule(text, "rules/mine.toml")


def test_exemptions_are_a_list():
    text = 'exemptions = "none"\n' + rule_text().partition("[[exemptions]]")[0]
    with pytest.raises(InputError, match=f"rule key 'exemptions' {IN_FILE}: must be a list of tables, got 'none'"):
        load_rule(text, "rules/mine.toml")


def test_a_rule_without_exemptions_says_why_there_are_none():
    text = rule_text().partition("[[exemptions]]")[0]
    for silent in (text, f"exemptions = []\n{text}"):
        with pytest.raises(
            InputError, match=r"rule file rules/mine\.toml: rule 'long_working_day': exemptions are missing"
        ):
            load_rule(silent, "rules/mine.toml")
    why = "Nobody works more than a day has hours."
    rule = load_rule(f'no_exemptions = "{why}"\n{text}', "rules/mine.toml")
    assert (rule.exemptions, rule.no_exemptions) == ((), why)
    assert catalogue_records([rule])[0]["no_exemptions"] == why
    assert f"Left in peace:\n\n- Nothing: {why}\n" in catalogue_markdown([rule])


def test_a_workspace_without_rules_has_ours(tmp_path):
    assert rules_of(Workspace(tmp_path)) == library_rules()


def test_a_payers_rules_stand_behind_ours_in_the_order_of_their_files(tmp_path):
    write_rule(tmp_path, rule_text().replace(CODE, "second"), "b.toml")
    write_rule(tmp_path, rule_text().replace(CODE, "first"), "a.toml")
    write_rule(tmp_path, "no rule", "notes.txt")
    own = rules_of(Workspace(tmp_path))[len(library_rules()) :]
    assert [(rule.code, rule.origin) for rule in own] == [("first", "rules/a.toml"), ("second", "rules/b.toml")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (CODE, "practitioner_day", "rule 'practitioner_day' in rules/b.toml: the code of fraud/rules/library/actor/pr"),
        (CODE, CODE, f"rule '{CODE}' in rules/b.toml: the code of rules/a.toml too"),
        (f'{CODE}"', 'other"', "'parameters.long_day_minutes' in rules/b.toml .*: declared otherwise in rules/a.toml"),
        ("s.encounter_type = 'emergency'", "s.encounter_type > 1 and like", "rules/a.toml.*(Parser|Syntax) Error"),
        ("s.encounter_type = 'emergency'", "s.service_end_date > 1", "rule '.*' in rules/a.toml: Binder Error"),
    ],
)
def test_rules_that_cannot_stand_side_by_side_or_run(tmp_path, old, new, message):
    text = rule_text()
    assert old in text
    if "a.toml" in message and "b.toml" not in message:
        write_rule(tmp_path, text.replace(old, new), "a.toml")
    else:
        write_rule(tmp_path, text, "a.toml")
        write_rule(tmp_path, text.replace(old, new).replace("default = 720", "default = 721"), "b.toml")
    with pytest.raises(InputError, match=message):
        rules_of(Workspace(tmp_path))


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"rule file rules/x\.toml: cannot be read"):
        rules_of(Workspace(tmp_path))


def test_what_a_file_leaves_out_has_its_plain_meaning():
    text = rule_text()
    begin, end = text.index("[window]"), text.index("[executor]")
    rule = load_rule((text[:begin] + text[end:]).replace('amount.kind = "excess_share"', ""), "rules/mine.toml")
    assert (rule.amount_kind, rule.window.kind, rule.window.partition_by) == ("sum", "partition", "person")
    assert (rule.stages, rule.official_code, rule.owner) == (("post",), "", "")
