"""What the findings of a scored month do not say: rules not checked, failed or checked in part, and what is set aside.

None of it is clean: every pack names it, rule by rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.vocabulary.money import money_text
from features.vocabulary.text import Text
from fraud.cases.sheet_words import SUBJECT_TYPES
from fraud.pseudonyms import NATURAL_PERSONS
from fraud.scoring.set_aside import hidden_then

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fraud.rules.set_aside import Hidden
    from fraud.runs.manifest import Manifest

# In the order in which packs list them.
KINDS: Mapping[str, Text] = {
    "set_aside": Text("Set aside", "暂不提示"),
    "failed": Text("Failed this month", "本月运行失败"),
    "not_checked": Text("Not checked", "未核查规则"),
    "exemption": Text("Exemptions not checked", "豁免条件未核查"),
    "items": Text("Limits not checked", "限定条件未核查"),
}
_LACKS = Text("The month lacks {missing}: nothing is said either way", "缺少{missing}：不作任何结论")
_IN_PART = Text(
    "The month lacks {missing}: whom it would exempt may be named, so nothing is called definite",
    "缺少{missing}：应豁免的情形可能被列出，因此不作“明确”判定",
)
_OTHER_NAMES = Text(
    "Every bill of items {items} names another item than the reference: whether a limit is broken cannot be told",
    "项目{items}的全部结算名称均与目录名称不符：无法判断是否违反限定",
)
_REFERENCE, _MORE, _MOST_ITEMS = Text("Reference of items", "项目目录"), Text(" and {n} more", "等{n}项"), 5
_FAILED = Text("It could not run ({why}): nothing is said either way", "运行失败（{why}）：不作任何结论")
_ASIDE = Text(
    "Findings not shown until {until}: {n}, worth {worth} ({of}), because: {reason}",
    "至{until}暂不提示的线索：{n}条，涉及{worth}（{of}），原因：{reason}",
)
_EVERYBODY = Text("everybody", "全部对象")
_ITEMS = Text("items {codes}", "项目{codes}")


@dataclass(frozen=True)
class RuleGap:
    """One thing that the findings of a month do not say.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    rule : str
        Code of the rule; `ref_items` where it is items that are not checked.
    name : Text
        Its name; the code where nobody knows it any more.
    says : Text
        What is missing, or what is set aside until when and why.
    n_findings : int or None
        Findings that are set aside; None elsewhere, where nobody knows.
    """

    kind: str
    rule: str
    name: Text
    says: Text
    n_findings: int | None = None


def rule_gaps(manifest: Manifest, names: Mapping[str, Text]) -> tuple[RuleGap, ...]:
    """Return what a scored month does not say, by kind in the order of `KINDS` and by rule.

    Parameters
    ----------
    manifest : Manifest
        Of the scored month.
    names : mapping of str to Text
        Of the rules, by code.
    """

    def named(rule: str) -> Text:
        return names.get(rule, Text(rule, rule))

    gaps = [
        RuleGap("set_aside", each.set_aside.rule, named(each.set_aside.rule), _aside(each), each.n_findings)
        for each in hidden_then(manifest)
    ]
    gaps += [
        RuleGap("failed", rule, named(rule), _filled(_FAILED, why=Text(why, why)))
        for rule, why in manifest.rules_failed.items()
    ]
    for kind, text, missing in (
        ("not_checked", _LACKS, manifest.not_checked.rules),
        ("exemption", _IN_PART, manifest.not_checked.exemptions),
    ):
        gaps += [
            RuleGap(kind, rule, named(rule), _filled(text, missing=_listed(columns)))
            for rule, columns in missing.items()
        ]
    if manifest.not_checked.items:
        gaps.append(RuleGap("items", "ref_items", _REFERENCE, _other_names(manifest.not_checked.items)))
    order = list(KINDS)
    return tuple(sorted(gaps, key=lambda gap: (order.index(gap.kind), gap.rule)))


def _other_names(items: tuple[str, ...]) -> Text:
    """Name the first items whose bills all have another name, and how many there are."""
    codes, n = items[:_MOST_ITEMS], f"{len(items):,}"
    shown = Text(", ".join(codes), "、".join(codes))
    if len(items) > _MOST_ITEMS:
        rest = f"{len(items) - _MOST_ITEMS:,}"
        shown = Text(shown.en + _MORE.en.format(n=rest), shown.zh + _MORE.zh.format(n=n))
    return _filled(_OTHER_NAMES, items=shown)


def _aside(hidden: Hidden) -> Text:
    """Say what is set aside until when and why."""
    one, n, worth = hidden.set_aside, f"{hidden.n_findings:,}", money_text(hidden.exposure_amount)
    plain = {"n": n, "worth": worth, "until": one.until.isoformat(), "reason": one.reason}
    return _filled(_ASIDE, of=_whom(hidden), **{name: Text(value, value) for name, value in plain.items()})


def _whom(hidden: Hidden) -> Text:
    """Say of whom a set-aside speaks; a person stands in no pack but under the pack's own pseudonyms."""
    one = hidden.set_aside
    of = _EVERYBODY
    if one.subject_type:
        kind = SUBJECT_TYPES[one.subject_type]
        name = "" if one.subject_type in NATURAL_PERSONS else f" {one.subject_id}"
        of = Text(f"{kind.en.lower()}{name}", f"{kind.zh}{name}")
    if not one.items:
        return of
    codes = ", ".join(one.items)
    items = _filled(_ITEMS, codes=Text(codes, codes))
    return Text(f"{of.en}, {items.en}", f"{of.zh}，{items.zh}")


def _filled(text: Text, **values: Text) -> Text:
    return Text(
        text.en.format(**{name: value.en for name, value in values.items()}),
        text.zh.format(**{name: value.zh for name, value in values.items()}),
    )


def _listed(names: Iterable[str]) -> Text:
    """Name tables and columns; in Chinese columns by the names of the contract."""
    return Text(", ".join(names), "、".join(_in_chinese(name) for name in names))


def _in_chinese(name: str) -> str:
    table, _, column = name.partition(".")
    known = TABLES[table].by_name.get(column) if table in TABLES else None
    return name if known is None else f"{known.name_zh}（{name}）"
