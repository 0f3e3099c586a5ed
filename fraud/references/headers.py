"""Columns of published tables by what they mean, under the many headings that they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fraud.references.records import Record

# Titles, an empty row, remarks: the published sheets have their header in row 4.
_LOOK_AHEAD = 20
_ROLES: tuple[tuple[str, str], ...] = (
    ("seq", r"(对应)?(知识点)?序号"),
    ("count", r".*对应.*数量.*|.*代码数量"),
    ("rule", r"规则名称|规则|rule"),
    ("name_b", r".*B名称|.*名称B"),
    ("code_b", r".*B(代码|编码)|.*(代码|编码)B"),
    ("prior", r"(一线|前置)药品(代码|编码)"),
    ("diagnosis", r"(诊断|疾病)(代码|编码)"),
    (
        "code",
        r"(药品|项目|医疗服务项目|中药饮片|中成药|医用耗材|耗材|手术项目|医保)?A?(代码|编码)(（.*）|\(.*\))?|.*[A项](代码|编码)|.*目录编码",
    ),
    (
        "name",
        r"药品通用名|通用名|.*(项目|饮片|耗材|产品|药品|中成药|手术)A?(的)?(名称|的名称/产品名称|名称/产品名称)|项目A名称",
    ),
    ("logic", r"检出逻辑|限定条件|知识点(内容)?"),
    ("basis", r"(逻辑|政策|文件)?依据.*"),
    ("gender", r"限定?性别"),
    ("period", r"时间区间"),
    ("daily", r"单日上限(数量|次数)?"),
    ("remark", r"备注|说明"),
)
_PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES)
_OBJECTS = (
    ("tcm_piece", "饮片"),
    ("consumable", "耗材"),
    ("tcm", "中成药"),
    ("service", "项目|手术"),
    ("drug", "药品|通用名"),
)


def role_of(heading: str) -> str | None:
    """Return what a column means by its heading, or None.

    Examples
    --------
    >>> role_of("药品通用名"), role_of("知识点对应药品代码数量"), role_of("项目B代码"), role_of("制表人")
    ('name', 'count', 'code_b', None)
    """
    plain = re.sub(r"\s+", "", heading)
    return next((role for role, pattern in _PATTERNS if plain and pattern.fullmatch(plain)), None)


def roles_of(cells: Sequence[str]) -> dict[str, int]:
    """Return the columns of a row of headings: role -> place of the first that has it."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        role = role_of(cell)
        if role is not None:
            found.setdefault(role, place)
    return found


def is_header(roles: Iterable[str]) -> bool:
    """Whether a row with these roles heads a table of knowledge points or of their codes."""
    there = set(roles)
    return "name" in there and bool(there & {"seq", "rule"}) and bool(there & {"code", "logic", "basis", "count"})


def find_header(records: Iterable[Record]) -> tuple[list[str], Record | None, dict[str, int]]:
    """Look for the header among the first rows.

    Returns
    -------
    tuple
        Texts above it, the header's row, and its roles; no row where there is none. The records behind it are left.
    """
    above: list[str] = []
    for record in records:
        roles = roles_of(record.cells)
        if is_header(roles):
            return above, record, roles
        above += [cell for cell in record.cells if cell]
        if record.number >= _LOOK_AHEAD:
            break
    return above, None, {}


def object_type(headings: Sequence[str], roles: dict[str, int]) -> str:
    """Return what the items of a table are: drug, pair, service, tcm, tcm_piece or consumable."""
    if "code_b" in roles or "name_b" in roles:
        return "pair"
    said = headings[roles["name"]]
    return next((kind for kind, words in _OBJECTS if re.search(words, said)), "other")
