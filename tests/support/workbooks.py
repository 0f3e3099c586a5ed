"""Change workbooks as investigators do, cell by cell, and as nobody should, part by part."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl

from fraud.cases.summary_columns import column_named

if TYPE_CHECKING:
    from collections.abc import Callable

SHEET = "xl/worksheets/sheet1.xml"


def filled(book: bytes, row: int = 2, **cells: Any) -> bytes:
    """Fill in cells of a row of the case summary, named as in the contract."""
    return edited(book, lambda found: _fill(found.worksheets[0], row, cells))


def edited(book: bytes, change: Callable[[Any], object]) -> bytes:
    """Change a workbook through its library."""
    found, content = openpyxl.load_workbook(io.BytesIO(book)), io.BytesIO()
    change(found)
    found.save(content)
    return content.getvalue()


def with_parts(book: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Change the parts of a workbook by their names; None leaves one out."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return content.getvalue()


def with_part(book: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """Change one part of a workbook."""
    return with_parts(book, lambda found, part: change(part) if found == name else part)


def _fill(sheet: Any, row: int, cells: dict[str, Any]) -> None:
    places = {column_named(cell.value): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, places[name]).value = value
