"""The sheet of points: what a year's findings suggest for practitioners, one row each scheme, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.pack.page_words import RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.cases.pack.sheets.writer import SheetWriter
    from fraud.cases.year_points import SuggestedPoints

_COLUMNS = (
    (Text("Practitioner", "医务人员"), 22),
    (Text("Scheme", "违规类型"), 34),
    (Text("Grade", "判定级别"), 14),
    (Text("Months", "涉及月份"), 18),
    (Text("Findings", "线索数"), 10),
    (Text("Exposure, findings summed", "涉疑金额（各线索相加）"), 16),
    (Text("Band", "情节"), 12),
    (Text("Points suggested, least", "建议记分下限"), 14),
    (Text("Points suggested, most", "建议记分上限"), 14),
    (
        Text("If all of the practitioner's are confirmed, least points", "该医务人员全部查实的后果（按下限合计）"),
        26,
    ),
    (Text("Points decided, by a person", "人工决定记分"), 16),
    (Text("Reason of the decision", "决定理由"), 34),
)
_BANDS = {
    "minor": Text("minor", "相对较轻"),
    "moderate": Text("moderate", "一般"),
    "serious": Text("serious", "较重"),
    "worst": Text("worst", "严重"),
}
_LEADS_TO = {
    "none": Text("none", "无"),
    "suspension": Text("payment suspended", "暂停医保支付资格"),
    "end": Text("payment ended", "终止医保支付资格"),
}
_ANSWERS = (10, 11)


def write_points(sheet: SheetWriter, points: Sequence[SuggestedPoints]) -> int:
    """Write what is suggested, with room for what a person decides; return the rows."""
    sheet.head(_COLUMNS, n_frozen=1)
    lang = sheet.lang
    for each in points:
        cells = [
            ("text", each.shown_id),
            ("long", f"{each.scheme_code} {scheme(each.scheme_code).name.of(lang)}".strip()),
            ("text", RESULTS[each.result_type].of(lang)),
            ("long", each.months.replace("|", "\n")),
            ("integer", each.n_findings),
            ("money", each.exposure_amount),
            ("text", _BANDS[each.band].of(lang)),
            ("integer", each.least_points),
            ("integer", each.most_points),
            ("text", _LEADS_TO[each.if_confirmed].of(lang)),
            ("integer", None),
            ("long", None),
        ]
        sheet.write(cells, answers=_ANSWERS)
    return sheet.filter(len(_COLUMNS))
