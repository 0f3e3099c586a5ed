"""The log: plain lines for people, JSON objects for machines, start and end of every call, never a row."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from features.errors import InputError
from fraud.cli.main import build_app, main

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


def run(workspace, capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace), *words])
    found = capsys.readouterr()
    return left.value.code or 0, found.out, found.err


@pytest.mark.parametrize("how", ["option", "variable"])
def test_every_line_is_an_object(tmp_path, capsys, monkeypatch, how):
    if how == "variable":
        monkeypatch.setenv("FRAUD_LOG", "json")
    code, printed, said = run(
        tmp_path, capsys, *(["--log-format", "json"] if how == "option" else []), "ingest", str(EXAMPLE), "--json"
    )
    lines = [json.loads(line) for line in said.splitlines()]
    assert code == 0
    assert json.loads(printed)["months"]
    assert [lines[0]["event"], lines[-1]["event"]] == ["start", "end"]
    assert "step" in {line["event"] for line in lines}
    assert {line["command"] for line in lines} == {"ingest"}
    assert all({"time", "level", "message", "seconds", "peak_memory_mb"} <= set(line) for line in lines)
    assert lines[-1]["exit_code"] == 0
    (note,) = [line for line in lines if line["event"] == "note"]
    assert note["n_read"] == note["n_stored"] + note["n_repeats"] + note["n_quarantined"] > 0


@pytest.mark.parametrize(
    "words",
    [
        ["--log-format", "json", "scoer"],
        ["--log-format=json", "store"],
        ["--log-format=json", "score", "--month", "x\x1b"],
    ],
)
def test_a_refusal_is_an_object_too(tmp_path, capsys, words):
    code, _, said = run(tmp_path, capsys, *words)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines][-2:] == ["error", "end"]
    assert lines[-2]["level"] == "error"
    assert lines[-1]["exit_code"] == code == 2


def test_the_month_is_said(tmp_path, capsys):
    _, _, said = run(tmp_path, capsys, "--log-format", "json", "score", "--month", "2026-03")
    assert {json.loads(line).get("month") for line in said.splitlines()} == {"2026-03"}


def test_lines_for_people_say_more_when_asked(tmp_path, capsys):
    code, _, said = run(tmp_path, capsys, "ingest", str(EXAMPLE))
    assert (code, "ended with" in said, "ingest: reading" in said) == (0, False, True)
    _, _, said = run(tmp_path, capsys, "--verbose", "ingest", str(EXAMPLE))
    assert "ingest: started" in said
    assert "ended with exit code 0" in said
    assert "n_read=" in said


def test_a_call_leaves_no_handler_behind(tmp_path, capsys):
    before = list(logging.getLogger().handlers)
    run(tmp_path, capsys, "--log-format", "json", "store")
    assert logging.getLogger().handlers == before


def test_a_command_within_a_command_goes_on_with_its_log(tmp_path, capsys, monkeypatch):
    def check_instead(_):
        words = ["--workspace", str(tmp_path), "check", str(EXAMPLE)]
        build_app(words)(args=words, prog_name="fraud", standalone_mode=False)
        raise InputError("seen enough")

    monkeypatch.setattr("features.claims.ClaimsStore.open", check_instead)
    code, _, said = run(tmp_path, capsys, "--log-format", "json", "store")
    lines = [json.loads(line) for line in said.splitlines()]
    assert code == 2
    assert [line["event"] for line in lines] == ["start", "start", "step", "error", "end"]
