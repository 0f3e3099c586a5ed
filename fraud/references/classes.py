"""Rule classes of the national library that become references, by the names under which they are published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fraud.references import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME_PARTS = re.compile(r"[\s“”\"'‘’「」《》.·]+")


@dataclass(frozen=True)
class RuleClass:
    """One rule class.

    Parameters
    ----------
    name : str
        As published.
    columns : tuple of str
        Columns of references that its points fill.
    read : callable, optional
        The words of a row by role -> columns of `ref_items`; ValueError where they cannot be told. None for pairs.
    official_code : str, optional
        In the framework, where it is known.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[Mapping[str, str]], dict[str, str]] | None
    official_code: str | None = None


def _fixed(**limits: str) -> Callable[[Mapping[str, str]], dict[str, str]]:
    return lambda _: dict(limits)


_SEX, _MOST_AGE = ("ref_items.gender_limit",), ("ref_items.max_age_years",)
_INSURANCE, _HERBAL = ("ref_items.insurance_types",), ("ref_items.herbal_use",)
_TIMES = ("ref_items.max_daily_quantity", "ref_items.frequency_max_count", "ref_items.frequency_window_days")
_AGES = ("ref_items.min_age_years", "ref_items.max_age_years")
_COURSE = ("ref_items.max_course_days",)

CLASSES: tuple[RuleClass, ...] = (
    RuleClass("药品区分性别使用", _SEX, values.gender, "GZ10000301004"),
    RuleClass("医疗服务项目区分性别使用", _SEX, values.gender, "GZ10000302004"),
    RuleClass("药品儿童专用", _MOST_AGE, values.child_only, "GZ10000301002"),
    RuleClass("药品限儿童使用", _MOST_AGE, values.child_only, "GZ10000101007"),
    RuleClass("医疗服务项目儿童专用", _MOST_AGE, values.child_only, "GZ10000302003"),
    RuleClass("医用耗材限儿童使用", _MOST_AGE, values.child_only),
    RuleClass("医用耗材限新生儿使用", _MOST_AGE, _fixed(max_age_years="0")),
    RuleClass("药品儿童禁用", ("ref_items.min_age_years",), values.no_children),
    RuleClass("药品限工伤保险", _INSURANCE, _fixed(insurance_types="work_injury"), "GZ10000101001"),
    RuleClass("药品限生育保险", _INSURANCE, _fixed(insurance_types="maternity"), "GZ10000101002"),
    RuleClass("中药饮片单复方均不予支付", _HERBAL, _fixed(herbal_use="neither"), "GZ10000101003"),
    RuleClass("中药饮片单方使用不予支付", _HERBAL, _fixed(herbal_use="not_single"), "GZ10000101004"),
    RuleClass("药品限二线使用", ("ref_items.requires_prior_item_codes",), values.second_line, "GZ10000101005"),
    RuleClass("药品限适应症", ("ref_items.diagnosis_prefixes",), values.diagnoses, "GZ10000101008"),
    RuleClass("药品限支付疗程", _COURSE, values.course, "GZ10000101010"),
    RuleClass("药品限医疗机构级别", ("ref_items.min_provider_level",), values.level, "GZ10000101012"),
    RuleClass("药品限就医方式", ("ref_items.encounter_types",), values.care),
    RuleClass("超互联网医院药品支付范围", ("ref_items.is_internet_allowed",), _fixed(is_internet_allowed="false")),
    RuleClass("手术项目未按规定折价收费", ("ref_items.is_surgery",), _fixed(is_surgery="true"), "GZ10000102002"),
    RuleClass("医疗服务项目限支付疗程", _COURSE, values.course, "GZ10000102010"),
    RuleClass("医疗服务项目重复收费", ("ref_item_pairs.excluded_item_code",), None, "GZ10000102012"),
    RuleClass("医疗服务项目限定频次", _TIMES, values.frequency, "GZ10000102014"),
    RuleClass("医疗服务项目周期超频次", _TIMES, values.frequency),
    RuleClass("医疗服务项目限年龄", _AGES, values.age),
)
_BY_NAME = {each.name: each for each in CLASSES}


def class_in(text: str) -> RuleClass | None:
    """Return the rule class that a title or file name speaks of: of several, the one with the longest name.

    Examples
    --------
    >>> class_in("第一批-1.“药品区分性别使用”规则对应知识点明细.xlsx").official_code
    'GZ10000301004'
    >>> class_in("“超说明书用量开药”规则对应知识点明细") is None
    True
    """
    plain = _NAME_PARTS.sub("", text)
    found = [each for each in CLASSES if each.name in plain]
    return max(found, key=lambda each: len(each.name), default=None)


def title_in(text: str) -> str:
    """Return the name of the rule class that a title stands for, known or not; empty where it names none.

    Examples
    --------
    >>> title_in("“超说明书用量开药”规则对应知识点明细"), title_in("Sheet1")
    ('超说明书用量开药', '')
    """
    found = class_in(text)
    if found is not None:
        return found.name
    quoted = re.search(r"[“\"‘]([^”\"’]{2,40})[”\"’]", text) or re.search(r"([\u4e00-\u9fff]{4,40})规则对应", text)
    return quoted[1].strip() if quoted else ""
