"""A key of a mapping that is wrong, too long, too many or too deep is named, in one line."""

import doctest

import pytest

from features.claims.mapping import words
from features.claims.mapping.file import load_mapping
from features.claims.values import grammar
from features.errors import InputError

BAD_KEYS = [
    ('name = "a\\nfraud: all is well"', "'name'"),
    ('name = "\\u001b[31mred"', "'name'"),
    ('name = "[/b]x"', "'name'"),
    ('name = "' + "x" * 81 + '"', "'name'"),
    ("name = 3", "'name' .*valid string"),
    ("name = 2020-01-01", "'name' .*valid string"),
    ('"na\\u001bme" = 1', r"'na.x1bme'"),
    ("x = " + "9" * 5_000, "integer"),
    ("x = " + "[" * 5_000 + "]" * 5_000, "nested deeper"),
    ("x = " + "{a=" * 5_000 + "1" + "}" * 5_000, "nested deeper"),
    (".".join("a" * 5_000) + " = 1", "nested|deeper|recursion|unknown"),
    ("[" + ".".join("a" * 5_000) + "]", "nested deeper"),
    ("\n".join(f"k{n} = 1" for n in range(400)), "400 keys"),
    ('description = "' + "x" * 2_001 + '"', "'description'"),
    ('null_texts = "NA"', "'null_texts'"),
    ("null_texts = [" + '"NA",' * 101 + "]", "'null_texts'"),
    ('null_texts = ["' + "x" * 1_001 + '"]', "'null_texts.0'"),
    ('identity = "yes"', "'identity' .*valid boolean"),
    ('identity = true\n[sources.a]\nfiles = ["a.csv"]', "beside `identity`"),
    ('zone = "CST"', "'zone' .*IANA"),
    ('zone = "Asia/Nowhere"', "'zone' .*IANA"),
    ('zone = "../../etc/passwd"', "'zone' .*IANA"),
    ('zone = "Asia/Shanghai\\n"', "'zone' .*IANA"),
    ("zone = 8", "'zone' .*valid string"),
    ('extends = ["contract"]', "an unknown name"),
    ('extends = "../../etc/passwd"', "an unknown name"),
    ("sources = 3", "'sources'"),
    ("tables = 3", "'tables'"),
    ("tables.persons = 3", "'tables.persons'"),
    ('[sources."bills;drop"]\nfiles = ["a.csv"]', "sources.bills;drop"),
    ('[sources."a;b"]\nfiles = ["a.csv"]', "sources.a;b"),
    ('[tables]\n"\\u001b[0m" = []', r"table '.x1b.0m'"),
]
BAD_SOURCES = [
    ("files = []", "files"),
    ('files = ["."]', "files.0.*names no file"),
    ('files = ["./."]', "files.0.*names no file"),
    ('files = ["' + "a/" * 3_000 + '*.csv"]', "files.0"),
    ('files = ["' + "**/" * 8 + '*.csv"]', "files.0"),
    ('files = ["' + "*" * 400 + '"]', "files.0"),
    ('files = ["a.csv\\u0000"]', "files.0"),
    ('files = "a.csv"', "files"),
    ("files = [3]", "files.0"),
    ('files = ["a.csv"]\nis_optional = 1', "is_optional.*valid boolean"),
    ('files = ["a.csv"]\ndelimiter = ""', "delimiter.*one character"),
    ('files = ["a.csv"]\ndelimiter = "||"', "delimiter.*one character"),
    *(
        (f'files = ["a.csv"]\ndelimiter = "{sign}"', "delimiter")
        for sign in (r"\"", r"\n", r"\r", r"\u0000", "a", "1", "-")
    ),
    *(
        (f'files = ["a.csv"]\nencoding = "{name}"', "encoding")
        for name in ("punycode", "undefined", "idna", "zip", "u8\\u0000", "", "x" * 50)
    ),
]
BAD_BLOCKS = [
    ("columns = 3", "columns"),
    ("columns = { person_id = 3 }", "columns.person_id"),
    ("where = true", "where"),
    ('distinct = "true"', "distinct"),
    ("values.gender = { to = 3 }", "values.gender.to"),
    ('values.gender.to = { M = "male", F = 3 }', "values.gender.to.F"),
    ("values.gender.to = { " + ", ".join(f'k{n} = "male"' for n in range(1_001)) + " }", "values.gender.to"),
    ('values.gender.to = { "' + "x" * 1_001 + '" = "male" }', "values.gender.to"),
    ('unlist = { columns = [], value = "person_id" }', "unlist.columns"),
    ("unlist = { columns = [" + '"D",' * 201 + '], value = "person_id" }', "unlist.columns"),
    ('unlist = { columns = ["D"], value = "person_id", start = -1 }', "unlist.start"),
    ('unlist = { columns = ["D"], value = "person_id", start = 99999999999999999999 }', "unlist.start"),
    ('unlist = { columns = ["D"], value = "person_id", start = "1" }', "unlist.start"),
    ('unlist = { columns = ["D"], value = "persn_id" }', "did you mean 'person_id'"),
]
SOURCE = 'name = "x"\n[sources.a]\n'
BLOCK = SOURCE + 'files = ["a.csv"]\n[[tables.persons]]\nsource = "a"\n'
BAD = [("" if "name" in text.split("=")[0] or "400" in said else 'name = "x"\n') + text for text, said in BAD_KEYS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *zip(BAD, [said for _, said in BAD_KEYS], strict=True),
        *((SOURCE + text, said) for text, said in BAD_SOURCES),
        *((BLOCK + text, said) for text, said in BAD_BLOCKS),
        (SOURCE + 'files = ["a.csv"]\n' + '[[tables.persons]]\nsource = "a"\n' * 101, "tables.persons"),
        ('name = "x"\n' + "".join(f'[sources.a{n}]\nfiles = ["a.csv"]\n' for n in range(101)), "sources"),
        ("#" + "x" * 2**20, "larger than 1,048,576 bytes"),
    ],
)
def test_a_key_that_is_no_good_is_named(tmp_path, text, said):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as told:
        load_mapping(str(tmp_path / "m.toml"))
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 1_000


@pytest.mark.parametrize("content", [b"name = '\xff'", "name = 'm'".encode("utf-16")])
def test_a_mapping_that_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "m.toml").write_bytes(content)
    with pytest.raises(InputError, match="can't decode byte"):
        load_mapping(str(tmp_path / "m.toml"))


def test_examples():
    assert [doctest.testmod(module).failed for module in (grammar, words)] == [0, 0]
