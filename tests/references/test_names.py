"""The name of an item: the payer's own stays, one that an edition gave is corrected by a later one."""

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.cli.main import main
from fraud.references.merge import merged
from tests.references.books import book
from tests.support.claims import make_store


def named(item, versions, said):
    """Return day -> name after an edition of 2026-04-01 that names an item."""
    limits = {"item_name": said, "gender_limit": "female"}
    rows = merged(item, [{"item_code": item, **row} for row in versions], limits, "2026-04-01", "later")
    return {row["valid_from_date"]: row["item_name"] for row in rows}


# What is known of an item that a later edition names 新名, and its name from the day of that edition on.
NAMES = {
    "an earlier edition named it": (
        [{"valid_from_date": "2026-01-01", "item_name": "旧名", "editions": "earlier"}],
        "新名",
    ),
    "the same edition named it": (
        [{"valid_from_date": "2026-04-01", "item_name": "旧名", "editions": "later"}],
        "新名",
    ),
    "the payer names it": ([{"item_name": "自有名"}], "自有名"),
    "the payer named it before an earlier edition": (
        [{"item_name": "自有名"}, {"valid_from_date": "2026-01-01", "item_name": "自有名", "editions": "earlier"}],
        "自有名",
    ),
    "nobody named it": ([{"standard_minutes": "5"}], "新名"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_later_edition_corrects_the_name_that_an_earlier_one_gave(case):
    known, expected = NAMES[case]
    assert named("X", known, "新名") == {"2026-04-01": expected}


def test_a_version_that_began_later_takes_the_corrected_name_unless_it_has_one_of_its_own():
    first = {"valid_from_date": "2026-01-01", "item_name": "旧名", "editions": "earlier"}
    for later, expected in (("旧名", "新名"), ("更新名", "更新名")):
        versions = [first, {"valid_from_date": "2026-07-01", "item_name": later, "editions": "latest"}]
        assert named("X", versions, "新名") == {"2026-04-01": "新名", "2026-07-01": expected}


def test_a_corrected_edition_corrects_the_name_in_the_store(tmp_path):
    make_store(tmp_path, {})
    for edition, day, name in (("第一批", "2026-01-01", "错名"), ("第一批修订", "2026-04-01", "某药")):
        file = tmp_path / f"{day}.xlsx"
        file.write_bytes(book("药品区分性别使用", [[1, name, "限女性", "", 1]], [[1, name, 1, "XA01"]]))
        words = ("references", "import", "--kind", "knowledge_points", "--edition", edition, "--valid-from", day)
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(tmp_path), *words, str(file)])
        assert not left.value.code
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        names = engine.rows("select cast(valid_from_date as varchar), item_name from ref_items order by 1")
    assert names == [("2026-01-01", "错名"), ("2026-04-01", "某药")]
