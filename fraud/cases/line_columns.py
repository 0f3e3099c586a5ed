"""The columns of evidence lines, in the order of the sheet that reviewers know, and the scale of stored numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from features.vocabulary.money import MINOR_UNITS
from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

# Stored whole units in one unit as people read it, by kind of value.
SCALES: Mapping[str, int] = {"money": MINOR_UNITS, "price": 1_000_000, "quantity": 10_000}


@dataclass(frozen=True)
class LineColumn:
    """One column of the evidence lines.

    Parameters
    ----------
    name : str
        Column of `Case.lines`.
    label : Text
        Heading.
    kind : str
        `money` is in minor units, `price` in millionths, `quantity` in ten-thousandths.
    """

    name: str
    label: Text
    kind: Literal["text", "money", "price", "quantity", "integer", "time", "date"]


LINE_COLUMNS = (
    LineColumn("finding_id", Text("Finding", "线索编号"), "text"),
    LineColumn("code", Text("Rule", "规则"), "text"),
    LineColumn("role", Text("Role", "明细角色"), "text"),
    LineColumn("person", Text("Person", "参保人"), "text"),
    LineColumn("gender", Text("Sex", "性别"), "text"),
    LineColumn("age_years", Text("Age", "年龄"), "integer"),
    LineColumn("settle_time", Text("Settled", "结算时间"), "time"),
    LineColumn("provider_id", Text("Provider", "机构编码"), "text"),
    LineColumn("provider_name", Text("Provider name", "机构名称"), "text"),
    LineColumn("settlement_id", Text("Settlement", "结算编号"), "text"),
    LineColumn("line_number", Text("Line", "明细序号"), "integer"),
    LineColumn("fee_time", Text("Given", "费用发生时间"), "time"),
    LineColumn("item_code", Text("Item", "项目编码"), "text"),
    LineColumn("item_name", Text("Item name", "项目名称"), "text"),
    LineColumn("unit_price", Text("Unit price", "单价"), "price"),
    LineColumn("quantity", Text("Quantity", "数量"), "quantity"),
    LineColumn("amount", Text("Amount", "金额"), "money"),
    LineColumn("in_scope_amount", Text("In scope", "符合范围金额"), "money"),
    LineColumn("exposure_amount", Text("Exposure", "涉疑金额"), "money"),
    LineColumn("department_code", Text("Department", "科室"), "text"),
    LineColumn("practitioner_id", Text("Practitioner", "医师"), "text"),
    LineColumn("admit_time", Text("Admitted", "入院时间"), "time"),
    LineColumn("discharge_time", Text("Discharged", "出院时间"), "time"),
    LineColumn("diagnosis_code", Text("Diagnosis", "主要诊断"), "text"),
    LineColumn("row_hash", Text("Row hash", "原始行摘要"), "text"),
)
# Words of the contract that cells hold, by column.
_CLOSED: Mapping[str, Mapping[str, Text]] = {
    "role": {
        "violating": Text("in question", "涉疑"),
        "involved": Text("involved", "相关"),
        "context": Text("context", "背景"),
    },
    "gender": {
        "female": Text("female", "女"),
        "male": Text("male", "男"),
        "unknown": Text("unknown", "未知"),
    },
}


def word_in(column: str, value: Any, lang: str) -> Any:
    """Return what a cell of a column shows for a word of the contract; any other value stands as it is.

    Examples
    --------
    >>> word_in("gender", "male", "zh"), word_in("role", "violating", "en"), word_in("code", "male", "zh")
    ('男', 'in question', 'male')
    """
    words = _CLOSED.get(column, {})
    return words[value].of(lang) if isinstance(value, str) and value in words else value
