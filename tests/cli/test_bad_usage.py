"""Words of the command line that no command can use: exit 2, one plain line with the place, nothing written."""

from __future__ import annotations

import pytest

from fraud.cli.main import main

SCORE = ["score", "--month", "2026-03"]
LONG = "x" * 300


def leave(capsys, words):
    with pytest.raises(SystemExit) as left:
        main(words)
    return left.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["\x1b[31mx"], r"word 1 on the command line: holds a control character \(U\+001B\)"),
        (["[/b]"], r"No such command '\[/b\]'"),
        (["scoer"], "No such command 'scoer'"),
        (["score", "--month", "2026-\x1b"], "--month on the command line: holds a control character"),
        (["score", "--month", "2026-\n03"], "--month on the command line"),
        (["score", "--month", "0000-01"], "not a month"),
        (["score", "--month", "2026-13"], "not a month"),
        (["score", "--month", "２０２６-０１"], "not a month"),
        (["score", "--month", "[red]x[/red]"], r"'\[red\]x\[/red\]': not a month"),
        (["score", "--month", "a\0b"], r"U\+0000"),
        ([*SCORE, "--nope"], "No such option: --nope.* Hint: see `fraud score --help`"),
        ([*SCORE, "--threads", "0"], "--threads"),
        ([*SCORE, "--threads", "100000"], "--threads"),
        ([*SCORE, "--threads", "9" * 4000], "--threads"),
        ([*SCORE, "--window-months", "61"], "--window-months"),
        ([*SCORE, "--memory-limit", "1MB"], "--memory-limit"),
        ([*SCORE, "--memory-limit", "999999999TB"], "--memory-limit"),
        ([*SCORE, "--as-of", "2026-02-30"], "--as-of"),
        (
            ["score", "--replay", "m.json", "--window-months", "6"],
            "--window-months of fraud score: given with --replay",
        ),
        (["score", "--replay", "m.json", "--engine", "duckdb", "--model", "none"], "--model and --engine"),
        (["score", "--replay", "m.json", "--month", "2026-03"], "more than one way"),
        (["cases", "export", "--month", "2026-03", "--top", "0"], "--top"),
        (["cases", "export", "--month", "2026-03", "--top", "10001"], "--top"),
        (["cases", "export", "--month", "2026-03", "--out", LONG], "place 'xxx.* a name of 300 bytes"),
        (["cases", "export", "--month", "2026-03", "--out", "医" * 86], "a name of 258 bytes"),
        (["cases", "export", "--month", "2026-03", "--out", f"{__file__}/x"], "is no folder"),
        (["cases", "verify", LONG], "a name of 300 bytes"),
        (["evaluate", "--month", "2026-03", "--budget", "nan"], "--budget"),
        (["evaluate", "--month", "2026-03", "--cases", "99999999999"], "--cases"),
        (["promote", "1", "--entity", "provider", "--reason", "a\nb"], "--reason on the command line"),
        (["promote", "1", "--entity", "provider", "--reason", "x" * 5000], "--reason on the command line: 5,000 bytes"),
        (["promote", "-1", "--entity", "provider", "--reason", "x"], "-1"),
        (["synth", "--out", "city", "--persons", "1000000000000"], "--persons"),
        (["synth", "--out", "city", "--persons", "-1"], "--persons"),
        (["synth", "--out", "city", "--providers", "0"], "--providers"),
        (["synth", "--out", "city", "--months", "61"], "--months"),
        (["synth", "--out", "city", "--seed", "99999999999"], "--seed"),
        (["synth", "--out", "city", "--start", "9999-12"], "start '9999-12'"),
        (["synth", "--out", "/"], "output '/'"),
        (["ui", "--port", "0"], "--port"),
        (["--log-format", "xml", "store"], "--log-format"),
        (["--config", "/dev/null/x", "check", "."], "settings in|/dev/null"),
        (["--config", "/tmp", "check", "."], "not a regular file"),
        (["--config", "/dev/zero", "check", "."], "not a regular file"),
    ],
)
def test_bad_usage(tmp_path, capsys, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    code, said = leave(capsys, words)
    assert code == 2
    *steps, said = said.splitlines()
    assert steps in ([], ["synth: inventing the city"])
    assert "Hint:" in said
    assert said.isprintable()
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("workspace", "says"),
    [
        ("file", "not a folder"),
        ("file/x", "is no folder"),
        (LONG, "a name of 300 bytes"),
        ("loop/x", "is no folder|Too many levels"),
        ("dangling", "not a folder"),
    ],
)
def test_a_workspace_that_cannot_be_one(tmp_path, capsys, monkeypatch, workspace, says):
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    monkeypatch.setenv("FRAUD_WORKSPACE", str(tmp_path / workspace))
    for words in (["store"], ["ingest", "."]):
        code, said = leave(capsys, words)
        assert code == 2
        with pytest.raises(AssertionError, match=says):
            raise AssertionError(said)


def test_a_workspace_from_the_environment_is_held_to_the_same(capsys, monkeypatch):
    monkeypatch.setenv("FRAUD_WORKSPACE", "a\x1bb")
    code, said = leave(capsys, ["store"])
    assert (code, "U+001B" in said) == (2, True)


def test_without_a_command_there_is_help(capsys):
    with pytest.raises(SystemExit) as left:
        main([])
    found = capsys.readouterr()
    assert (left.value.code, found.err) == (2, "")
    assert "Usage" in found.out
