"""Hostile names and ids through ingest, score and export: terminal, workbook, page and graph stay harmless."""

from __future__ import annotations

import functools
import re
import xml.dom.minidom
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from tests.hard.sources import MONTH, tables, write_tables
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hard.bench import Bench
    from tests.hard.sources import Tables

WORDS = {
    "formula": ["=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-2+3", '=HYPERLINK("x","y")'],
    "markup": ["<script>alert(1)</script>", "</script><b>", "]]><x>", "<img src=x onerror=alert(1)>", "<!--<script>"],
    "sql": ["' or 1=1 --", "x'); drop table persons; --", '"', "a;b", "%_*?"],
    "direction": ["\u202egpj.exe", "\u2028x\u2029", "\ufeffx", "e\u0301", "\U0001f600"],
    "console markup": ["[/b]", "[red]x[/red]", "[link=x]y[/link]", "\\[x]", "{x}"],
    "long": ["x" * 9_000, "y" * 8_999, "z" * 10, "w", "v"],
    "line ends": ["a\tb", "\t=1+1", "a\rb", "a\r\nb", "a\nb"],
    "escapes": ["\x1b]0;pwn\x07\x1b[31mred", "\x9b31m", "\x1b[2J", "\x08\x08", "\x7f"],
    "controls": ["a\x0bb", "a\x01b", "a\uffffb", "a\x1fb", "a\x85b"],
    "paths": ["../../../../tmp/never", "/etc/passwd", "..", ".", "a/b"],
}


def text_attacks() -> list[Trial]:
    """Return one trial for each group of words."""
    return [Trial("attacks", f"texts: {name}", functools.partial(_tried, words)) for name, words in WORDS.items()]


def _tried(words: list[str], bench: Bench) -> None:
    folder = bench.folder()
    source, workspace = write_tables(folder / "source", _with_words(words)), folder / "workspace"
    fraud = functools.partial(bench.fraud, workspace)
    fraud("check", source).must(0, 2)
    if fraud("ingest", source).must(0, 2).code:
        return
    fraud("store").must(0)
    for command in (["rules", "run"], ["rings", "find"], ["score"]):
        fraud(*command, "--month", MONTH).must(0)
    for lang in ("en", "zh"):
        fraud("cases", "export", "--month", MONTH, "--lang", lang).must(0)
        pack = workspace / "cases" / f"{MONTH}-{lang}"
        fraud("cases", "verify", pack).must(0)
        _check_pack(pack, words)


def _with_words(words: list[str]) -> Tables:
    given = tables()
    for row in given["providers"][1:]:
        number = int(row[0][1:])
        row[0], row[3] = words[number], words[number]
    for row in given["persons"][1:]:
        row[0] = words[int(row[0][1:]) % 5] + row[0]
    # Care after a death is a finding.
    given["persons"][3][3] = "2026-03-02"
    for row in given["settlements"][1:]:
        number = int(row[0][1:])
        row[0] = words[number % 5] + row[0]
        row[5] = words[number % 12 % 5] + row[5]
        row[6] = words[number % 5]
    for row in given["claim_lines"][1:]:
        number = int(row[0][1:])
        row[0] = words[number % 5] + row[0]
        row[3], row[4] = words[number % 5] + row[3], words[number % 5]
    return given


def _check_pack(pack: Path, words: list[str]) -> None:
    book = openpyxl.load_workbook(pack / "cases.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                is_ours = cell.data_type != "f" or not any(word in str(cell.value) for word in words if len(word) > 3)
                check(is_ours, f"a formula in {sheet.title}!{cell.coordinate}")
    with zipfile.ZipFile(pack / "cases.xlsx") as archive:
        odd = [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]
    check(not odd, f"the workbook holds {odd}")
    page = (pack / "cases.html").read_text("utf-8")
    raw = [word for word in words if re.match(r"<(script|img)|</script", word) and word in page]
    check(not raw, f"raw in the page: {raw}")
    check(page.count("<script") == page.count("</script"), "scripts are opened and not closed")
    for graph in pack.glob("*.graphml"):
        xml.dom.minidom.parse(str(graph))
