"""What hands and other programs make of the pack's own workbook is read by cell, and refused by cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from fraud.cases.cell_text import EPOCH_1900, EPOCH_1904, text_of
from fraud.cases.life.feedback import import_feedback
from fraud.cases.life.returned import read_returned
from fraud.settings import Settings
from tests.support.workbooks import edited, filled, with_part

if TYPE_CHECKING:
    from pathlib import Path

SAID = {"decision": "Confirmed: fraud", "decided_date": "2026-07-01"}
TODAY = date(2026, 8, 1)
HEAD = "subject_type,subject_id,decision,decided_date,confirmed_amount,note\n"


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("decided_date", 46115, "2026-04-03"),
        ("decided_date", 46115.75, "2026-04-03"),
        ("decided_date", "46115", "2026-04-03"),
        ("decided_date", "2026年4月3日", "2026-04-03"),
        ("decided_date", "2026 年 4 月 3 日", "2026-04-03"),
        ("decided_date", "2026/4/3", "2026-04-03"),
        ("decided_date", "2026.04.03", "2026-04-03"),
        ("decided_date", "２０２６－０４－０３", "2026-04-03"),
        ("decided_date", "2026-04-03 00:00:00", "2026-04-03"),
        ("decided_date", datetime(2026, 4, 3), "2026-04-03"),  # noqa: DTZ001 - as a cell holds it
        ("confirmed_amount", "4,000.00", "4000.00"),
        ("confirmed_amount", "1,234,567.8", "1234567.8"),
        ("confirmed_amount", "¥4000", "4000"),
        ("confirmed_amount", "￥4,000.50元", "4000.50"),
        ("confirmed_amount", "4000元整", "4000"),
        ("confirmed_amount", "４，０００．５０", "4000.50"),
        ("confirmed_amount", "-¥4,000.00", "-4000.00"),
        ("decision", "查实:欺诈骗保 ", "confirmed_fraud"),
        ("decision", "查实： 欺诈骗保", "confirmed_fraud"),
        ("decision", "有合理解释,不予认定", "unfounded"),
        ("decision", "confirmed：FRAUD", "confirmed_fraud"),
        ("decision", "　证据不足　", "insufficient_evidence"),
        ("note", "４，０００：见笔录", "４，０００：见笔录"),
    ],
)
def test_what_has_one_meaning_is_read(column, cell, text) -> None:
    assert text_of(column, cell, EPOCH_1900) == text


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("decided_date", "1/2/2026"),
        ("decided_date", "3.4.26"),
        ("decided_date", "2026-04-03 14:30"),
        ("confirmed_amount", "4.000,00"),
        ("confirmed_amount", "4,00"),
        ("confirmed_amount", "40,00.00"),
        ("confirmed_amount", "0.4万元"),
        ("confirmed_amount", "4000或5000"),
        ("decision", "查实"),
    ],
)
def test_what_may_mean_two_things_stays_as_it_is_and_is_refused(tmp_path, column, cell) -> None:
    assert text_of(column, cell, EPOCH_1900) == cell


def test_a_serial_date_counts_from_where_its_workbook_says() -> None:
    assert text_of("decided_date", 44653, EPOCH_1904) == "2026-04-03"
    with pytest.raises(ValueError, match="a number, not a date"):
        text_of("decided_date", 46115)  # of a CSV, which does not say
    with pytest.raises(ValueError, match="a number, not a date"):
        text_of("decided_date", 59, EPOCH_1900)  # the calendar of 1900 has a day too many there


def _from_1904(book: bytes) -> bytes:
    def change(part: bytes) -> bytes:
        return re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', part)

    return with_part(book, "xl/workbook.xml", change)


def test_a_date_whose_format_was_lost_is_stored(workspace, book, tmp_path) -> None:
    found = _imported(workspace, tmp_path / "a.xlsx", filled(book, **SAID | {"decided_date": 46204}))
    assert found.n_stored == 1, found.reasons
    (tmp_path / "b.xlsx").write_bytes(_from_1904(filled(book, **SAID | {"decided_date": 46204 - 1462})))
    assert read_returned(tmp_path / "b.xlsx").rows[0].cells["decided_date"] == "2026-07-01"


def test_a_formula_without_a_value_is_refused_by_its_cell(workspace, book, tmp_path) -> None:
    found = _imported(workspace, tmp_path / "a.xlsx", filled(book, **SAID, confirmed_amount="=2000*2"))
    assert (found.n_stored, found.n_quarantined) == (0, 1)
    assert found.reasons[0][0] == "confirmed_amount: a formula without a value; write the value itself"


def test_a_remark_beside_the_table_is_named_and_the_other_rows_are_taken(workspace, book, tmp_path) -> None:
    content = filled(filled(book, 2, **SAID), 3, **SAID)
    content = edited(content, lambda found: found.worksheets[0].__setitem__("AN3", "see the interview"))
    content = edited(content, lambda found: found.worksheets[0].__setitem__("AN9", "all seen"))
    found = _imported(workspace, tmp_path / "a.xlsx", content)
    assert (found.n_stored, found.n_quarantined, found.n_open) == (1, 1, 1)
    assert found.reasons[0][0].startswith("AN3: beside the table; ")
    assert found.cells_outside == ("AN3", "AN9")


def _titled(book) -> None:
    sheet = book.worksheets[0]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "2026年3月核查结果"
    sheet.merge_cells("A1:F1")


def test_titles_above_the_table_are_named_and_its_rows_are_taken(workspace, book, tmp_path) -> None:
    found = _imported(workspace, tmp_path / "a.xlsx", edited(filled(book, **SAID), _titled))
    assert (found.n_stored, found.n_open, found.cells_outside) == (1, 2, ("A1",))


def test_a_csv_with_a_title_and_a_comma_without_quotes_loses_no_other_row(tmp_path: Path) -> None:
    rows = "provider,H1,confirmed_fraud,2026-04-03,4,000.00,\n" + 'provider,H2,unfounded,2026-04-03,"4,000.00",x\n'
    (tmp_path / "a.csv").write_text("核查结果,,,,,\n" + HEAD + rows, encoding="utf-8-sig")
    found = read_returned(tmp_path / "a.csv")
    first, second = found.rows
    assert first.faults[0].startswith("cell 7 of row 3: beside the table; ")
    assert (second.cells["confirmed_amount"], second.faults) == ("4000.00", ())
    assert found.cells_outside == ("cell 1 of row 1", "cell 7 of row 3")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"decided_date": "2062-04-03"}, "decided_date: after today"),
        ({"confirmed_amount": -4000}, "confirmed_amount: below 0"),
        ({"confirmed_amount": "9,000,000,000.00"}, "confirmed_amount: more than 100 times all that was billed"),
        ({"recovered_amount": 9e9}, "recovered_amount: more than 100 times all that was billed"),
        ({"confirmed_amount": "10", "recovered_amount": "¥11"}, "recovered_amount: more than confirmed_amount"),
        ({"confirmed_amount": "4.000,00"}, "confirmed_amount: not a number of at most 2 decimals"),
    ],
)
def test_what_cannot_be_is_refused_by_its_cell(workspace, book, tmp_path, cells, why) -> None:
    found = _imported(workspace, tmp_path / "a.xlsx", filled(book, **SAID | cells))
    assert (found.n_stored, found.n_quarantined) == (0, 1)
    assert found.reasons[0][0].startswith(why)


def _imported(workspace, file: Path, content: bytes):
    file.write_bytes(content)
    with workspace.writer():
        return import_feedback(workspace, file, settings=Settings(), today=TODAY)
