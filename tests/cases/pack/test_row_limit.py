"""What a sheet or a cell cannot hold goes to a further sheet, or is cut and says so; what is counted was written."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from features.vocabulary.text import Text
from fraud.cases.life.returned import read_returned
from fraud.cases.pack.manifest import write_pack_manifest
from fraud.cases.pack.page import render_page
from fraud.cases.pack.sheets import writer
from fraud.cases.pack.workbook import write_workbook
from tests.support.packs import make_case, make_line, make_pack

if TYPE_CHECKING:
    from pathlib import Path


def _lines(n: int) -> pd.DataFrame:
    return pd.DataFrame([make_line(settlement_id=f"S{number}", exposure_amount=1) for number in range(n)])


@pytest.mark.parametrize(("lang", "name"), [("en", "Evidence lines"), ("zh", "证据明细")])
def test_rows_beyond_a_sheet_go_to_further_sheets_of_the_same_heading(tmp_path, monkeypatch, lang, name) -> None:
    monkeypatch.setattr(writer, "MOST_ROWS", 40)  # one heading and 39 rows
    pack = make_pack(make_case(lines=_lines(100), n_lines=130, n_lines_left_out=30), lang=lang)
    told = write_workbook(pack, tmp_path / "a.xlsx")
    write_pack_manifest(pack, tmp_path, told)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    parts = [name, f"{name} 2", f"{name} 3"]
    assert book.sheetnames[1:4] == parts
    rows = [list(book[part].iter_rows(values_only=True)) for part in parts]
    assert [len(part) - 1 for part in rows] == [39, 39, 22]
    assert rows[0][0] == rows[1][0] == rows[2][0]
    at = [column.value for column in book[name][1]].index("Settlement" if lang == "en" else "结算编号")
    assert [row[at] for part in rows for row in part[1:]] == [f"S{number}" for number in range(100)]
    assert all(book[part].freeze_panes and book[part].auto_filter.ref for part in parts)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["sheets"]["rows_evidence"] == told["rows_evidence"] == 100
    assert told["listed_exposure_amount"] == 100
    # What is returned is read from the first sheet, whatever the others hold.
    assert [row.is_open for row in read_returned(tmp_path / "a.xlsx").rows] == [True]


def test_the_page_counts_what_the_workbook_lists_and_what_is_listed_nowhere() -> None:
    page = render_page(make_pack(make_case(lines=_lines(100), n_lines=130, n_lines_left_out=30)), max_lines=40)
    assert "60 more lines are in the workbook." in page
    assert "30 lines are beyond the limit of the pack" in page


def test_the_edge_of_a_real_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
    sheet = writer.SheetWriter(book, Text("Evidence lines", "证据明细"), "en")
    sheet.head([(Text("Case", "案件编号"), 10), (Text("Amount", "金额"), 10)], n_frozen=1)
    sheet.row = 1_048_573
    for number in range(4):
        sheet.write([("text", f"row{number}"), ("money", 12_345)])
    assert sheet.filter(2) == 1_048_577
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        first, second = (archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    # The third row from the end is the last that the first sheet has place for but two.
    assert re.findall(r'r="(A\d+)"[^>]*><is><t>(.*?)<', first)[1:] == [("A1048575", "row0"), ("A1048576", "row1")]
    assert re.findall(r'r="(A\d+)"[^>]*><is><t>(.*?)<', second) == [("A1", "Case"), ("A2", "row2"), ("A3", "row3")]


@pytest.mark.slow
def test_a_sheet_is_filled_to_its_last_row_and_goes_on_with_the_next(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
    sheet = writer.SheetWriter(book, Text("Evidence lines", "证据明细"), "zh")
    sheet.head([(Text("Line", "明细序号"), 10)], n_frozen=1)
    for number in range(1_048_600):
        sheet.write([("integer", number)])
    assert sheet.filter(1) == 1_048_600
    book.close()
    found = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    values = [[row[0] for row in part.iter_rows(min_row=2, values_only=True)] for part in found.worksheets]
    assert [len(part) for part in values] == [1_048_575, 25]
    assert [number for part in values for number in part] == list(range(1_048_600))


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "[cut: 40,000 characters in all]"), ("zh", "［已截断，原文共40,000字符］")]
)
@pytest.mark.parametrize("character", ["x", "费", "𠮷"])
def test_a_text_that_is_too_long_for_a_cell_says_that_it_was_cut(tmp_path, lang, told, character) -> None:
    case = make_case(lines=pd.DataFrame([make_line(item_name=character * 40_000)]))
    write_workbook(make_pack(case, lang=lang), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[1]
    at = [column.value for column in sheet[1]].index("Item name" if lang == "en" else "项目名称")
    text = sheet[2][at].value
    assert text.startswith(character * 16_000)
    assert text.endswith(told)
    assert 32_760 < len(text.encode("utf-16-le")) // 2 <= 32_767
