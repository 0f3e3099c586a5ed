"""Words of the detection page, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, Text] = {
    "title": Text("What was found of what was planted", "已植入骗保行为的检出情况"),
    "what_it_is": Text(
        "An invented city with planted schemes was scored like any other. Because its truth is known, this page can "
        "say what the review budget finds, what it misses, and which innocents it troubles. It holds no "
        "subject's id.",
        "对植入骗保行为的虚拟城市按常规流程评分。由于真实情况已知，本页说明核查预算内检出了什么、漏掉了什么、"
        "打扰了哪些无辜者。本页不含任何对象编号。",
    ),
    "budget": Text("Budget", "核查预算"),
    "of_providers": Text("of providers and of practitioners", "的机构和医务人员"),
    "patients_reviewed": Text("patients", "名参保人"),
    "window": Text("Claims months", "费用月份"),
    "scored": Text("Scored months", "已评分月份"),
    "model": Text("Model", "模型"),
    "cities": Text("Cities pooled", "合并城市数"),
    "city": Text("City", "城市"),
    "provider": Text("Providers", "机构"),
    "patient": Text("Patients", "参保人"),
    "practitioner": Text("Practitioners", "医务人员"),
    "small": Text("small", "小"),
    "medium": Text("medium", "中"),
    "large": Text("large", "大"),
    "unsized": Text("no size", "未定规模"),
    "all": Text("all sizes", "合计"),
    "none": Text("Nothing of this kind was planted.", "未植入此类行为。"),
    "lists": Text("The whole list", "总体"),
    "lists_note": Text(
        "Precision: share of those reviewed that are guilty of anything. Money: exposure of guilty lines in the "
        "window, each line once; found where its provider (or patient, or practitioner) is reviewed.",
        "精确率：被核查对象中确有任一违规行为者的占比。金额：时间窗内违规明细的涉案金额，每条只计一次；"
        "其机构（或参保人、医务人员）被核查即计为检出。",
    ),
    "places": Text("The review list beside the rank", "核查名单与风险排名对照"),
    "places_note": Text(
        "A ring is one place of the list, with its core members in it. A place is right where its lead is guilty, or "
        "most of the members folded in are. Found, recall, schemes and money are of all subjects in the places.",
        "名单中每个团组只占一位，其核心成员并入该位。牵头者违规，或并入成员多数违规，即为该位判对。"
        "检出数、召回率、行为数和金额按各位所含全部对象计算。",
    ),
    "rank": Text("rank", "风险排名"),
    "list": Text("review list", "核查名单"),
    "schemes": Text("By scheme and size", "按行为与规模"),
    "schemes_note": Text(
        "Bars: recall with its 95 % interval (Wilson). The upright mark is the most that the budget could find.",
        "条形：召回率及其95%区间（Wilson）；竖线为预算内最多可检出的比例。",
    ),
    "money": Text("Money found of money planted", "检出金额占植入金额"),
    "flagged": Text("Flagged by name", "按行为点名"),
    "flagged_note": Text(
        "Subjects with a finding of this scheme in any scored month, whatever its source, and how many of them are "
        "guilty of it.",
        "任一已评分月份中带有该行为疑点（不论来源）的对象，以及其中确有该行为者。",
    ),
    "delays": Text("First month detected", "首次检出月份"),
    "delays_note": Text(
        "Months from the scheme's first month to the first scored month in which the subject is inside that month's "
        "budget. Months that are not scored cannot detect anything.",
        "自行为开始月份至对象首次进入当月核查预算的月数；未评分的月份不可能检出。",
    ),
    "never": Text("never", "未检出"),
    "median_of": Text("median", "中位数"),
    "twins": Text("Innocent look-alikes", "形似而无辜者"),
    "twins_note": Text(
        "Bars: share inside the budget, with its 95 % interval. A finding of any kind is in the table: lesser findings "
        "ask for a look, definite ones meet every condition of a rule.",
        "条形：进入核查预算的占比及其95%区间。表中另列任何疑点：一般疑点仅提示核查，明确疑点指规则条件已全部满足，仍须人工核查。",
    ),
    "rings": Text("Rings", "团组"),
    "rings_note": Text(
        "A planted ring is found when some reported ring shares half of its providers or more (Jaccard). F1 compares "
        "members of every kind with the reported ring that resembles it most. Each dot is a planted ring, at its "
        "overlap of providers. Filled: found; the dashed line is the limit.",
        "若某一报告团组与植入团组的机构重合度（Jaccard）不低于一半，即为检出。"
        "F1 按全部成员与最相似的报告团组比较。每点为一个植入团组，纵轴为机构重合度；实心：已检出，虚线为检出界限。",
    ),
    "n_found_by_members": Text("found by members of every kind", "按全部成员检出数"),
    "ring_precision": Text("precision of rings", "团组查准率"),
    "ring_recall": Text("recall of rings", "团组查全率"),
    "risk": Text("risk score", "风险评分"),
    "anomaly": Text("anomaly score", "异常评分"),
    "excess": Text("excess amount", "超额费用"),
    "amount": Text("amount alone", "仅按费用"),
    "ring_x": Text("members of the planted ring", "植入团组成员数"),
    "lines": Text("Claim lines", "费用明细"),
    "lines_note": Text(
        "Lines that rules report in the scored months against the guilty lines settled in them. Error: reported less "
        "planted; distance: summed line by line, so that too much here does not hide too little there.",
        "规则在已评分月份中报告的明细与同期结算的违规明细逐条比较。误差：报告减植入；偏差：逐条绝对差之和，多报与漏报不相抵。",
    ),
    "power": Text("How little is still found", "检出下限"),
    "power_note": Text(
        "Each dot is a guilty provider, at the share that the scheme has of its in-scope money in the window. Filled: "
        "inside the budget.",
        "每点为一家违规机构，横轴为该行为占其时间窗内政策范围金额的比例。实心：进入核查预算。",
    ),
    "power_x": Text("share of the provider's in-scope money", "占机构政策范围金额的比例"),
    "rankings": Text("Rankings compared", "各排序比较"),
    "rankings_note": Text(
        "All guilty subjects against everyone else, by each ranking; 95 % bootstrap intervals.",
        "以全部违规对象对其余对象，按各排序计算；括号内为95%自助法区间。",
    ),
    "entity": Text("subject", "对象"),
    "scheme_code": Text("scheme", "行为"),
    "size": Text("size", "规模"),
    "n_subjects": Text("ranked", "参与排序"),
    "n_budget": Text("reviewed", "核查数"),
    "n_guilty": Text("guilty", "违规数"),
    "n_absent": Text("not ranked", "未参与排序"),
    "n_possible": Text("possible", "最多可检出"),
    "n_found": Text("found", "检出数"),
    "first": Text("first", "前若干位"),
    "order": Text("order", "顺序"),
    "n_places": Text("places", "位数"),
    "n_in_places": Text("subjects in them", "所含对象"),
    "n_right": Text("right", "判对位数"),
    "n_schemes": Text("schemes", "行为数"),
    "n_schemes_reached": Text("schemes reached", "触及行为数"),
    "recall": Text("recall", "召回率"),
    "recall_of_possible": Text("of possible", "占可检出"),
    "precision": Text("precision", "精确率"),
    "base_rate": Text("base rate", "基准率"),
    "median_rank": Text("median rank", "排名中位数"),
    "best_rank": Text("best rank", "最佳排名"),
    "planted_amount": Text("planted", "植入金额"),
    "found_amount": Text("found", "检出金额"),
    "found_amount_share": Text("share", "占比"),
    "n_flagged": Text("flagged", "点名数"),
    "n_flagged_guilty": Text("of them guilty", "其中违规"),
    "flagged_recall": Text("recall", "召回率"),
    "flagged_precision": Text("precision", "精确率"),
    "n_flagged_inside": Text("flagged and reviewed", "点名且核查"),
    "flagged_inside_precision": Text("precision", "精确率"),
    "n_detected": Text("detected", "检出"),
    "n_never": Text("never", "未检出"),
    "median_delay_months": Text("median delay, months", "延迟中位数（月）"),
    "twin_of": Text("resembles", "形似"),
    "subject_type": Text("subject", "对象"),
    "n_twins": Text("innocents", "无辜数"),
    "n_ranked": Text("ranked", "参与排序"),
    "n_inside": Text("inside the budget", "进入预算"),
    "false_alarm_rate": Text("false alarms", "误报率"),
    "definite_share": Text("definite finding", "明确疑点"),
    "other_share": Text("lesser finding", "一般疑点"),
    "same_scheme_share": Text("of that scheme", "同名疑点"),
    "n_in_reported_rings": Text("in reported rings", "在报告团组中"),
    "ring_id": Text("ring", "团组"),
    "n_members": Text("members", "成员"),
    "n_providers": Text("providers", "机构"),
    "provider_overlap": Text("overlap of providers", "机构重合度"),
    "member_overlap": Text("of members", "成员重合度"),
    "is_found": Text("found", "检出"),
    "member_precision": Text("member precision", "成员精确率"),
    "member_recall": Text("member recall", "成员召回率"),
    "member_f1": Text("F1", "F1"),
    "rule": Text("rule", "规则"),
    "n_reported": Text("reported", "报告数"),
    "n_planted": Text("planted", "植入数"),
    "n_both": Text("both", "重合"),
    "any_precision": Text("guilty of anything", "确有任一违规"),
    "reported_amount": Text("money reported", "报告金额"),
    "signed_error_amount": Text("error", "误差"),
    "absolute_error_amount": Text("distance", "偏差"),
    "smallest_size_found": Text("smallest size found", "检出的最小规模"),
    "largest_size_missed": Text("largest size missed", "漏检的最大规模"),
    "lowest_found_amount_share": Text("lowest share found", "检出的最低占比"),
    "highest_missed_amount_share": Text("highest share missed", "漏检的最高占比"),
    "lowest_found_lines_share": Text("lowest share of lines found", "检出的最低明细占比"),
    "ranking": Text("ranking", "排序"),
    "average_precision": Text("average precision", "平均精确率"),
    "auroc": Text("AUROC", "AUROC"),
    "precision_at_budget": Text("precision at budget", "预算内精确率"),
    "lift_at_budget": Text("lift", "提升度"),
    "yes": Text("yes", "是"),
    "no": Text("no", "否"),
    "all rules": Text("all rules", "全部规则"),
    "n_reported_matched": Text("reported rings that match", "与植入相符的报告团组"),
    "n_reported_unmatched": Text("without a planted one", "无对应植入"),
    "ring_f1": Text("F1 of rings", "团组 F1"),
    "smallest_found_members": Text("smallest found (members)", "检出的最小团组（成员）"),
    "largest_missed_members": Text("largest missed (members)", "漏检的最大团组（成员）"),
    "n_twins_reported": Text("twin rings reported", "被报告的无辜团组"),
}
