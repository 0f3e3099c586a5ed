"""`fraud rules snooze` and `unsnooze`, as typed, and what of it a screen says."""

import json

import pytest

from fraud.cli.main import main
from tests.rules.examples.duplicate_line import duplicate
from tests.support.claims import make_store

RULE, END = "duplicate_line", ("--until", "2027-06-30")
WHY = ("--reason", "the till is mended")


@pytest.fixture
def fraud(tmp_path, capsys):
    """Return a function that runs the program on a duplicate line and returns (exit code, stdout, stderr)."""
    make_store(tmp_path / "w", duplicate().tables())

    def run(*words):
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path / "w"), *words])
        said = capsys.readouterr()
        return leave.value.code, said.out, " ".join(said.err.split())

    return run


def test_it_is_told_by_every_command_until_it_is_ended(fraud, tmp_path):
    code, out, _ = fraud("rules", "snooze", RULE, *END, *WHY)
    assert (code, "S-1: set aside until 2027-06-30: duplicate_line" in out) == (0, True)
    told = "findings set aside by S-1 until 2027-06-30: 1, worth 80.00, of duplicate_line: the till is mended"
    code, out, err = fraud("rules", "run", "--month", "2026-03")
    assert (code, "Findings in 2026-03: 0" in out, told in err) == (0, True, True)
    (hidden,) = json.loads(fraud("rules", "run", "--month", "2026-03", "--json")[1])["set_aside"]
    assert (hidden["findings"], hidden["lines"], hidden["exposure_amount"]) == (1, 1, "80.00")
    listed = fraud("rules", "list")[1]
    assert "set aside until 2027-06-30" in " ".join(listed.split())
    assert "S-1: in force until 2027-06-30: duplicate_line: the till is mended" in listed
    record = next(each for each in json.loads(fraud("rules", "list", "--format", "json")[1]) if each["code"] == RULE)
    assert (record["status"], record["set_aside"][0]["status"]) == ("set aside until 2027-06-30", "in force")
    assert "80.00" in fraud("rules", "backtest", RULE, "--from", "2026-03", "--to", "2026-03")[1], "nothing set aside"
    assert fraud("rules", "unsnooze", "S-1", "--reason", "mended")[0] == 0
    assert "Findings in 2026-03: 1" in fraud("rules", "run", "--month", "2026-03")[1]
    assert "duplicate_line: mended" in fraud("rules", "list")[1]


def test_one_provider_or_item_is_set_aside_and_the_rule_stays_in_force(fraud):
    assert fraud("rules", "snooze", RULE, *END, *WHY, "--subject", "provider:P1", "--item", "I1", "--json")[0] == 0
    listed = fraud("rules", "list")[1]
    assert "S-1: in force until 2027-06-30: duplicate_line, provider:P1, I1: the till is mended" in listed
    assert "set aside until" not in listed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("duplicate_lin", *END, *WHY), "did you mean 'duplicate_line'"),
        ((RULE, *WHY), "Missing option '--until'"),
        ((RULE, *END), "Missing option '--reason'"),
        ((RULE, *END, "--reason", " "), "--reason of a set-aside: empty"),
        ((RULE, "--until", "2099-01-01", *WHY), "too far ahead"),
        ((RULE, "--until", "2020-01-01", *WHY), "name a day that is to come"),
        ((RULE, *END, *WHY, "--subject", "P1"), "write TYPE:ID"),
        ((RULE, *END, *WHY, "--subject", "provider:P7"), "is not in the store"),
        ((RULE, *END, *WHY, "--subject", "patient:A"), "a person, and no pseudonym"),
    ],
)
def test_what_cannot_be_set_aside_is_refused_with_the_way_out(fraud, tmp_path, words, message):
    code, _, err = fraud("rules", "snooze", *words)
    assert (code, message in err) == (2, True), err
    assert not (tmp_path / "w" / "rules").exists()


def test_one_rule_is_run_alone_and_all_its_findings_are_written(fraud, tmp_path):
    for name in ("found.csv", "found.json"):
        target = tmp_path / name
        code, out, _ = fraud("rules", "run", "--month", "2026-03", "--rule", RULE, "--out", str(target))
        assert (code, "rule findings: duplicate_line 1" in out) == (0, True)
        assert "80.00" in target.read_text(encoding="utf-8")
    assert "practitioner_day" not in (tmp_path / "found.json").read_text(encoding="utf-8")
    assert fraud("rules", "run", "--month", "2026-03", "--out", str(tmp_path / "f.txt"))[0] == 2
    assert fraud("rules", "run", "--month", "2026-03", "--rule", "no_rule")[0] == 2


def test_the_list_is_of_one_family(fraud):
    records = json.loads(fraud("rules", "list", "--format", "json", "--family", "actor")[1])
    assert {record["family"] for record in records} == {"actor"}
    assert "did you mean 'actor'" in fraud("rules", "list", "--family", "acto")[2]
