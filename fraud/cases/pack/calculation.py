"""How priority, exposure and place among peers come about, and how the queue was drawn: rows of two sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from features.vocabulary.text import LANGUAGES, Text
from fraud.cases.pack.summary_columns import SUBJECT_TYPES
from fraud.scoring.sentences import in_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.cases.case import Case, CasePack, FindingView, PeerView

PRIORITY_FORMULA = Text(
    "expected recovery × severity × recency × actionability − cost", "预期追回 × 严重程度 × 时效 × 可核查性 − 核查成本"
)


@dataclass(frozen=True)
class Step:
    """One row of a calculation.

    Parameters
    ----------
    part, item : Text
        What is calculated; what this row adds.
    value : int, float, str or None
        Money is in minor units.
    kind : str
        How to show the value.
    formula : Text
        How the value comes about.
    """

    part: Text
    item: Text
    value: int | float | str | None
    kind: Literal["money", "number", "integer", "text"]
    formula: Text


_PRIORITY = Text("Priority", "优先级")
_EXPOSURE = Text("Exposure", "涉疑金额")
_FUND = Text("Fund share", "涉疑基金金额")
_PEERS = Text("Against peers", "与同类比较")
_AMONG_PEERS = Text(
    "{value}; median {median}, 90th percentile {p90} of {n} comparable; adds {points} points. {why}",
    "{value}；{n}个同类的中位数{median}，第90百分位{p90}；计{points}分。{why}",
)
_NONE = Text("", "")
_BILLED_ON_LINES = Text("Billed amount of the lines at fault, each line once", "涉疑明细总金额，每条只计一次")
_BILLED_IN_RING = Text(
    "Billed inside the ring over the window; what the fund paid of it is not known",
    "观察期内团组内费用；其中基金支付未知",
)


def case_steps(case: Case) -> Iterator[Step]:
    """Yield the calculation of a case: the factors of its priority, its exposure finding by finding, its peers."""
    yield from _priority_steps(case)
    yield from _exposure_steps(case)
    yield from (_peer_step(view) for view in case.peers)


def _priority_steps(case: Case) -> Iterator[Step]:
    p = case.priority
    recovery = Text("Estimate of the scored month", "当月评分结果中的预期追回")
    yield Step(_PRIORITY, Text("Expected recovery", "预期追回"), p.expected_recovery_amount, "money", recovery)
    severity = Text("Gravest clue of the case, 0 to 1.2", "本案最严重线索类型的权重")
    yield Step(_PRIORITY, Text("× Severity", "× 严重程度"), p.severity, "number", severity)
    recency = Text("Halves with every half-life since the last evidence", "距最近证据每过一个半衰期减半")
    yield Step(_PRIORITY, Text("× Recency", "× 时效"), p.recency, "number", recency)
    act = Text("How well a review can act on what was found", "线索可核查、可落实的程度")
    yield Step(_PRIORITY, Text("× Actionability", "× 可核查性"), p.actionability, "number", act)
    cost = Text("Of the recommended step", "建议措施的核查成本")
    yield Step(_PRIORITY, Text("− Cost", "− 核查成本"), p.cost_amount, "money", cost)
    yield Step(_PRIORITY, Text("= Priority", "= 优先级"), p.total_amount, "money", PRIORITY_FORMULA)


def _exposure_steps(case: Case) -> Iterator[Step]:
    once = Text(
        "A line that several findings name counts once, with its largest amount; a ring's money counts only where it "
        "is more than that of the lines",
        "同一明细被多条线索命中只计一次，取最大值（不相加）；团伙金额仅在大于明细金额时采用",
    )
    total = Text("Sum of the findings, adjusted", "各线索合计，经调整")
    for part, values, of_case in (
        (_EXPOSURE, [f.exposure_amount for f in case.findings], case.exposure_amount),
        (_FUND, [f.fund_exposure_amount for f in case.findings], case.fund_exposure_amount),
    ):
        for finding, value in zip(case.findings, values, strict=True):
            name = f"{finding.code} {finding.finding_id}"
            yield Step(part, Text(name, name), value, "money", _origin(finding))
        summed = sum(values)
        yield Step(part, Text("Sum of the findings", "各线索合计"), summed, "money", Text("Σ", "Σ"))
        yield Step(part, Text("Adjustment: each line once", "调整：每条明细只计一次"), of_case - summed, "money", once)
        yield Step(part, Text("= Of the case", "= 全案金额"), of_case, "money", total)
    gross = _BILLED_IN_RING if case.is_ring_money else _BILLED_ON_LINES
    yield Step(Text("Billed", "涉疑总金额"), Text("Of the case", "全案"), case.exposure_gross_amount, "money", gross)
    if case.n_lines_left_out:
        left = Text("Beyond the pack's limit; counted in the amounts", "超出导出上限，未列出；金额已计入")
        item = Text("Evidence lines not listed", "未列出的证据明细")
        yield Step(Text("Evidence", "证据"), item, case.n_lines_left_out, "integer", left)


def _peer_step(view: PeerView) -> Step:
    """Say where the subject stands among its peers, and why such a value is looked at."""
    said = {}
    for lang in LANGUAGES:
        numbers = {name: in_unit(getattr(view, name), view.unit, lang) for name in ("value", "median", "p90")}
        why = view.why.of(lang) if view.why else ""
        said[lang] = _AMONG_PEERS.of(lang).format(**numbers, n=view.n, points=f"{view.contribution:.2f}", why=why)
    return Step(_PEERS, view.label, view.value, "number", Text(said["en"], said["zh"]))


def _origin(finding: FindingView) -> Text:
    n, version = f"{finding.n_lines:,}", finding.version or "-"
    return Text(f"{n} lines; version {version}; {finding.basis}", f"明细 {n} 条；版本 {version}；{finding.basis}")


_SAMPLING = {
    "seed": Text("Seed", "随机种子"),
    "generator": Text("Generator", "随机数生成器"),
    "frame_size": Text("Subjects in the frame", "抽样框对象数"),
    "frame_sha256": Text("SHA-256 of the frame", "抽样框摘要（SHA-256）"),
    "n_drawn": Text("Drawn", "抽取数"),
    "probability": Text("Chance of being drawn", "抽中概率"),
}
_ADVICE = (
    (
        Text("When only part of the lines can be reviewed", "仅能核查部分明细时"),
        Text(
            "Fix the frame (all evidence lines of the case), stratum and size first; draw with a recorded seed; "
            "keep lines without fault in the sample; never change it after review",
            "先确定总体（本案全部证据明细）、分层与样本量，记录种子后抽取；无问题明细须保留在样本中；核查后不得更换样本",
        ),
    ),
    (
        Text("Point estimate", "点估计"),
        Text("N × mean amount at fault per line", "N × 样本每条违规金额均值"),
    ),
    (
        Text("Lower limit, one-sided 90 %", "单侧 90% 置信下限"),
        Text(
            "N × mean − t(0.90, n−1) × N × s ÷ √n × √(1 − n ÷ N)", "N × 均值 − t(0.90, n−1) × N × s ÷ √n × √(1 − n ÷ N)"
        ),
    ),
    (
        Text("Lower limit, two-sided 90 %", "双侧 90% 置信下限"),
        Text(
            "N × mean − t(0.95, n−1) × N × s ÷ √n × √(1 − n ÷ N)", "N × 均值 − t(0.95, n−1) × N × s ÷ √n × √(1 − n ÷ N)"
        ),
    ),
)


def _stratum(key: str) -> tuple[Text, str]:
    """Split a name such as `provider_seed` into the words of its stratum and `seed`."""
    entity, _, name = key.partition("_")
    if entity not in SUBJECT_TYPES:
        return Text("Random audit", "随机抽查"), key
    words = SUBJECT_TYPES[entity]
    return Text(f"Random audit: {words.en.lower()}", f"随机抽查：{words.zh}"), name


def sampling_steps(pack: CasePack) -> Iterator[Step]:
    """Yield how the queue was drawn, what it was drawn from, and how to sample lines within a case."""
    queue, run = Text("Queue", "案件队列"), Text("Run", "评分批次")
    audited = sum(case.selection_reason == "random_audit" for case in pack.cases)
    yield Step(queue, Text("Month", "筛查月份"), pack.month, "text", _NONE)
    yield Step(queue, Text("Providers scored", "评分机构数"), pack.n_providers, "integer", _NONE)
    yield Step(queue, Text("Insured persons scored", "评分参保人数"), pack.n_patients, "integer", _NONE)
    ranked = Text("Highest priority within the quotas", "在类型、地区限额内按优先级入选")
    yield Step(queue, Text("Cases by priority", "按优先级入选"), len(pack.cases) - audited, "integer", ranked)
    drawn = Text(
        "Drawn from all subjects outside the ranked cases, providers and persons each by themselves",
        "从未入选对象中随机抽取，机构与参保人分层",
    )
    yield Step(queue, Text("Cases drawn at random", "随机抽查案件"), audited, "integer", drawn)
    for key, drawn_by in pack.sampling.items():
        audit, name = _stratum(key)
        label = _SAMPLING.get(name, Text(name, name))
        if isinstance(drawn_by, float):
            yield Step(audit, label, drawn_by, "number", _NONE)
        else:  # as text: a seed has more digits than the number of a cell holds
            yield Step(audit, label, str(drawn_by), "text", _NONE)
    for name, value in pack.run.items():
        yield Step(run, Text(name, name), value, "text", _NONE)
    unknown = Text("The month lacks what they need: nothing is said either way", "缺少所需数据：不作任何结论")
    for rule in pack.not_checked:
        yield Step(Text("Not checked", "未核查规则"), Text(rule, rule), None, "text", unknown)
    for item, advice in _ADVICE:
        yield Step(Text("Sampling within a case", "案内抽样"), item, None, "text", advice)
