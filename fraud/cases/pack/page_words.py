"""Words of the case page, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.scoring.detectors import finding_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, Text] = {
    "title": Text("Review pack", "案件核查包"),
    "what_it_is": Text(
        "These are clues, not verdicts. Nothing here says that anybody committed fraud, and no claim is denied by it. "
        "Look at the evidence, ask for the records, and write down how the review ended.",
        "本页所列均为疑点线索，不是违规认定，也不作为拒付依据。请核对证据、调取资料，并填写核查结论。",
    ),
    "scored": Text("Scored", "参与评分"),
    "providers": Text("providers", "家机构"),
    "patients": Text("insured persons", "名参保人"),
    "cases": Text("cases", "个案件"),
    "masked": Text("Persons under pseudonyms", "参保人已去标识化"),
    "unmasked": Text("Persons' ids shown; the export is recorded", "显示参保人编号，导出已留痕"),
    "gaps": Text("What this month's findings do not say (which is not clean)", "本月线索未覆盖的内容（不代表无问题）"),
    "gap": Text("Gap", "情形"),
    "rule": Text("Rule", "规则"),
    "queue": Text("Queue", "核查队列"),
    "search": Text("Search", "检索"),
    "all_kinds": Text("All kinds", "全部类型"),
    "case": Text("Case", "案件编号"),
    "subject": Text("Subject", "对象"),
    "kind": Text("Kind", "类型"),
    "region": Text("Region", "地区"),
    "rank": Text("Rank", "风险排名"),
    "risk": Text("Risk score", "风险分"),
    "scheme": Text("May be", "可能涉及"),
    "exposure": Text("Exposure in scope", "涉疑金额（政策范围内）"),
    "gross": Text("Exposure gross", "涉疑总金额"),
    "fund": Text("Fund part", "其中基金支付"),
    "unknown": Text("not known", "未知"),
    "ring_money": Text(
        "Money of the ring: gross is what was billed here inside it over the window, exposure the part that chance "
        "does not explain. It is more than the lines named come to.",
        "金额按团组计：总金额为观察期内本对象在组内发生的费用，涉疑金额为其中无法用正常往来解释的部分，高于所列明细合计。",
    ),
    "recovery": Text("Expected recovery", "预期追回"),
    "recovery_beyond": Text(
        "Expected recovery is more than the exposure, which is of the month's lines that findings name: it is the "
        "chance that a review confirms, times the largest amount that a detector points at, here money of the whole "
        "window beyond what is expected of like subjects, or of a ring. It says where to look, and is nothing found.",
        "预期追回高于涉疑金额：涉疑金额只计当月线索所列明细；预期追回为核实概率乘以各方法所指最大金额，此处为整个"
        "观察期内实际支付超出同类预期的部分或团组金额，是核查方向的估计，并非已查实金额。",
    ),
    "below_cost": Text(
        "Priority is below zero: by this estimate the review costs more than it brings back. A case drawn at random "
        "stands here all the same, for what the ranking misses; so does one for which places were left.",
        "优先级为负：按估计，核查成本高于预期追回。随机抽查案件用于发现排名遗漏，仍予列入；名额有余时亦同。",
    ),
    "priority": Text("Priority", "优先级"),
    "chosen": Text("Chosen", "入选方式"),
    "formula": Text(
        "Priority = expected recovery × severity × recency × actionability − cost",
        "优先级 = 预期追回 × 严重程度 × 时效 × 可核查性 − 核查成本",
    ),
    "severity": Text("Severity", "严重程度"),
    "recency": Text("Recency", "时效"),
    "actionability": Text("Actionability", "可核查性"),
    "cost": Text("Cost of the review", "核查成本"),
    "next_step": Text("Next step", "建议措施"),
    "reasons": Text("Why this is worth a look", "入选理由"),
    "findings": Text("Findings", "疑点明细"),
    "source": Text("From", "来源"),
    "clue": Text("Rule or measure", "规则或指标"),
    "result": Text("Grade", "判定级别"),
    "reason": Text("Reason", "说明"),
    "basis": Text("Basis", "依据"),
    "lines": Text("Lines", "明细数"),
    "peers": Text("Against comparable subjects", "与同类比较"),
    "peers_note": Text(
        "Each tick is one comparable subject; the grey bar is the median, the dashed one the 90th percentile, "
        "the dot this subject. Below: why such a value is looked at, "
        "which is no finding about this subject.",
        "每条细线为一个同类对象；灰线为中位数，虚线为第90百分位，圆点为本对象。"
        "图下文字说明为何关注此类数值，并非对本对象的认定。",
    ),
    "percentile": Text("percentile", "百分位"),
    "median": Text("median", "中位数"),
    "p90": Text("90th percentile", "第90百分位"),
    "points": Text("on the score", "（评分）"),
    "ring": Text("Ring", "团组"),
    "of_its_ring": Text("of its ring", "个同团组成员"),
    "ring_note": Text(
        "Squares are providers (blue hospital, green clinic, brown pharmacy), dots patients, red this subject. "
        "Wider lines stand for more patients in common.",
        "方块为机构（蓝色医院、绿色诊所、棕色药店），圆点为参保人，红色为本对象；连线越粗，共同参保人越多。",
    ),
    "left_out_nodes": Text("patients are not drawn", "名参保人未画出"),
    "inside": Text("Inside the provider", "机构内部比较"),
    "inside_note": Text(
        "Departments and practitioners of this provider over the months looked at, each against the others of its "
        "kind here; those of most exposure first. What they treat differs: a large ratio is a question, no finding.",
        "观察期内本机构各科室、各医师，分别与本机构其他科室、医师比较，涉疑金额大者在前。诊疗内容各不相同，倍数高只是疑问，不是认定。",
    ),
    "boxes": Text("Where each box went", "药品追溯流向"),
    "boxes_note": Text(
        "Every scan of a trace code that findings speak of, by whoever scanned it. Red is a sale of a box that the "
        "books had as sold, and that nothing on record explains; boxes from before scanning come from nowhere and are "
        "not in question. Ask for the box, and for the delivery note.",
        "疑点所涉追溯码在各机构的全部扫码记录。红色为台账显示已售出、又再次售出且无记录可解释的一次；启用扫码前的存量药品无来源记录，"
        "不作为疑点。请核对药盒实物与随货同行单。",
    ),
    "more_boxes": Text("more trace codes are behind the findings", "个追溯码未列出"),
    "earlier_steps": Text("earlier scans are not shown", "次更早的扫码未列出"),
    "evidence": Text("Claim lines", "费用明细"),
    "more_lines": Text("more lines are in the workbook", "条明细见工作簿"),
    "lines_left_out": Text(
        "lines are beyond the limit of the pack and listed nowhere; their money is counted",
        "条明细超出核查包上限，未列出；金额已计入",
    ),
    "no_lines": Text("No lines in this window.", "本期无明细。"),
    "innocent": Text("What would explain it", "可能的合理解释"),
    "records": Text("Records to ask for", "需调取资料"),
    "decision": Text("How the review ended", "核查结论"),
    "choose": Text("choose…", "请选择…"),
    "decided_date": Text("Decided on", "结论日期"),
    "confirmed_amount": Text("Confirmed amount", "认定金额"),
    "note": Text("Note (why, where not upheld)", "备注（不予认定须说明理由）"),
    "supersedes": Text("Replaces decision", "替代的结论编号"),
    "download": Text("Download decisions (CSV)", "下载结论（CSV）"),
    "download_hint": Text(
        "Send the file back: fraud feedback import reads it.", "将文件交回，由 fraud feedback import 导入。"
    ),
    "back": Text("Back to the queue", "返回队列"),
    "provenance": Text("Where it comes from", "数据来源"),
    "decided": Text("decisions filled in", "条结论已填写"),
}
SOURCES: Mapping[str, Text] = {name: source.title for name, source in finding_sources().items()}
RESULTS: Mapping[str, Text] = {
    "definite": Text("definite", "明确违规线索"),
    "suspicious": Text("suspicious", "可疑"),
}
