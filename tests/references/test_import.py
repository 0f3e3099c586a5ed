"""Editions come into the store beside what it knows, and lose nothing of it."""

import csv
import json
import re
import zipfile

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.cli.main import main
from fraud.references.edition import edition_of
from fraud.references.import_files import import_files
from fraud.references.merge import merged
from tests.references.books import book
from tests.support.claims import make_store

SEX = [[1, "某药", "限女性", "", 1]], [[1, "某药", 1, "XA01"]]
WORDS = ("references", "import", "--kind", "knowledge_points", "--edition", "第一批", "--valid-from", "2026-01-01")


def run(workspace, *words):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace), *map(str, words)])
    return left.value.code or 0


@pytest.fixture
def published(tmp_path):
    """Two files of one edition, about one drug."""
    sex, child = tmp_path / "sex.xlsx", tmp_path / "child.xlsx"
    sex.write_bytes(book("药品区分性别使用", *SEX))
    child.write_bytes(book("药品限儿童使用", [[1, "某药", "限儿童", "", 1], [2, "无码药", "", "", 1]], SEX[1]))
    return sex, child


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def items_of(workspace):
    columns = "item_code, valid_from_date, gender_limit, max_age_years, standard_minutes, editions"
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace / "store").attach(engine)
        items = engine.rows(
            f"select {columns} from ref_items join codes_item using (item_key) order by 1, 2 nulls first"
        )
        editions = engine.rows(
            "select edition, topic, n_points, n_points_used, n_points_refused from ref_editions order by 2"
        )
    return [tuple(map(str, row)) for row in items], editions


def test_an_edition_keeps_what_is_known_of_its_items(tmp_path, published, capsys):
    make_store(tmp_path, {"ref_items": [{"item_code": "XA01", "standard_minutes": 5}]})
    # One file after the other, and again: each word stands beside the others.
    for file in (*published, published[0]):
        assert run(tmp_path, *WORDS, file) == 0
    items, editions = items_of(tmp_path)
    assert items == [
        ("XA01", "None", "None", "None", "5.0", "None"),
        ("XA01", "2026-01-01", "female", "17", "5.0", "第一批"),
    ]
    assert editions == [("第一批", "药品区分性别使用", 1, 1, 0), ("第一批", "药品限儿童使用", 2, 1, 1)]
    shown = capsys.readouterr().out
    assert "refused: child.xlsx / 规则对应知识点明细, row 6: it names no item codes" in shown
    last = json.loads((tmp_path / "audit.jsonl").read_text().splitlines()[-1])
    assert "references import" in json.dumps(last)


def test_a_source_is_written_to_look_at(tmp_path, published, capsys):
    assert run(tmp_path / "w", *WORDS, "--out", tmp_path / "made", "--json", *published) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == {"ref_items": 1, "ref_item_pairs": 0, "ref_editions": 2}
    (row,) = rows_of(tmp_path / "made" / "ref_items.csv")
    assert (row["item_code"], row["gender_limit"], row["max_age_years"]) == ("XA01", "female", "17")
    assert "无码药" not in (tmp_path / "made" / "refused.csv").read_text(encoding="utf-8")
    assert run(tmp_path / "w", *WORDS, "--out", tmp_path / "made", *published) == 2
    assert "there already" in capsys.readouterr().err


def test_nothing_is_written_of_an_edition_that_cannot_be_dated(tmp_path, published, capsys):
    words = [word for word in WORDS if word not in {"--valid-from", "2026-01-01"}]
    assert run(tmp_path / "w", *words, "--out", tmp_path / "made", *published) == 2
    assert "no first day, and the file tells none" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_pairs_have_days_of_their_own(tmp_path):
    text = "Column 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n11111\t22222\t\t20250101\t20260401\t1\tx\n"
    (tmp_path / "ccipra-v320r0-f1.txt").write_text(text)
    (tmp_path / "made").mkdir()
    made = import_files([tmp_path / "ccipra-v320r0-f1.txt"], tmp_path / "made", kind="ncci_ptp")
    assert made.edition.name == "NCCI PTP 2026Q1"
    (row,) = rows_of(tmp_path / "made" / "ref_item_pairs.csv")
    assert list(row.values()) == ["11111", "22222", "same_day", "true", "2025-01-01", "2026-04-01", "NCCI PTP 2026Q1"]


# What is known of an item, what an edition of 2026-01-01 says, and the versions that it makes: day -> (sex, minutes).
VERSIONS = {
    "nothing known": ([], {"2026-01-01": ("female", "")}),
    "known for ever": ([{"standard_minutes": "5"}], {"2026-01-01": ("female", "5")}),
    "known before and over": (
        [{"valid_from_date": "2020-01-01", "valid_to_date": "2020-12-31", "standard_minutes": "5"}],
        {"2026-01-01": ("female", "")},
    ),
    "known on the day": (
        [{"valid_from_date": "2026-01-01", "standard_minutes": "5"}],
        {"2026-01-01": ("female", "5")},
    ),
    "known later": (
        [{"standard_minutes": "5"}, {"valid_from_date": "2026-07-01", "standard_minutes": "6"}],
        {"2026-01-01": ("female", "5"), "2026-07-01": ("female", "6")},
    ),
    "a later version says otherwise": (
        [{"valid_from_date": "2026-07-01", "gender_limit": "male"}],
        {"2026-01-01": ("female", "")},
    ),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_a_new_version_holds_what_the_one_before_said(case):
    known, expected = VERSIONS[case]
    rows = merged("X", [{"item_code": "X", **row} for row in known], {"gender_limit": "female"}, "2026-01-01", "E")
    assert {row["valid_from_date"]: (row["gender_limit"], row.get("standard_minutes", "")) for row in rows} == expected
    assert all(row["editions"] == "E" for row in rows)


@pytest.mark.parametrize("file", ["20260523第十二批“药品限适应症”规则.xlsx", "知识点2026-05-23.xlsx"])
def test_a_file_name_may_tell_the_day(file):
    assert str(edition_of("knowledge_points", [file], "第十二批", None, None).valid_from) == "2026-05-23"


HEADS = "序号,药品通用名,药品代码,检出逻辑,制表人"
COUNTS = "refused, {} that no rule covers, 0 never in force"
# What a file holds, and what is said of it; nothing is written, and the exit code is 2.
UNUSABLE = {
    "a class without a name": (
        f"{HEADS}\n1,某药,XA01,限女性,张\n",
        f"file 'points.csv': none of 1 rows can be used: 0 {COUNTS.format(1)}; headings not known: '制表人'. Hint",
    ),
    "no row that can be read": (
        f"“药品区分性别使用”规则\n{HEADS}\n1,某药,XA01,,张\n",
        f"none of 1 rows can be used: 1 {COUNTS.format(0)}; for instance points.csv, row 3: which sex it is limited to",
    ),
    "no header": (
        "姓名,证件号码\n王小明,110101199001011234\n",
        "file 'points.csv': no row of kind knowledge_points. Hint: give the table with its header: 序号 or 规则名称",
    ),
    "nothing": ("", "file 'points.csv': no row of kind knowledge_points. Hint"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_file_of_which_nothing_can_be_used_is_refused_with_the_reason(tmp_path, capsys, case):
    text, said = UNUSABLE[case]
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    assert run(tmp_path / "w", *WORDS, tmp_path / "points.csv") == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "w" / "store").exists()


# Kind -> a file of which no row can be used, and what its own hint asks for.
UNUSED = {
    "ncci_mue": (
        "HCPCS/CPT Code,MUE Values,MUE Adjudication Indicator,MUE Rationale\n11111,0,2 Date of Service,x\n",
        r"0 refused, 1 that no rule covers.*a number of units above 0, and the adjudication indicator",
    ),
    "ncci_ptp": (
        "Column 1,Column 2,*,Effective,Deletion,Modifier,PTP Edit Rationale\n11111,22222,,2025,*,1,x\n",
        r"1 refused, 0 that no rule covers.*two procedure codes of five characters",
    ),
}


@pytest.mark.parametrize("kind", UNUSED)
def test_an_edition_of_which_nothing_can_be_used_has_the_hint_of_its_kind(tmp_path, capsys, kind):
    text, said = UNUSED[kind]
    (tmp_path / "edits.csv").write_text(text, encoding="utf-8")
    words = ("references", "import", "--kind", kind, "--edition", "2026Q1", "--valid-from", "2026-01-01")
    assert run(tmp_path / "w", *words, tmp_path / "edits.csv") == 2
    told = capsys.readouterr().err
    assert re.search(said, told)
    assert "规则名称" not in told


@pytest.mark.parametrize(("file", "said"), [("nope.xlsx", "there is no such file"), (".", "a folder and no file")])
def test_a_file_that_is_not_there_is_named_as_it_was_given(tmp_path, capsys, file, said):
    # Without an edition: what is missing first is the file.
    assert run(tmp_path / "w", "references", "import", "--kind", "knowledge_points", tmp_path / file) == 2
    assert f"file '{tmp_path / file}': {said}. Hint: check the path" in capsys.readouterr().err


def test_used_and_refused_rows_are_counted_and_unknown_headings_named(tmp_path, capsys):
    text = f"“药品区分性别使用”规则\n{HEADS}\n1,某药,XA01,限女性,张\n2,别药,XA02,,张\n"
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    assert run(tmp_path / "w", *WORDS, "--out", tmp_path / "made", tmp_path / "points.csv") == 0
    told = capsys.readouterr()
    assert "from 1 file: 1 of 2 rows used" in told.err
    assert "headings not known, and not read: points.csv, row 2: 制表人" in told.out
    assert "refused: points.csv, row 4: which sex it is limited to cannot be told" in told.out


def test_no_cell_of_a_sheet_without_a_header_is_shown(tmp_path, capsys):
    text = f"“药品区分性别使用”规则\n{HEADS}\n1,某药,XA01,限女性,张\n"
    with zipfile.ZipFile(tmp_path / "points.zip", "w") as packed:
        packed.writestr("points.csv", text)
        packed.writestr("persons.csv", "姓名,证件号码\n王小明,110101199001011234\n")
    told = []
    for out, way in (("text", ()), ("json", ("--json",))):
        assert run(tmp_path / "w", *WORDS, *way, "--out", tmp_path / out, tmp_path / "points.zip") == 0
        told.append(capsys.readouterr())
    assert all("王小明" not in each.out + each.err and "证件号码" not in each.out + each.err for each in told)
    (place,) = re.findall(r"without a header, and not read: (.*persons\.csv)", told[0].out)
    assert json.loads(told[1].out)["unknown_headings"][place] == []


def test_the_error_about_a_file_names_its_own_headings_alone(tmp_path, capsys):
    (tmp_path / "points.csv").write_text(f"“药品区分性别使用”规则\n{HEADS}\n1,某药,XA01,限女性,张\n", encoding="utf-8")
    bare = "“药品区分性别使用”规则\n序号,药品通用名,药品代码,检出逻辑,核对\n"
    (tmp_path / "bare.csv").write_text(bare, encoding="utf-8")
    assert run(tmp_path / "w", *WORDS, tmp_path / "points.csv", tmp_path / "bare.csv") == 2
    assert "file 'bare.csv': no row of kind knowledge_points; its headings are not known: '核对'. Hint" in (
        capsys.readouterr().err
    )


def test_a_refusal_is_told_in_chinese(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FRAUD_LANG", "zh")
    (tmp_path / "points.csv").write_text(UNUSABLE["no row that can be read"][0], encoding="utf-8")
    assert run(tmp_path / "w", *WORDS, tmp_path / "points.csv") == 2
    said = capsys.readouterr().err
    assert "1 行未采用，0 行无对应规则，0 行从未生效" in said
    assert "例如 points.csv，第 3 行：看不出限何种性别；不识别的表头：'制表人'。提示：" in said
