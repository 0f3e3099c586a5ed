"""Files that come back damaged or hostile: refused in one line, within seconds, or read row by row with every fault."""

from __future__ import annotations

import io
import os
import re
import time
import zipfile
from datetime import datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING

import openpyxl
import pytest

from features.errors import InputError
from fraud.cases.life import workbook_parts
from fraud.cases.life.returned import read_returned
from tests.support.workbooks import SHEET, edited, filled, with_part

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "subject_type,subject_id,decision,decided_date,note\n"
GOOD = "provider,H0,confirmed_fraud,2026-04-10,"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


def _declared(part: bytes) -> bytes:
    return re.sub(rb"<\?xml[^>]*\?>", DOCTYPE, part, count=1)


def _rows_added(part: bytes, rows: bytes) -> bytes:
    return part.replace(b"</sheetData>", rows + b"</sheetData>")


def _of_part(name, change):
    return lambda book: with_part(book, name, change)


def _half(part: bytes) -> bytes:
    return part[: len(part) // 2]


def _two_summaries(book) -> None:
    book.worksheets[1].title = "案件汇总"


BOOKS = {
    "empty": (lambda book: b"", "File is not a zip file"),
    "cut": (lambda book: book[: len(book) // 2], "File is not a zip file"),
    "protected": (lambda book: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "protected by a password"),
    "another archive": (lambda book: with_part(_zip("word/document.xml"), "", lambda part: part), "without its part"),
    "other sheets": (lambda book: edited(book, lambda b: setattr(b.worksheets[0], "title", "Other")), "no sheet 'Case"),
    "two summaries": (lambda book: edited(book, _two_summaries), "more than one sheet"),
    "merged cells": (
        lambda book: edited(book, lambda b: b.worksheets[0].merge_cells("AE2:AE3")),
        "merged cells AE2:AE3",
    ),
    "sheet cut": (_of_part(SHEET, _half), "sheet1.xml: (no element|unclosed|not well)"),
    "sheet cut at the end": (_of_part(SHEET, lambda part: part[:-30]), "sheet1.xml: "),
    "sheet gone": (_of_part(SHEET, lambda part: None), "without its part xl/worksheets/sheet1.xml"),
    "links lead out": (
        _of_part(
            "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"worksheets/sheet1.xml", b"../../etc/passwd")
        ),
        "without its part etc/passwd",
    ),
    "other sheet cut": (_of_part("xl/worksheets/sheet2.xml", _half), "sheet2.xml: "),
    "styles cut": (_of_part("xl/styles.xml", _half), "styles.xml: "),
    "workbook cut": (_of_part("xl/workbook.xml", _half), "workbook.xml: "),
    "types": (_of_part("[Content_Types].xml", lambda part: b"<x"), "Content_Types"),
    "document type": (_of_part(SHEET, _declared), "sheet1.xml: a document type"),
    "document type in styles": (_of_part("xl/styles.xml", _declared), "styles.xml: a document type"),
    "document type in properties": (_of_part("docProps/core.xml", _declared), "core.xml: a document type"),
    "unknown encoding": (_of_part(SHEET, lambda part: part.replace(b"UTF-8", b"EBCDIC-XX")), "sheet1.xml: "),
    "text beyond the shared ones": (
        _of_part(SHEET, lambda part: re.sub(rb't="inlineStr"><is>.*?</is>', b't="s"><v>999999</v>', part, count=1)),
        "list index out of range",
    ),
    "many rows": (_of_part(SHEET, lambda part: _rows_added(part, b"<row/>" * 5_001)), "more than 5,000 rows"),
    "a row far beyond": (
        _of_part(SHEET, lambda part: _rows_added(part, b'<row r="999999999999"/>')),
        "row 999999999999 after row",
    ),
    "rows backwards": (_of_part(SHEET, lambda part: _rows_added(part, b'<row r="2"/>')), "row 2 after row 4"),
    "a column far beyond": (
        _of_part(SHEET, lambda part: _rows_added(part, b'<row r="9"><c r="XFD9"/></row>')),
        "beyond column 200",
    ),
    "no place": (_of_part(SHEET, lambda part: _rows_added(part, b'<row r="9"><c r="A0A"/></row>')), "no place"),
    "deep": (_of_part(SHEET, lambda part: _rows_added(part, b"<a>" * 99 + b"</a>" * 99)), "nested deeper"),
    "many styles": (
        _of_part("xl/styles.xml", lambda part: part.replace(b"</cellXfs>", b"<xf/>" * 100_001 + b"</cellXfs>")),
        "styles.xml: more elements",
    ),
}


def _zip(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "<x/>")
    return content.getvalue()


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_that_cannot_be_used_is_refused(book: bytes, tmp_path: Path, name: str) -> None:
    change, why = BOOKS[name]
    (tmp_path / "a.xlsx").write_bytes(change(book))
    with pytest.raises(InputError, match=why) as refused:
        read_returned(tmp_path / "a.xlsx")
    assert str(refused.value).startswith("workbook 'a.xlsx': ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/worksheets/sheet9.xml"])
def test_a_workbook_that_unpacks_to_more_than_is_read_is_refused_at_once(book, tmp_path, monkeypatch, part) -> None:
    monkeypatch.setattr(workbook_parts, "_MAX_UNPACKED", 90_000_000)
    size = 70_000_000 if part != "xl/worksheets/sheet9.xml" else 90_000_000
    with zipfile.ZipFile(io.BytesIO(filled(book))) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w", 8) as new:
        for name in sorted({*old.namelist(), part}):
            # The archive says how large each part is: nothing has to be unpacked to see it.
            new.writestr(name, b" " * size if name == part else old.read(name), compresslevel=1)
    start = time.monotonic()
    with pytest.raises(InputError, match="unpack"):
        read_returned(tmp_path / "a.xlsx")
    assert time.monotonic() - start < 2


def test_an_archive_that_lies_about_a_size_is_refused(book: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        size = archive.getinfo(SHEET).file_size
    lie = book.replace(size.to_bytes(4, "little"), (size - 50).to_bytes(4, "little"))
    (tmp_path / "a.xlsx").write_bytes(lie)
    with pytest.raises(InputError, match=r"a\.xlsx"):
        read_returned(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"decision": '="Confirmed: fraud"'}, "decision: a formula without a value"),
        ({"decided_date": "=TODAY()"}, "decided_date: a formula without a value"),
        ({"subject_id": "=A1"}, "subject_id: a formula without a value"),
        ({"decision": "#REF!"}, "decision: an error of the sheet"),
        ({"confirmed_amount": "#DIV/0!"}, "confirmed_amount: an error of the sheet"),
        ({"decided_date": timedelta(days=3)}, "decided_date: a time of day or a span"),
        ({"decided_date": timedelta(days=46122)}, "decided_date: a time of day or a span"),
        ({"decided_date": clock(10, 0)}, "decided_date: a time of day or a span"),
        ({"decided_date": 59}, "decided_date: a number, not a date"),
        ({"decided_date": True}, "decided_date: true or false"),
        ({"decision": False}, "decision: true or false"),
        ({"subject_id": 110101199003078888}, "subject_id: a number of more than 15 digits"),
        ({"subject_id": datetime(2026, 4, 1)}, "subject_id: a date"),  # noqa: DTZ001 - as a cell holds it
    ],
)
def test_a_cell_that_cannot_be_meant_is_told_and_never_taken_for_no_decision(book, tmp_path, cells, fault) -> None:
    said = {"decision": "Confirmed: fraud", "decided_date": "2026-07-01"} | cells
    (tmp_path / "a.xlsx").write_bytes(filled(book, **said))
    row = read_returned(tmp_path / "a.xlsx").rows[0]
    assert [told for told in row.faults if told.startswith(fault)] == list(row.faults)
    assert not row.is_open


def test_what_does_no_harm_is_read(book: bytes, tmp_path: Path) -> None:
    def change(found) -> None:
        found.move_sheet(found.worksheets[0], offset=3)
        found.create_chartsheet("Chart")
        sheet = found["Case summary"]
        sheet.column_dimensions["E"].hidden = sheet.row_dimensions[2].hidden = True
        sheet["BB2"] = "=1+1"  # a column of their own, without heading
        sheet["AJ2"] = openpyxl.cell.rich_text.CellRichText("seen ", "today")

    content = edited(filled(book, decision="Confirmed: fraud", decided_date=datetime(2026, 7, 1)), change)  # noqa: DTZ001
    content = with_part(content, "xl/vbaProject.bin", lambda part: part)
    (tmp_path / "a.xlsx").write_bytes(content)
    found = read_returned(tmp_path / "a.xlsx")
    assert [row.is_open for row in found.rows] == [False, True, True]
    assert (found.rows[0].cells["decided_date"], found.rows[0].faults) == ("2026-07-01", ())


def test_a_calculated_formula_is_its_value(book: bytes, tmp_path: Path) -> None:
    content = filled(book, decision="Confirmed: fraud", decided_date="2026-07-01", confirmed_amount="=1+1")
    valued = with_part(content, SHEET, lambda part: re.sub(rb"<f>1\+1</f><v ?/?>(</v>)?", b"<f>1+1</f><v>2</v>", part))
    (tmp_path / "a.xlsx").write_bytes(valued)
    row = read_returned(tmp_path / "a.xlsx").rows[0]
    assert (row.cells["confirmed_amount"], row.faults) == ("2", ())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", "[" * 100_000, "nested deeper than 64 levels"),
        ("a.json", '{"a":' * 50_000, "nested deeper than 64 levels"),
        ("a.json", '[{"subject_id": ' + "9" * 5_000 + "}]", "a number of 5,000 digits"),
        ("a.json", '[{"confirmed_amount": NaN}]', "NaN is not a number"),
        ("a.json", '[{}, {"note": "\\ud800"}]', "entry 2 'note': half a character"),
        ("a.json", '{"dispositions": [{"case_id": "\\ud800"}]}', "'dispositions' entry 1 'case_id': half"),
        ("a.json", '[{"\\udfff": 1}]', "half a character"),
        ("a.json", '[{"decision": "unfounded", "decision": "confirmed_fraud"}]', "key 'decision' twice"),
        ("a.json", '[{"": 1, "decision": "x"}]', "a column without a name"),
        ("a.json", "null", "no list of dispositions"),
        ("a.json", '{"dispositions": {"a": 1}}', "no list of dispositions"),
        ("a.json", "[1, 2]", "no list of dispositions"),
        ("a.json", "[" + "{}," * 20_000 + "{}]", "more than 20,000 rows"),
        ("a.json", "[{" + ",".join(f'"c{n}": 1' for n in range(300)) + "}]", "more than 200 columns"),
        ("a.json", "[]x", "Extra data"),
        ("a.json", "[]".encode("utf-16"), "utf-8"),
        ("a.csv", HEAD + GOOD + "\0\n", "line 2: a NUL byte"),
        ("a.csv", HEAD.encode("utf-16"), "a NUL byte"),
        ("a.csv", HEAD.encode() + b"provider,\xff\xff\xff", "neither UTF-8 nor GB 18030"),
        ("a.csv", HEAD + GOOD + '"open\n', "line 2: unexpected end of data"),
        ("a.csv", HEAD + 'provider,"H0"x,a,b\n', "line 2: "),
        ("a.csv", HEAD + GOOD + "x" * 200_000 + "\n", "line 2: field larger"),
        ("a.csv", "x" * 17_000_000, "larger than"),
        ("a.csv", HEAD + (GOOD + "\n") * 20_001, "more than 20,000 rows"),
        ("a.csv", ",".join(f"c{n}" for n in range(300)), "more than 200 columns"),
        ("a.csv", "decision,处理结论\n", "one twice"),
        ("a.xlsm", "", "ending in '.xlsm'"),
        ("a.xls", "", "ending in '.xls'"),
        ("a\x1b[31m.pdf", "", r"a\\x1b\[31m.pdf"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, name, content, why) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=why) as refused:
        read_returned(tmp_path / name)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('["H0"]', "a list or object"),
        ('{"a": 1}', "a list or object"),
        ("true", "true or false"),
        ("1e999", "not a finite number"),
        ("123456789012345678", "a number of more than 15 digits"),
    ],
)
def test_a_value_of_another_type_is_a_fault_of_its_row(tmp_path: Path, cell: str, fault: str) -> None:
    (tmp_path / "a.json").write_text(f'[{{"decision": "unfounded", "subject_id": {cell}}}, {{"decision": "x"}}]')
    first, second = read_returned(tmp_path / "a.json").rows
    assert [told[: len(fault) + 12] for told in first.faults] == [f"subject_id: {fault}"]
    assert second.faults == ()


def test_a_quote_that_swallows_rows_is_a_fault_and_a_line_end_in_a_note_is_none(tmp_path: Path) -> None:
    swallowed = f'{GOOD}"see file\n' + f"{GOOD}x\n" * 3 + f'{GOOD}last"\n'
    (tmp_path / "a.csv").write_text(HEAD + swallowed + f'{GOOD}"two\rlines"\n', newline="")
    first, second = read_returned(tmp_path / "a.csv").rows
    assert first.faults == ("note: holds further rows of the file; a quote stands open",)
    assert (second.faults, second.cells["note"]) == ((), "two\rlines")


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for name, why in {
        "pipe.csv": "not a regular file",
        "folder.xlsx": "not a regular file",
        "loop.json": "Too many levels",
        "gone.csv": "No such file",
        "n" * 300 + ".csv": "File name too long",
    }.items():
        with pytest.raises(InputError, match=why):
            read_returned(tmp_path / name)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    with pytest.raises(InputError, match="No such file") as refused:
        read_returned(type(tmp_path)(odd))
    assert str(refused.value).isascii()
