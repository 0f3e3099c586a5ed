"""What a published text limits, as columns of `ref_items`: "限14周岁以下" is `max_age_years` 14.

Each reader takes the words of one row and returns column -> value in the contract's grammar. What cannot be told is
refused and never guessed; where a text can be read in two ways, the wider limit is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A child is anybody under 18, as minors are in law: the wider of the two readings in use (14 and 18). Our proposal.
CHILD_YEARS = 18
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(\d+|[一二两三四五六七八九十]+)"
# Months and years at their longest, so that no day of a lawful course is beyond it.
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "个月": 31, "月": 31, "季度": 92, "年": 366}
_UNIT = "(天|日|周|星期|个月|月|季度|年)"
_SPAN = re.compile(_NUMBER + r"\s*" + _UNIT)
_UNDER = re.compile(r"[未不]满\s*" + _NUMBER + r"\s*周?岁")
_AT_MOST = re.compile(
    _NUMBER
    + r"\s*周?岁\s*(?:[(（]含[^)）]*[)）])?\s*(?:及?以下|以内|及以下)|(?:≤|不超过|至多)\s*"
    + _NUMBER
    + r"\s*周?岁"
)
_AT_LEAST = re.compile(
    _NUMBER + r"\s*周?岁\s*(?:[(（]含[^)）]*[)）])?\s*(?:及?以上)|(?:≥|满|大于)\s*" + _NUMBER + r"\s*周?岁"
)
_BETWEEN = re.compile(_NUMBER + r"\s*周?岁?\s*[-—–~～至到]\s*" + _NUMBER + r"\s*周?岁")
_TIMES_IN = re.compile(
    r"(?:每\s*"
    + _UNIT
    + r"|"
    + _NUMBER
    + r"\s*"
    + _UNIT
    + r"\s*(?:之?内)?)\s*[^0-9一二两三四五六七八九十次]{0,12}?"
    + _NUMBER
    + r"\s*次"
)
_CARE = {
    "门诊": ("outpatient", "chronic_outpatient", "special_drug"),
    "急诊": ("emergency",),
    "急救": ("emergency", "inpatient"),
    "抢救": ("emergency", "inpatient"),
    "住院": ("inpatient", "day_surgery", "maternity"),
}
_LEVELS = (("三级", "tertiary"), ("二级", "secondary"), ("一级", "primary"))
_ICD = re.compile(r"(?<![A-Za-z0-9])([A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Za-z]{1,4})?)(?![0-9A-Za-z])")

Limits = dict[str, str]


class UntoldError(ValueError):
    """What a published text limits cannot be told; says why."""


def number(text: str) -> int:
    """Return a whole number written in digits or, below a hundred, in Chinese.

    Examples
    --------
    >>> number("14"), number("十二"), number("三"), number("二十")
    (14, 12, 3, 20)
    """
    if text.isdecimal():
        return int(text)
    tens, has_ten, ones = text.rpartition("十")
    if not has_ten:
        return _DIGITS[ones]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def gender(said: Mapping[str, str]) -> Limits:
    """Sex that an item is limited to.

    Examples
    --------
    >>> gender({"gender": "女"}), gender({"logic": "限男性使用"})
    ({'gender_limit': 'female'}, {'gender_limit': 'male'})
    """
    text = said.get("gender", "") or "".join(re.findall(r"限(?:于|用于)?(?:男|女)性?", words(said)))
    found = {"female" for word in ("女", "female") if word in text.lower()}
    if "男" in text or re.search(r"\bmale", text.lower()):
        found.add("male")
    if len(found) != 1:
        raise UntoldError("which sex it is limited to cannot be told" if not found else "it is limited to both sexes")
    return {"gender_limit": found.pop()}


def child_only(said: Mapping[str, str]) -> Limits:
    """Age up to which an item is for children.

    Examples
    --------
    >>> child_only({"basis": "限儿童"}), child_only({"basis": "限14周岁以下"})
    ({'max_age_years': '17'}, {'max_age_years': '14'})
    """
    text = words(said)
    if under := _UNDER.search(text):
        return {"max_age_years": str(number(under[1]) - 1)}
    if most := _AT_MOST.search(text):
        return {"max_age_years": str(number(most[1] or most[2]))}
    return {"max_age_years": "0" if "新生儿" in text else str(CHILD_YEARS - 1)}


def no_children(said: Mapping[str, str]) -> Limits:
    """Age from which an item that children may not have is lawful."""
    text = words(said)
    found = _UNDER.search(text) or _AT_MOST.search(text)
    return {"min_age_years": str(number(next(filter(None, found.groups()))) if found else CHILD_YEARS)}


def age(said: Mapping[str, str]) -> Limits:
    """Ages between which an item is paid.

    Examples
    --------
    >>> age({"logic": "限3-6周岁"}), age({"logic": "限60周岁及以上"})
    ({'min_age_years': '3', 'max_age_years': '6'}, {'min_age_years': '60'})
    """
    text = words(said)
    if between := _BETWEEN.search(text):
        return {"min_age_years": str(number(between[1])), "max_age_years": str(number(between[2]))}
    found: Limits = {}
    if least := _AT_LEAST.search(_UNDER.sub("", text)):
        found["min_age_years"] = str(number(least[1] or least[2]))
    if under := _UNDER.search(text):
        found["max_age_years"] = str(number(under[1]) - 1)
    elif most := _AT_MOST.search(text):
        found["max_age_years"] = str(number(most[1] or most[2]))
    if not found:
        raise UntoldError("no age can be read")
    return found


def care(said: Mapping[str, str]) -> Limits:
    """Kinds of care in which an item is paid.

    Examples
    --------
    >>> care({"basis": "限门诊和急诊使用"})["encounter_types"]
    'outpatient|chronic_outpatient|special_drug|emergency'
    """
    text = "".join(re.findall(r"限[^。;；]*", words(said)))
    kinds = dict.fromkeys(kind for word, kinds in _CARE.items() if word in text for kind in kinds)
    if not kinds:
        raise UntoldError("no kind of care can be read")
    return {"encounter_types": "|".join(kinds)}


def level(said: Mapping[str, str]) -> Limits:
    """Lowest level of provider at which an item is paid."""
    text = words(said)
    found = [
        code
        for word, code in _LEVELS
        if re.search(word + "(?:甲等)?(?:及其?以上|以上|医院|医疗机构|医疗卫生机构|机构)", text)
    ]
    if not found or re.search("级(?:及其?)?以下|基层", text):
        raise UntoldError("no lowest level can be read")
    return {"min_provider_level": found[-1]}


def course(said: Mapping[str, str]) -> Limits:
    """Longest course that is paid, in days; months count 31 and years 366.

    Examples
    --------
    >>> course({"basis": "支付不超过14天"}), course({"basis": "最长三个月"})
    ({'max_course_days': '14'}, {'max_course_days': '93'})
    """
    spans = {number(n) * _DAYS[unit] for n, unit in _SPAN.findall(words(said))}
    if len(spans) != 1:
        raise UntoldError("no length of a course can be read" if not spans else "more than one length of a course")
    return {"max_course_days": str(spans.pop())}


def frequency(said: Mapping[str, str]) -> Limits:
    """How often an item is paid: in a day, or in a span of days.

    Examples
    --------
    >>> frequency({"daily": "2"}), frequency({"logic": "7天内不超过1次"})
    ({'max_daily_quantity': '2'}, {'frequency_max_count': '1', 'frequency_window_days': '7'})
    """
    if given := said.get("daily", ""):
        if not re.fullmatch(r"\d+(\.\d+)?", given) or float(given) <= 0:
            raise UntoldError("the most of a day is no number above zero")
        return {"max_daily_quantity": given}
    found = {
        (number(n) if n else 1) * _DAYS[each or unit]: number(times)
        for each, n, unit, times in _TIMES_IN.findall(words(said))
    }
    if len(found) != 1 or 0 in found.values():
        raise UntoldError("no number of times in a span can be read" if not found else "more than one number of times")
    ((days, times),) = found.items()
    if days == 1:
        return {"max_daily_quantity": str(times)}
    return {"frequency_max_count": str(times), "frequency_window_days": str(days)}


def diagnoses(said: Mapping[str, str]) -> Limits:
    """Diagnoses for which an item is paid: by their codes, where the row has any."""
    found = dict.fromkeys(_ICD.findall(f"{said.get('diagnosis', '')} {words(said)}"))
    if not found:
        raise UntoldError("it names diseases, but no codes of diagnoses")
    return {"diagnosis_prefixes": "|".join(found)}


def second_line(said: Mapping[str, str]) -> Limits:
    """Drugs that must come before: by their codes, where the row has any."""
    codes = dict.fromkeys(re.findall(r"[A-Za-z0-9][A-Za-z0-9.\-]{2,}", said.get("prior", "")))
    if not codes:
        raise UntoldError("it names no codes of the drugs that must come before")
    return {"requires_prior_item_codes": "|".join(codes)}


def pair_scope(said: Mapping[str, str]) -> str:
    """Return within what two items exclude each other: one day, or one visit or stay.

    Examples
    --------
    >>> pair_scope({"period": "同一天"}), pair_scope({"period": "本次住院期间"})
    ('same_day', 'same_encounter')
    """
    text = said.get("period", "") or words(said)
    is_day, is_stay = re.search("[同单当一每]一?[天日]|自然日", text), re.search("住院|就诊|门诊|次手术", text)
    if not is_day and not is_stay:
        raise UntoldError("the span in which the two exclude each other cannot be told")
    return "same_day" if is_day else "same_encounter"


def words(said: Mapping[str, str]) -> str:
    """Return all that a row says in words, what it is about first."""
    return "；".join(said[role] for role in ("logic", "basis", "remark", "period") if said.get(role))
