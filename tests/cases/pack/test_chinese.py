"""A pack in Chinese is Chinese: no English words but codes, identifiers and what came with the claims."""

import html
import re
import shutil

import openpyxl
import pytest

from features.vocabulary.text import LANGUAGES
from fraud.cases import export_cases
from fraud.cases.basis import basis_in
from fraud.cases.line_columns import word_in
from fraud.rules.catalogue import library_rules
from fraud.rules.search.editions import _joined, _told
from fraud.scoring.detectors.peer_findings import _BASIS
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

# A word; codes hold an underscore, digits, a dot or a dash, or stand for a name: they are no words.
_WORD = re.compile(r"(?<![A-Za-z0-9_.:/\\-])[A-Za-z][a-z]{2,}(?![A-Za-z0-9_.:/\\-])")
# The program's name with its command, and a generator's.
_NAMES = {"fraud", "feedback", "import", "numpy"}
# Columns of what came with the claims.
_NOT_OURS = {"机构名称", "名称", "项目名称", "地区", "项目编码", "所在区划"}


@pytest.fixture(scope="module")
def pack(scored_city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zh")
    shutil.copytree(scored_city[0].root, folder / "workspace", symlinks=True)
    workspace = Workspace(folder / "workspace")
    settings = Settings(cases=CaseSettings(top=12))
    return export_cases(workspace, "2026-03", settings=settings, lang="zh", out=folder / "pack")


def english(text):
    return [word for word in _WORD.findall(text) if word not in _NAMES]


def test_the_workbook_has_no_english_words(pack):
    found = set()
    for sheet in openpyxl.load_workbook(pack / "cases.xlsx"):
        head, *rows = sheet.iter_rows(values_only=True)
        for row in [head, *rows]:
            for label, cell in zip(head, row, strict=True):
                if isinstance(cell, str) and label not in _NOT_OURS:
                    found |= {(sheet.title, label, word) for word in english(cell)}
    assert found == set()


def test_the_page_has_no_english_words(pack):
    page = (pack / "cases.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|code).*?</\1>", "", page, flags=re.DOTALL)
    texts = [html.unescape(text) for text in re.split(r"<[^>]*>", page)]
    assert {word for text in texts for word in english(text)} == set()


def test_every_basis_is_told_in_chinese_alone():
    bases = {rule.basis for rule in library_rules()} | {_BASIS}
    assert {basis for basis in bases if english(basis_in(basis, "zh"))} == set()
    assert all(basis_in(basis, "en") == basis for basis in bases)


def test_the_editions_of_a_basis_are_told_in_chinese_alone():
    editions = [
        _told("第一批", "药品区分性别使用", 1_200, 1_100),
        _told("NCCI (2026Q1)", "互斥项目对 (PTP)", 30, 20),
        *[_told("第三批", "药品限适应症", 5, 5)] * 3,
    ]
    told = "《处方管理办法》第十八条 (Prescription Rules, Art. 18)" + _joined(editions)
    assert basis_in(told, "zh") == (
        "《处方管理办法》第十八条；依据版本：第一批（药品区分性别使用：公布1,200条，采用1,100条）；"
        "NCCI （2026Q1）（互斥项目对 （PTP）：公布30条，采用20条）；第三批（药品限适应症：公布5条，采用5条）；另2个版本"
    )
    assert basis_in(told, "en") == told
    assert "(published rows in use: 1,100 of 1,200)" in told


def test_cells_show_words_of_both_languages():
    assert [word_in("role", "violating", lang) for lang in LANGUAGES] == ["in question", "涉疑"]
    assert [word_in("gender", "female", lang) for lang in LANGUAGES] == ["female", "女"]
