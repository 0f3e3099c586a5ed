"""Words of the trail of a box, for workbook and page, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.cases.box_trails import BoxStep

EVENTS: Mapping[str, Text] = {
    "inbound": Text("Taken in", "入库"),
    "sale": Text("Sold", "售出"),
    "return": Text("Taken back", "退货入库"),
    "inventory": Text("Counted on the shelf", "盘点在架"),
    "transfer": Text("Sent on", "调拨出库"),
}
# What the ledger says of a sale.
EXPLANATIONS: Mapping[str, Text] = {
    "sold": Text("sold", "售出"),
    "resold": Text("sold again, unexplained", "再次售出，无记录可解释"),
    "refunded": Text("bill taken back: no sale", "已退费或冲销，不计销售"),
    "same_bill": Text("scanned twice in one bill", "同一结算单重复扫码"),
    "other_encoding": Text("same box in another encoding", "同一盒药的另一种编码"),
    "failed_scan": Text("failed scan, repeated", "扫码失败后重扫"),
    "returned": Text("sold, came back later", "售出后退回"),
    "split_pack": Text("part of the opened box", "拆零销售"),
    "outer_pack": Text("code of an outer pack", "中包装或大包装码"),
    "moved": Text("handed on between the sellers", "机构间调拨流转"),
    "two_boxes": Text("second box with this code: printed twice", "重复赋码的另一盒药"),
}
ACCOUNTS: Mapping[str, Text] = {
    "upstream": Text("supplier", "上游供货"),
    "stock": Text("stock of {provider}", "{provider}库存"),
    "outside": Text("buyer", "购药人"),
    "transit": Text("in transit", "在途"),
    "unknown": Text("unknown source", "来源不明"),
}
# Heading and width of a column, in order; `step_cells` gives its cells.
BOX_COLUMNS = (
    (Text("Time", "时间"), 17),
    (Text("Event", "事件"), 18),
    (Text("Provider", "机构编号"), 16),
    (Text("Name", "机构名称"), 22),
    (Text("Person", "参保人"), 16),
    (Text("Settlement", "结算编号"), 20),
    (Text("From", "来自"), 22),
    (Text("To", "去向"), 22),
    (Text("What the books say", "台账说明"), 30),
    (Text("Days since the sale before", "距上次售出天数"), 12),
)


def step_cells(step: BoxStep, lang: str) -> list[str]:
    """Return the cells of a step."""
    return [
        step.time,
        _of(EVENTS, step.event, lang),
        step.provider_id,
        step.provider_name,
        step.person,
        step.settlement_id,
        _account(step.came_from, step, lang),
        _account(step.went_to, step, lang),
        _of(EXPLANATIONS, step.explanation, lang),
        "" if step.gap_days is None else str(step.gap_days),
    ]


def _of(words: Mapping[str, Text], value: str, lang: str) -> str:
    return words[value].of(lang) if value in words else value


def _account(account: str, step: BoxStep, lang: str) -> str:
    # Not by format: a provider's id is outside text.
    return _of(ACCOUNTS, account, lang).replace("{provider}", step.provider_id)
