"""The settings' `[rules]` are the parameters of the rules that are there."""

import pytest

from features.errors import InputError
from fraud.cli.main import main
from fraud.rules import library_rules, with_rule_numbers
from fraud.settings import RuleSettings, Settings
from tests.rules.payer import write_rule

DEFAULTS = {each.name: each.default for rule in library_rules() for each in rule.parameters}


def test_defaults_are_filled_in_and_what_is_given_stays():
    settings = with_rule_numbers(Settings(rules=RuleSettings(death_grace_days=3)), library_rules())
    assert settings.model_dump()["rules"] == DEFAULTS | {"death_grace_days": 3}
    assert with_rule_numbers(settings, library_rules()) == settings


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"death_grace_day": 1}, r"settings key 'death_grace_day' as given \[rules\]: .* mean 'death_grace_days'"),
        ({"stay_margin_days": 0}, r"'rules.stay_margin_days' as given: .* greater than or equal to 1 \(got 0\)"),
        ({"stay_margin_days": "one"}, "'rules.stay_margin_days' as given: Input should be a valid integer"),
        ({"stay_margin_days": 1.5}, "'rules.stay_margin_days' as given: Input should be a valid integer"),
        ({"stay_margin_days": {"a": 1}}, "'rules.stay_margin_days' as given: Input should be a valid integer"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        with_rule_numbers(Settings(rules=RuleSettings(**given)), library_rules())


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere"),
        ("ingest", "nowhere"),
        ("rules", "list"),
        ("rules", "run", "--month", "2026-03"),
        ("rules", "backtest", "duplicate_line", "--from", "2026-03", "--to", "2026-03"),
        ("rings", "find", "--month", "2026-03"),
        ("score", "--month", "2026-03"),
        ("cases", "export", "--month", "2026-03"),
        ("train", "--entity", "provider", "--as-of", "2026-03-31"),
    ],
)
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("stay_margin_day = 1", "[rules]: an unknown name. Hint: did you mean 'stay_margin_days'?"),
        ("stay_margin_days = 0", "'rules.stay_margin_days' in"),
        (
            "long_day_minutes = 1441",
            "Input should be less than or equal to 1440 (got 1441). Hint: see docs/settings.md",
        ),
    ],
)
def test_every_command_refuses_it_before_work_starts(tmp_path, capsys, words, line, message):
    write_rule(tmp_path / "workspace")
    (tmp_path / "fraud.toml").write_text(f"[rules]\n{line}\n")
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(tmp_path / "workspace"), "--config", str(tmp_path / "fraud.toml"), *words])
    assert left.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert {path.name for path in (tmp_path / "workspace").iterdir()} <= {".lock", "rules"}
