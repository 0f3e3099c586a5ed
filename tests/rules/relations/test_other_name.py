"""Names of one item, and of two."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules.relations.other_name import create_is_other_name


@pytest.mark.parametrize(
    ("billed", "listed", "said"),
    [
        ("CT 平扫（头部）", "ct平扫", False),
        ("阿莫西林（0.25g）", "阿莫西林（0.25g）", False),
        ("Skin graft (left arm)", "skin  graft", False),
        ("Skin graft, left arm", "skin graft", False),
        ("阿莫西林胶囊 0.25g*24粒", "阿莫西林", False),
        ("注射用头孢曲松钠", "头孢曲松钠 1.0g", False),
        ("阿莫西林克拉维酸钾", "阿莫西林", True),
        ("阿莫西林", "阿莫西林克拉维酸钾片（7:1）", True),
        ("二级护理", "一级护理", True),
        (None, "阿莫西林", None),
        ("阿莫西林", None, None),
    ],
)
def test_names_are_of_one_item_where_they_agree_but_for_what_says_more(billed, listed, said):
    with DuckDBEngine() as engine:
        create_is_other_name(engine)
        assert engine.rows("select is_other_name(?, ?)", [billed, listed]) == [(said,)]
