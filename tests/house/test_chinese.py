"""Every message of the code has its Chinese, with the same values, and no Chinese is left of a message that is gone."""

import ast
import re
from string import Formatter

import pytest

from fraud.cli.chinese import catalogue, texts_of
from tests.house.messages import parts
from tests.house.missing_messages import MESSAGES, missing, unused
from tests.house.names import Module
from tests.house.sources import ROOT
from tests.house.templates import Reader

FILES = sorted((ROOT / MESSAGES).glob("*.toml"))
NAMED = re.compile(r"`[^`]+`|(?<![\w-])--[a-z][a-z-]+")


def test_every_message_has_its_chinese():
    lines = missing()
    assert not lines, f"fill in under {MESSAGES} (python -m tests.house.missing_messages):\n" + "\n".join(lines)


def test_nothing_stands_there_that_no_code_says():
    assert unused() == []


def test_a_message_stands_in_one_file_only():
    keys = [
        line.partition(" = ")[0] for file in FILES for line in file.read_text("utf-8").splitlines() if line[:1] == '"'
    ]
    assert len(keys) == len(set(keys)) == len(catalogue())


def test_values_and_names_are_the_same():
    for english, chinese in catalogue().items():
        check_entry(english, chinese)


def check_entry(english, chinese):
    fields = [(name, form) for _, name, form, _ in Formatter().parse(chinese) if name is not None]
    assert sorted(name for name, _ in fields) == sorted(map(str, range(len(texts_of(english)) - 1)))
    assert {form for _, form in fields} <= {"", "zh"}
    numbered = [f"{{{number}}}" for number in range(len(fields))]
    assert sorted(NAMED.findall(chinese)) == sorted(NAMED.findall(english.format(*numbered)))
    assert not re.search(r"[\u4e00-\u9fff][,;:?!()]", chinese), "half-width punctuation beside Chinese"


@pytest.mark.parametrize(
    ("code", "templates"),
    [
        ('def f(n):\n    say(f"{n:,} rows of {n!r}")', ["{} rows of {}"]),
        ('HINT = "see docs"\ndef f():\n    say(HINT)', ["see docs"]),
        ('def f(x):\n    got = "none" if x else f"only {x}"\n    say(got)', ["none", "only {}"]),
        ('def f(n):\n    say(f"{n} ring{\'\' if n == 1 else \'s\'}")', ["{} ring", "{} rings"]),
        ('def g():\n    return ["a thing"]\ndef f():\n    for each in g():\n        say(each)', ["a thing"]),
        ('def f():\n    lines = ["first"]\n    lines.append("second")\n    for each in lines:\n        say(each)',
         ["first", "second"]),
        ("def f(name):\n    say(name)", ["{}"]),
    ],
)  # fmt: skip
def test_what_an_expression_can_be(code, templates):
    module = Module("here.py", ast.parse(code))
    found = Reader({"here.py": module}).templates(module, module.calls("say")[0].args[0])
    assert list(dict.fromkeys(sorted(found))) == sorted(templates)


def test_who_hands_on_a_parameter_is_read_too():
    module = Module("here.py", ast.parse("def refuse(got):\n    say(got)"))
    reader = Reader({"here.py": module})
    reader.templates(module, module.calls("say")[0].args[0])
    assert [(each.name, each.parameter) for each in reader.passed] == [("refuse", "got")]


def test_message_and_hint_have_entries_of_their_own():
    assert parts(" withheld: {}. Hint: fill it in") == ["withheld: {}", "fill it in"]
