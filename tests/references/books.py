"""Workbooks as they are published, written small: titles, a header in row 4, totals and remarks at the end."""

from __future__ import annotations

import io

import xlsxwriter

POINTS = ["序号", "药品通用名", "检出逻辑", "逻辑依据", "知识点对应药品代码数量"]
CODES = ["对应知识点序号", "药品通用名", "序号", "药品代码"]


def book(title, points, codes=(), *, heads=POINTS, far=False):
    """Return a workbook: sheet 1 the points, sheet 2 their codes; `far` gives a form to a cell in the last column."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as made:
        bold = made.add_format({"bold": True})
        sheet = made.add_worksheet("规则对应知识点明细")
        sheet.merge_range(1, 0, 1, len(heads) - 1, f"“{title}”规则对应知识点明细", bold)
        total = ["合计", None, None, None, str(len(points))]
        for at, row in enumerate([heads, *points, total, ["备注：数据来源于公开目录"]], start=3):
            _write(sheet, at, row)
        if codes:
            sheet = made.add_worksheet("知识点对应药品代码")
            sheet.write(1, 0, f"“{title}”知识点对应药品代码")
            for at, row in enumerate([CODES, *codes], start=3):
                _write(sheet, at, row)
            if far:
                sheet.write_blank(3, 16_383, None, bold)
    return into.getvalue()


def _write(sheet, at, row):
    for column, cell in enumerate(row):
        if isinstance(cell, tuple):
            sheet.write_formula(at, column, cell[0], None, cell[1])
        elif cell is not None:
            sheet.write(at, column, cell)


def plain_book(rows):
    """Return a workbook of one sheet with these rows."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            _write(sheet, at, row)
    return into.getvalue()
