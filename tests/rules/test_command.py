"""`fraud rules`: list, run and backtest, as typed."""

import json

import pytest

from fraud.cli.main import main
from fraud.rules import library_rules
from tests.rules.examples.duplicate_line import duplicate
from tests.rules.examples.practitioner_day import long_day
from tests.rules.examples.service_after_death import after_death
from tests.rules.payer import CODE, rule_text, write_rule
from tests.rules.world import World
from tests.support.claims import make_store


@pytest.fixture
def fraud(tmp_path, capsys):
    """Return a function that runs the program and returns (exit code, stdout, stderr)."""

    def call(*words):
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path / "workspace"), *words])
        said = capsys.readouterr()
        return leave.value.code, said.out, said.err

    return call


@pytest.fixture
def store(tmp_path):
    def make(world):
        return make_store(tmp_path / "workspace", world.tables())

    return make


def test_list_shows_every_rule_in_every_format(fraud):
    for shape in ("table", "markdown"):
        code, out, _ = fraud("rules", "list", "--format", shape)
        assert code == 0
        assert all(rule.code in out for rule in library_rules())
    records = json.loads(fraud("rules", "list", "--format", "json")[1])
    assert [record["code"] for record in records] == [rule.code for rule in library_rules()]


def test_run_shows_findings_and_says_what_was_not_checked(fraud, store):
    store(duplicate())
    code, out, err = fraud("rules", "run", "--month", "2026-03")
    assert code == 0
    assert "duplicate_line" in out
    assert "80.00" in out
    assert "Findings in 2026-03: 1" in out
    assert "not checked: practitioner_day needs ref_items.standard_minutes" in err


def test_run_as_json_holds_money_as_text(fraud, store):
    store(duplicate())
    answer = json.loads(fraud("rules", "run", "--month", "2026-03", "--json")[1])
    assert [finding["exposure_amount"] for finding in answer["findings"]] == ["80.00"]
    assert [finding["fund_exposure_amount"] for finding in answer["findings"]] == ["60.00"]
    assert "practitioner_day" in [entry["rule"] for entry in answer["not_checked"]]


def test_backtest_has_one_row_a_month_and_counts_a_line_once(fraud, store):
    world = after_death("2026-03-12")
    world.bill("S2", lines=[("2026-04-20 10:00:00", "I1", 1, 30)], fund=30)
    store(world)
    words = ("rules", "backtest", "service_after_death", "--from", "2026-01", "--to", "2026-12", "--json")
    months = json.loads(fraud(*words)[1])
    # provider and patient name the same lines: 100.00 in March (70.00 of it the fund's), 30.00 in April
    assert [(m["month"], m["n_lines"], m["exposure_amount"], m["fund_exposure_amount"]) for m in months] == [
        ("2026-03", 1, "100.00", "70.00"),
        ("2026-04", 1, "30.00", "30.00"),
    ]
    assert "100.00" in fraud(*words[:-1])[1]


def stay_settled_late():
    """A test of January inside a stay that is settled in March: found by who looks back three months or more."""
    return (
        World()
        .stay("S1", "2026-01-10", "2026-01-20", settled="2026-03-05 12:00:00", lines=[("2026-01-10", "BED", 1, 900)])
        .bill("S2", provider_id="P2", lines=[("2026-01-15", "CT", 1, 50, {"charge_category": "examination"})])
    )


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "run", "--month", "2026-03", "--json"),
        ("rules", "backtest", "claim_during_stay", "--from", "2026-03", "--to", "2026-03", "--json"),
    ],
)
def test_the_window_is_the_setting_unless_told(fraud, store, tmp_path, words):
    store(stay_settled_late())
    config = tmp_path / "fraud.toml"
    config.write_text("[scoring]\nwindow_months = 2\n")
    by_default, set_to_two, told_two = (
        fraud(*words),
        fraud("--config", str(config), *words),
        fraud(*words, "--window-months", "2"),
    )
    assert "50.00" in by_default[1]
    assert "50.00" not in set_to_two[1]
    assert set_to_two == told_two
    assert fraud("--config", str(config), *words, "--window-months", "6") == by_default


def test_a_payers_rule_runs_beside_ours(fraud, store, tmp_path):
    store(long_day(13))
    write_rule(tmp_path / "workspace")
    records = json.loads(fraud("rules", "list", "--format", "json")[1])
    assert records[-1]["origin"] == f"rules/{CODE}.toml"
    assert records[-1]["parameters"][0]["value"] == 720
    answer = json.loads(fraud("rules", "run", "--month", "2026-03", "--json")[1])
    assert [finding["code"] for finding in answer["findings"]] == [CODE, CODE]
    assert any("Beyond 720 minutes of" in finding["reason_en"] for finding in answer["findings"])
    assert any("超出单日720分钟" in finding["reason_zh"] for finding in answer["findings"])
    months = json.loads(fraud("rules", "backtest", CODE, "--from", "2026-03", "--to", "2026-03", "--json")[1])
    assert [(month["n_lines"], month["exposure_amount"]) for month in months] == [(1, "100.00")]


def test_backtest_of_a_rule_that_names_practitioners_only(fraud, store, tmp_path):
    store(long_day(13))
    before, _, rest = rule_text().partition("[reasons.provider]")
    write_rule(tmp_path / "workspace", before + rest[rest.index("[reasons.practitioner]") :])
    months = json.loads(fraud("rules", "backtest", CODE, "--from", "2026-03", "--to", "2026-03", "--json")[1])
    assert [(month["n_providers"], month["n_practitioners"]) for month in months] == [(0, 1)]
    assert [(m["n_lines"], m["exposure_amount"], m["fund_exposure_amount"]) for m in months] == [(1, "100.00", "50.00")]


def test_its_number_is_a_setting(fraud, store, tmp_path):
    store(long_day(13))
    write_rule(tmp_path / "workspace")
    (tmp_path / "fraud.toml").write_text("[rules]\nlong_day_minutes = 780\n")
    config = ("--config", str(tmp_path / "fraud.toml"))
    assert json.loads(fraud(*config, "rules", "run", "--month", "2026-03", "--json")[1])["findings"] == []


def test_a_predicate_that_fails_on_a_row_names_the_rule_and_not_what_the_row_holds(fraud, store, tmp_path):
    world = long_day(13)
    world.lines[0]["body_site"] = "left_hand"
    store(world)
    write_rule(
        tmp_path / "workspace",
        rule_text().replace("s.encounter_type = 'emergency'", "cast(l.body_site as date) is null"),
    )
    code, out, err = fraud("rules", "run", "--month", "2026-03")
    assert (code, "Findings in 2026-03: 0" in out) == (1, True)
    assert f"failed: rule {CODE} could not run: Conversion Error" in " ".join(err.split())
    assert "left_hand" not in err


@pytest.mark.parametrize("words", [("rules", "list"), ("rules", "run", "--month", "2026-03"), ("score", "--from", "x")])
def test_a_faulty_rule_file_is_refused_before_work_starts(fraud, store, tmp_path, words):
    store(duplicate())
    write_rule(tmp_path / "workspace", 'code = "mine"\nverson = "1"\n', "mine.toml")
    code, out, err = fraud(*words)
    assert (code, out) == (2, "")
    assert "rule key 'verson' in rules/mine.toml (rule mine)" in " ".join(err.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rules", "run", "--month", "2026-07"), "not in the store; it holds 2026-03"),
        (("rules", "run", "--month", "March"), "not a month"),
        (("rules", "backtest", "duplicate_lines", "--from", "2026-03", "--to", "2026-03"), "did you mean"),
        (("rules", "backtest", "duplicate_line", "--from", "2026-04", "--to", "2026-03"), "is after"),
        (("rules", "backtest", "duplicate_line", "--from", "2027-01", "--to", "2027-02"), "name months it holds"),
    ],
)
def test_bad_usage_is_refused_with_the_way_out(fraud, store, words, message):
    store(duplicate())
    code, out, err = fraud(*words)
    assert code == 2
    assert out == ""
    assert message in " ".join(err.split())
