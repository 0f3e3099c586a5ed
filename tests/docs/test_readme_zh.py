"""The Chinese README says what the English one says: section by section the same commands, names, links and figures."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NUMBER = re.compile(r"(?<![a-zA-Z0-9.])(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?<=\d)")


def sections(name):
    """Text of each section, the part before the first heading first."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("[English](README.md) · 中文\n", "")
    text = text.replace("English · [中文](README.zh.md)\n", "")
    return re.split(r"^## .*$", text, flags=re.MULTILINE)


def told(text):
    """Return what must be equal in both languages, by kind."""
    blocks = re.findall(r"```.*?```", text, flags=re.DOTALL)
    commands = [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        "commands": commands,
        "names": sorted(re.findall(r"`[^`\n]+`", prose)),
        "links": sorted(re.findall(r"\]\(([^)]+)\)", prose)),
        "figures": sorted(_NUMBER.findall(re.sub(r"`[^`\n]+`|\]\([^)]+\)", "", prose))),
        "rows": [line.count("|") for line in prose.splitlines() if line.startswith("|")],
    }


PAIRS = list(zip(sections("README.md"), sections("README.zh.md"), strict=True))


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_a_section_tells_the_same(number):
    english, chinese = PAIRS[number]
    assert told(chinese) == told(english)


def test_the_chinese_one_is_chinese():
    for _, chinese in PAIRS[:-1]:
        assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 40


def test_each_leads_to_the_other():
    assert "](README.zh.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](README.md)" in (ROOT / "README.zh.md").read_text(encoding="utf-8")
