"""Rows to propose, as TOML, text and workbook, and what is refused of them."""

import pytest

from features.errors import InputError
from fraud.rules.proposals import propose, read_rows
from tests.references.books import plain_book

ROWS = [
    ["规则名称", "药品通用名", "药品代码", "检出逻辑", "basis", "source", "gender_limit"],
    ["药品限支付疗程", "某药", "XA01", "支付不超过14天", "药品目录", "第六批", ""],
    ["", "他药", "XB01", "", "药品目录", "本地", "female"],
]
TEXT = "\n".join(",".join(row) for row in ROWS)
TOML = """
code = "women_only"
items = ["XA01", "XA02"]
name = "某药"
basis = "药品目录"
source = "本地"
[limits]
gender_limit = "female"
"""


def read(tmp_path, name, content):
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(tmp_path / name)


@pytest.mark.parametrize("name", ["rows.csv", "rows.xlsx"])
def test_a_table_gives_a_row_a_line(tmp_path, name):
    first, second = read(tmp_path, name, TEXT if name.endswith("csv") else plain_book(ROWS))
    assert first.values["items"] == "XA01"
    assert "gender_limit" not in first.values
    assert second.where.endswith("row 3")
    assert "max_course_days = 14" in propose(first).rule_toml
    assert "gender_limit = female" in propose(second).rule_toml


def test_toml_is_one_row(tmp_path):
    (row,) = read(tmp_path, "mine.toml", TOML)
    proposal = propose(row)
    assert (proposal.code, proposal.where) == ("women_only", "mine.toml")
    assert 'items = ["XA01", "XA02"]' in proposal.rule_toml
    assert proposal == propose(row)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", "items = [", "proposed row a.toml: not TOML"),
        ("a.toml", "itmes = 'X'", "did you mean 'items'"),
        ("a.toml", "items = [[1]]", "items is neither a text"),
        ("a.toml", "gender_limit = 'male'\n[limits]\ngender_limit = 'male'", "gender_limit twice"),
        ("a.csv", "x,y\n1,2\n", "no header, or no row under it"),
        ("a.csv", "items,basis,colour\nX,b,red\n", "column 'colour'"),
        ("a.csv", "items,药品代码\nX,Y\n", "items twice"),
        ("a.csv", "items,basis,source\n", "no header, or no row under it"),
        ("a.xlsx", b"PK\x03\x04", "file 'a.xlsx'"),
    ],
)
def test_what_is_no_row_is_refused(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, name, content)


def test_an_empty_limit_is_no_limit(tmp_path):
    (row,) = read(tmp_path, "a.csv", "items,basis,source,gender_limit\nX01,b,s,\n")
    with pytest.raises(InputError, match="gender_limit is empty"):
        propose(row)
