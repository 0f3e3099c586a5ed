"""Text from outside is text: no markup, no escape sequence, no second line, whatever prints it."""

from __future__ import annotations

import json

import pytest
from rich.table import Table

from fraud.cli import logs
from fraud.cli.session import out, say, show_json, show_text

HOSTILE = [
    "[/b]",
    "[red]x[/red]",
    ":smile:",
    "\x1b]0;pwn\x07\x1b[31mred",
    "\x9b31m",
    "a\nfraud: forged",
    "\u202egpj.exe",
    "\ud800",
]
OBEYED = {*map(chr, range(9)), *map(chr, range(11, 32)), *map(chr, range(127, 160)), "\u202e", "\u2028", "\ud800"}


@pytest.fixture
def log():
    with logs.logging_to_stderr(logs.LogFormat.text):
        yield


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_not_obeyed(capsys, log, text):
    table = Table(text, title=text)
    table.add_row(text)
    out().print(table)
    out().print(text)
    say(text)
    show_text(text.replace("\n", ""))
    found = capsys.readouterr()
    assert not OBEYED & {*found.out, *found.err}
    assert "fraud: forged" not in [line.strip() for line in (found.out + found.err).splitlines()]
    if text[0] in "[:":
        assert found.out.count(text) == 5
        assert text in found.err


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_and_is_not_obeyed(capsys, text):
    show_json({text: [text, "医院"]})
    printed = capsys.readouterr().out
    assert not OBEYED & {*printed}
    assert json.loads(printed) == {text: [text, "医院"]}
    assert "医院" in printed
