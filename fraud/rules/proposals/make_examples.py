"""Claims that break a limit, that just keep it, and that look alike and are lawful, by the kind of the limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.vocabulary.text import Text
from fraud.rules.proposals.proposal import EXAMPLE_KINDS, ProposedExample
from fraud.rules.proposals.scene import AMOUNT, FUND, LAST_DAY, MONTH, PRACTITIONER, PROVIDER, Line, Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fraud.rules.executors.any_family.named_limits import NamedLimits
    from fraud.rules.proposals.write_rule import Sentence

# What a hit is worth of one line: part / whole of its in-scope amount.
Worth = tuple[Decimal, Decimal]
Made = tuple[Scene, Scene, Worth]
_ALL: Worth = (Decimal(1), Decimal(1))
_OTHER_NAME = "Another item 其他项目"
_OTHER_ITEM = "OTHER-ITEM"
# Longest way back at which a counterpart is put; further ones would lie outside of the months looked at.
_FARTHEST = 100
_DIAGNOSES = ("Z00.0", "I10", "E11.9", "J06.9", "K29.7", "M54.5", "N39.0")
_SAYS = {
    "hit": Text("Beyond the limit.", "超出限定。"),
    "near_miss": Text("Just within the limit.", "恰在限定之内。"),
    "innocent_twin": Text("The same, but lawful: ", "情形相同但合规："),
}
_TWINS = {
    "refunded": Text("every line was taken back.", "相关明细已全部退费。"),
    "renamed": Text("the provider bills another thing under the code.", "该机构以此编码收取的是另一项目。"),
}


def make_examples(said: Sentence) -> Mapping[str, ProposedExample]:
    """Return examples by `EXAMPLE_KINDS`, with what the rule must say of each."""
    hit, near, (part, whole) = _MADE[said.limits.kind](said.items[0], said.limits)
    exposure = int(AMOUNT * part // whole)
    expected = frozenset(
        (subject, of, exposure, exposure * FUND // AMOUNT, 1)
        for subject, of in (("provider", PROVIDER), ("practitioner", PRACTITIONER))
    )
    if said.name:
        scenes = hit.named(said.name), near.named(said.name), hit.named(_OTHER_NAME)
    else:
        scenes = hit, near, hit.refunded()
    twin = _TWINS["renamed" if said.name else "refunded"]
    told = {
        **_SAYS,
        "innocent_twin": Text(_SAYS["innocent_twin"].en + twin.en, _SAYS["innocent_twin"].zh + twin.zh),
    }
    return {
        kind: ProposedExample(told[kind], scene.tables(), MONTH, expected if kind == "hit" else frozenset())
        for kind, scene in zip(EXAMPLE_KINDS, scenes, strict=True)
    }


def _gender(item: str, limits: NamedLimits) -> Made:
    own = limits.values["gender_limit"]
    other = "male" if own == "female" else "female"
    scene = Scene((Line(item),), gender=own)
    return replace(scene, gender=other), scene, _ALL


def _age(item: str, limits: NamedLimits) -> Made:
    """Whoever has their birthday on the day of service, and whoever has it the day after."""
    most, least = limits.number("max_age_years"), limits.number("min_age_years")
    turning = most + 1 if most is not None else least or 0
    birthday = LAST_DAY.replace(year=LAST_DAY.year - turning)
    older = Scene((Line(item),), birth_date=birthday.isoformat())
    younger = replace(older, birth_date=(birthday + timedelta(days=1)).isoformat())
    return (older, younger, _ALL) if most is not None else (younger, older, _ALL)


def _insurance(item: str, limits: NamedLimits) -> Made:
    own = limits.listed("insurance_types")
    scene = Scene((Line(item),), insurance_type=own[0])
    return replace(scene, insurance_type=_outside("insurance_type", own)), scene, _ALL


def _care(item: str, limits: NamedLimits) -> Made:
    own = limits.listed("encounter_types")
    scene = Scene((Line(item),), encounter_type=own[0])
    return replace(scene, encounter_type=_outside("encounter_type", own)), scene, _ALL


def _level(item: str, limits: NamedLimits) -> Made:
    least = limits.values["min_provider_level"]
    scene = Scene((Line(item),), provider_level=least)
    return replace(scene, provider_level="primary"), scene, _ALL


def _internet(item: str, _: NamedLimits) -> Made:
    scene = Scene((Line(item),))
    return replace(scene, provider_type="internet_hospital"), scene, _ALL


def _herbal(item: str, limits: NamedLimits) -> Made:
    piece = Line(item, kind="herbal")
    alone, beside = Scene((piece,)), Scene((piece, Line(_OTHER_ITEM, kind="herbal")))
    without = Scene((Line(_OTHER_ITEM, kind="herbal"),))
    made: dict[str, Made] = {
        "not_single": (alone, beside, _ALL),
        "not_compound": (beside, alone, _ALL),
        "neither": (alone, without, _ALL),
    }
    return made[limits.values["herbal_use"]]


def _indication(item: str, limits: NamedLimits) -> Made:
    own = limits.listed("diagnosis_prefixes")
    other = next((code for code in _DIAGNOSES if not code.startswith(own)), "Y99.9")
    scene = Scene((Line(item),), diagnoses=(own[0],))
    return replace(scene, diagnoses=(other,)), scene, _ALL


def _second_line(item: str, limits: NamedLimits) -> Made:
    first = Line(limits.listed("requires_prior_item_codes")[0], bill=1, days_before=9)
    second = Line(item, bill=2)
    return Scene((second,)), Scene((first, second)), _ALL


def _course(item: str, limits: NamedLimits) -> Made:
    most = limits.number("max_course_days") or 1
    near = Scene((Line(item, days_supply=str(most)),))
    return Scene((Line(item, days_supply=str(most + 1)),)), near, (Decimal(1), Decimal(most + 1))


def _fill(item: str, limits: NamedLimits) -> Made:
    most = Decimal(limits.values["max_fill_quantity"])
    near = Scene((Line(item, quantity=str(most)),))
    return Scene((Line(item, quantity=str(most + 1)),)), near, (Decimal(1), most + 1)


def _daily(item: str, limits: NamedLimits) -> Made:
    first, second = Line(item, quantity=limits.values["max_daily_quantity"]), Line(item)
    return Scene((first, second)), Scene((first,)), _ALL


def _frequency(item: str, limits: NamedLimits) -> Made:
    """As many days in a row as are paid, and one more: within the span, and just outside of it."""
    times, span = limits.number("frequency_max_count") or 1, limits.number("frequency_window_days") or 1
    row = tuple(Line(item, bill=n + 2, days_before=times - 1 - n) for n in range(times))
    return Scene((Line(item, days_before=times), *row)), Scene((Line(item, days_before=span), *row)), _ALL


def _interval(item: str, limits: NamedLimits) -> Made:
    days = limits.number("min_days_between") or 1
    again = Line(item, bill=2)
    return (
        Scene((Line(item, days_before=min(days - 1, _FARTHEST)), again)),
        Scene((Line(item, days_before=days), again)),
        _ALL,
    )


def _pair(item: str, limits: NamedLimits) -> Made:
    other = limits.listed("with_item_codes")[0]
    hit = Scene((Line(other), Line(item)))
    return hit, Scene((Line(other, days_before=1), Line(item, bill=2))), _ALL


def _outside(column: str, own: tuple[str, ...]) -> str:
    """Return the first value of a column that is none of these."""
    return next(value for value in TABLES["settlements"].by_name[column].values if value not in own)


_MADE: Mapping[str, Callable[[str, NamedLimits], Made]] = {
    "gender": _gender,
    "age": _age,
    "insurance": _insurance,
    "care": _care,
    "level": _level,
    "internet": _internet,
    "herbal": _herbal,
    "indication": _indication,
    "second_line": _second_line,
    "course": _course,
    "fill": _fill,
    "daily": _daily,
    "frequency": _frequency,
    "interval": _interval,
    "pair": _pair,
}
