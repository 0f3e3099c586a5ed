"""Workbooks as sources: the texts of their cells, which sheet is meant, and what is refused of a hostile one."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from features.claims import check_source
from features.claims.reading import sheet_scan, unpack
from features.errors import InputError
from tests.support.claims import complete, write_source
from tests.support.reading import read_source

HEAD = ["id", "name", "amount"]
ROWS = [[f"S{n}", "项目", 90] for n in range(1, 7)]
TABLE = [HEAD, *ROWS]


def book(**sheets):
    """Write a workbook: rows by sheet; a name that begins with `hidden` is hidden."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as made:
        day, time = (made.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            if name.startswith("hidden"):
                sheet.hide()
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(at, column, cell, time)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, cell, day)
                    elif isinstance(cell, tuple):
                        sheet.write_formula(at, column, cell[0], None, cell[1])
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return into.getvalue()


def read(folder, content, name="l.xlsx", **form):
    (folder / name).write_bytes(content)
    return read_source(folder, files=[name], **form)


# Rows by sheet; what the mapping says; sheet rows: skipped, rows, set aside, blank.
READ = {
    "one sheet": ({"A": TABLE}, {}, (0, 6, 0, 0)),
    "empty sheets beside it": ({"A": [], "B": TABLE, "C": []}, {}, (0, 6, 0, 0)),
    "a hidden sheet beside it": ({"B": TABLE, "hidden codes": [["x", "y"]]}, {}, (0, 6, 0, 0)),
    "a sheet by name": ({"A": [["x", "y"]], "明细": TABLE}, {"sheet": "明细"}, (0, 6, 0, 0)),
    "a sheet by place": ({"A": [["x", "y"]], "明细": TABLE}, {"sheet": 2}, (0, 6, 0, 0)),
    "titles": ({"A": [["某市"], [], *TABLE]}, {"skip_rows": 2}, (2, 6, 0, 0)),
    "room above and on the left": ({"A": [[], [], *([None, None, *row] for row in TABLE)]}, {}, (0, 6, 0, 2)),
    "a column that nobody fills": ({"A": [[*row[:1], None, *row[1:]] for row in TABLE]}, {}, (0, 6, 0, 0)),
    "a footer": ({"A": [*TABLE, [], ["制表：张"], [" "]]}, {"skip_last": 1}, (2, 6, 0, 1)),
    "a total": ({"A": [*TABLE, ["合计", None, 540]]}, {}, (0, 6, 1, 0)),
    "blank rows": ({"A": [HEAD, [], *ROWS, [" "]]}, {}, (0, 6, 0, 2)),
    "an index": ({"A": [[n or None, *row] for n, row in enumerate(TABLE)]}, {"ignore_unnamed": True}, (0, 6, 0, 0)),
}


@pytest.mark.parametrize("case", READ)
def test_a_sheet_is_read_and_accounted_for(tmp_path, case):
    sheets, form, counted = READ[case]
    found = read(tmp_path, book(**sheets), **form)
    (count,) = found.counts
    assert (count.n_skipped_lines, count.n_rows, count.n_malformed, count.n_blank_lines) == counted
    assert found.amount == 540
    assert [row["id"] for row in found.rows] == [row[0] for row in ROWS]


@pytest.mark.parametrize("name", ["L.XLSX", "l", "l.dat"])
def test_a_workbook_is_known_by_its_content(tmp_path, name):
    assert read(tmp_path, book(A=TABLE), name).amount == 540


def test_a_workbook_in_a_zip_is_read(tmp_path):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("x/明细.xlsx", book(A=TABLE))
    assert read(tmp_path, into.getvalue(), "l.zip").amount == 540


# A cell; its text.
CELLS = {
    "text": ("医 院", "医 院"),
    "text of digits": ("00123", "00123"),
    "a whole number": (90, "90"),
    "an amount": (1300.55, "1300.55"),
    "a computed amount": (("=0.1+0.2", 0.30000000000000004), "0.3"),
    "a small number": (0.0001, "0.0001"),
    "minus": (-20.5, "-20.5"),
    "fifteen digits": (330_100_202_603_120, "330100202603120"),
    "sixteen digits": (3_301_002_026_031_200, None),
    "an identity card": (110_101_194_102_020_021, None),
    "a date": (dt.date(2026, 3, 1), "2026-03-01"),
    "a time": (dt.datetime(2026, 3, 1, 9, 5, 7), "2026-03-01 09:05:07"),  # noqa: DTZ001
    "midnight": (dt.datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001
    "true": (True, "true"),
    "a formula of a number": (("=40+50", 90), "90"),
    "a formula of a text": (('="a"&"b"', "ab"), "ab"),
    "an error": (("=NA()", "#N/A"), None),
    "a division by zero": (("=1/0", "#DIV/0!"), None),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_what_it_shows(tmp_path, case):
    cell, text = CELLS[case]
    (row,) = read(tmp_path, book(A=[["id", "x"], ["S1", cell]])).rows
    if text is None:
        assert row["x"].startswith("\0")
    else:
        assert row["x"] == text


def test_a_formula_that_nobody_calculated_is_no_value(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["id", "amount"])
    made.active.append(["S1", "=40+50"])
    made.active.append(["S2", 90])
    made.save(tmp_path / "l.xlsx")
    found = read_source(tmp_path, files=["l.xlsx"])
    assert [row["amount"] for row in found.rows] == ["\0a formula without a calculated value", "90"]


def test_a_row_with_such_a_cell_is_quarantined_with_its_reason(tmp_path):
    frames = complete({"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2"}]})
    source = write_source(tmp_path / "source", frames)
    lines = frames["claim_lines"]
    rows = [list(lines.columns), *lines.astype(object).values.tolist()]
    rows[1][rows[0].index("amount")] = ("=NA()", "#N/A")
    (source / "claim_lines.csv").unlink()
    (source / "extract.xlsx").write_bytes(book(Claim_Lines=rows, notes=[["anything"]]))
    report = check_source(source)
    (found,) = (each for each in report.tables if each.table == "claim_lines")
    assert (found.n_read, found.n_stored, found.n_quarantined) == (2, 1, 1)
    assert found.reasons[0][0] == "amount: not a text"


def test_a_workbook_beside_the_tables_is_nobody_s_business(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    (source / "报告.xlsx").write_bytes(b"locked")
    (source / "notes.xlsx").write_bytes(book(notes=[["anything"]]))
    assert {each.source for each in check_source(source).files} == {
        "settlements",
        "claim_lines",
        "persons",
        "providers",
    }


def test_a_workbook_alone_is_named_where_it_cannot_be_read(tmp_path):
    (tmp_path / "extract.xlsx").write_bytes(b"locked")
    with pytest.raises(InputError, match=r"'extract\.xlsx': not a readable workbook"):
        check_source(tmp_path)


def test_a_date_of_the_epoch_of_1904_is_its_day(tmp_path):
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(["id", "day"])
    made.active.append(["S1", dt.date(2026, 3, 1)])
    made.save(tmp_path / "l.xlsx")
    assert read_source(tmp_path, files=["l.xlsx"]).rows[0]["day"] == "2026-03-01"


def changed(content, part, change):
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == part else text)
    return into.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
REFUSED = {
    "two sheets": (book(A=TABLE, B=TABLE), {}, r"'l.xlsx': 2 sheets that may be meant: 'A', 'B'. Hint: name one"),
    "a sheet that is not there": (book(A=TABLE), {"sheet": "B"}, r"no sheet 'B', but 'A'"),
    "no such place": (book(A=TABLE), {"sheet": 0}, r"no sheet 0, but 'A'"),
    "only empty sheets": (book(A=[], B=[]), {}, "empty"),
    "a title": (book(A=[["某市"], [], *TABLE]), {}, r"'l.xlsx/A': a title and no header.*`skip_rows = 2`"),
    "a column without a name": (book(A=[[n or None, *row] for n, row in enumerate(TABLE)]), {}, "column 1 of 4"),
    "a column twice": (book(A=[["id", "id"], ["S1", "S2"]]), {}, "named twice: 'id'"),
    "a cell far away": (
        changed(book(A=TABLE), SHEET, lambda text: text.replace(b'r="C7"', b'r="XFD1048576"')),
        {},
        "cells over 1,048,576 rows and 16,384 columns",
    ),
    "a document type": (
        changed(book(A=TABLE), SHEET, lambda text: text.replace(b"<worksheet", b"<!DOCTYPE a><worksheet")),
        {},
        "a document type",
    ),
    "cut XML": (changed(book(A=TABLE), SHEET, lambda text: text[:-50]), {}, "'l.xlsx/A': not a readable"),
    "no sheet in it": (changed(book(A=TABLE), "xl/workbook.xml", lambda _: b"<workbook/>"), {}, "0 sheets"),
    "a binary workbook": (changed(book(A=TABLE), SHEET, bytes).replace(b"workbook.xml", b"workbook.bin"), {}, "xlsb"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_cannot_be_read_is_refused(tmp_path, case):
    content, form, said = REFUSED[case]
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)):
        read(tmp_path, content, **form)


def test_a_workbook_that_unpacks_far_beyond_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MAX_UNPACKED_FLOOR", 10_000)
    content = changed(
        book(A=TABLE), SHEET, lambda text: text.replace(b"</sheetData>", b" " * 9_000_000 + b"</sheetData>")
    )
    with pytest.raises(InputError, match=r"unpacks to more than \d+,\d+,\d+ bytes|unpacks to more than"):
        read(tmp_path, content)


def test_a_sheet_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_scan, "_MAX_CELLS", 20)
    with pytest.raises(InputError, match="cells over 7 rows and 3 columns"):
        read(tmp_path, book(A=TABLE))
