"""What comes from outside is read within bounds, and refused in one line."""

import pytest

from features.errors import InputError
from features.outside import parse_json, parse_toml, plain_line, read_text

SAID = ("file", "'x'", "export it again")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000, "nested deeper"),
        ("9" * 5_000, "a number of 5,000 digits"),
        ('"\\ud800"', "surrogates not allowed"),
        ('{"\\ud800": 1}', "surrogates not allowed"),
        ('[{"a": 1}, {"note": ["\\udfff"]}]', "entry 2 'note' entry 1: half a character"),
        ('[{"a": 1, "b": 2, "a": 3}]', "key 'a' twice in one object"),
        ("NaN", "NaN is not a number"),
        ("{", "Expecting property name"),
    ],
)
def test_json_that_is_refused(text, why):
    with pytest.raises(InputError, match=why):
        parse_json(text, *SAID)


def test_brackets_within_texts_are_no_depth():
    text = '["' + "[" * 1000 + '\\"[["]'
    assert parse_json(text, *SAID) == ["[" * 1000 + '"[[']


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + "[" * 100_000, "nested deeper"),
        ("[" + ".".join("a" * 5_000) + "]", "nested deeper"),
        ("a = " + "9" * 5_000, "digits"),
        ("a = ", "Invalid value"),
    ],
)
def test_toml_that_is_refused(text, why):
    with pytest.raises(InputError, match=why):
        parse_toml(text, *SAID)


def test_text_of_bounded_size_in_utf_8(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfabc")
    assert read_text(path, "file", "see docs") == "abc"
    with pytest.raises(InputError, match="larger than 2 bytes"):
        read_text(path, "file", "see docs", max_bytes=2)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="utf-8"):
        read_text(path, "file", "see docs")
    with pytest.raises(InputError, match="not a regular file"):
        read_text(tmp_path, "file", "see docs")


def test_nothing_that_a_terminal_obeys_is_left():
    text = plain_line("a\x1b[2J\x9b\u202e\u2028\ud800\r\n\x00b")
    assert text.isascii()
    assert text.isprintable()
