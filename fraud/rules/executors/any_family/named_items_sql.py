"""SQL of each kind of stated limit: which lines of named items are beyond it, and how much of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.quality.orders import sound_sql
from features.engine import quoted_list
from fraud.rules.relations.whose_line import ordered_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fraud.rules.executors.any_family.named_limits import NamedLimits

_SCALE = 4
_LEVELS = "case {} when 'primary' then 1 when 'secondary' then 2 when 'tertiary' then 3 end"
# What violates has its settlement's practitioner where the line names none.
_SHOWN = f"""
  select l.settlement_key, l.line_number, '{{role}}' as role, l.provider_key, l.person_key,
         {ordered_by("l", "s")} as practitioner_key,
         l.fee_date as service_date, l.in_scope, {{part}} as part, {{whole}} as whole"""
_FROM = """
  from {lines} l
  join rule_settlements s on s.settlement_key = l.settlement_key
  left join sound_persons p on p.person_key = l.person_key
  left join ({providers}) o on o.provider_key = l.provider_key"""


def hits_sql(items: tuple[str, ...], limits: NamedLimits, month: str, lawful: str) -> str:
    """Return SQL of hits, in the shape that `fraud.rules.search.hits` says.

    Parameters
    ----------
    items : tuple of str
        Item codes.
    limits : NamedLimits
        Of one kind.
    month : str
        The month whose findings are wanted; earlier months of the window count, and have no hits of their own.
    lawful : str
        Predicate of what is left in peace.
    """
    named = f"with named_lines as (select * from rule_lines where item_key in ({_keys(items)}))"
    own = f"l.month = '{month}' and not {lawful}"
    if limits.kind in _ONE_LINE:
        beyond, part, whole = _ONE_LINE[limits.kind](limits)
        shown = _SHOWN.format(role="violating", part=part, whole=whole) + _FROM.format(
            providers=sound_sql("providers"), lines="named_lines"
        )
        return f"{named} {shown} where {own} and {beyond}"
    if limits.kind == "pair":
        return _pair(named, limits, month, lawful)
    lines, beyond, part, whole = _COUNTED[limits.kind](limits)
    shown = _SHOWN.format(role="violating", part=part, whole=whole) + _FROM.format(
        providers=sound_sql("providers"), lines="counted"
    )
    return f"{named}, counted as ({lines}) {shown} where {own} and {beyond}"


def _keys(items: tuple[str, ...]) -> str:
    return f"select item_key from codes_item where item_code in {quoted_list(items)}"


def _gender(limits: NamedLimits) -> tuple[str, str, str]:
    return f"p.gender in ('male', 'female') and p.gender <> '{limits.values['gender_limit']}'", "1", "1"


def _age(limits: NamedLimits) -> tuple[str, str, str]:
    years = "date_sub('year', p.birth_date, l.fee_date)"
    least, most = limits.number("min_age_years"), limits.number("max_age_years")
    beyond = [f"{years} < {least}"] * (least is not None) + [f"{years} > {most}"] * (most is not None)
    return f"({' or '.join(beyond)})", "1", "1"


def _listed(column: str, limit: str) -> Callable[[NamedLimits], tuple[str, str, str]]:
    return lambda limits: (f"s.{column} not in {quoted_list(limits.listed(limit))}", "1", "1")


def _level(limits: NamedLimits) -> tuple[str, str, str]:
    least = _LEVELS.format(f"'{limits.values['min_provider_level']}'")
    return f"{_LEVELS.format('o.provider_level')} < {least}", "1", "1"


def _internet(_: NamedLimits) -> tuple[str, str, str]:
    return "o.provider_type = 'internet_hospital'", "1", "1"


def _herbal(limits: NamedLimits) -> tuple[str, str, str]:
    """Whether other pieces are billed with it tells a compound from a single one."""
    others = (
        "exists (select 1 from rule_lines h where h.settlement_key = l.settlement_key and h.item_type = 'herbal'"
        " and h.item_key <> l.item_key)"
    )
    use = limits.values["herbal_use"]
    return {"neither": "true", "not_single": f"not {others}", "not_compound": others}[use], "1", "1"


def _indication(limits: NamedLimits) -> tuple[str, str, str]:
    """Lines of bills that have diagnoses, and none of those: a bill without any says nothing of the indication."""
    any_of = " or ".join(f"starts_with(c.diagnosis_code, '{each}')" for each in limits.listed("diagnosis_prefixes"))
    given = (
        "select 1 from diagnoses g join codes_diagnosis c on c.diagnosis_key = g.diagnosis_key"
        " where g.settlement_key = l.settlement_key"
    )
    return f"exists ({given}) and not exists ({given} and ({any_of}))", "1", "1"


def _second_line(limits: NamedLimits) -> tuple[str, str, str]:
    prior = (
        f"select 1 from rule_lines h where h.person_key = l.person_key and h.fee_date <= l.fee_date"
        f" and h.item_key in ({_keys(limits.listed('requires_prior_item_codes'))})"
    )
    return f"not exists ({prior})", "1", "1"


def _course(limits: NamedLimits) -> tuple[str, str, str]:
    most = limits.number("max_course_days")
    return f"l.days_supply > {most}", f"l.days_supply - {most}", "l.days_supply"


def _fill(limits: NamedLimits) -> tuple[str, str, str]:
    most = limits.number("max_fill_quantity", _SCALE)
    return f"l.net_quantity > {most}", f"l.net_quantity - {most}", "l.net_quantity"


_ONE_LINE: Mapping[str, Callable[[NamedLimits], tuple[str, str, str]]] = {
    "gender": _gender,
    "age": _age,
    "insurance": _listed("insurance_type", "insurance_types"),
    "care": _listed("encounter_type", "encounter_types"),
    "level": _level,
    "internet": _internet,
    "herbal": _herbal,
    "indication": _indication,
    "second_line": _second_line,
    "course": _course,
    "fill": _fill,
}


def _daily(limits: NamedLimits) -> tuple[str, str, str, str]:
    """Lines that pass the limit of a day, in the order in which they were settled and given."""
    most = limits.number("max_daily_quantity", _SCALE)
    lines = """
      select n.*, sum(n.net_quantity) over (
        partition by n.person_key, n.provider_key, n.item_key, n.fee_date
        order by t.settled_at, n.fee_time, t.settlement_id, n.line_number rows unbounded preceding) as so_far
      from named_lines n join rule_settlements t on t.settlement_key = n.settlement_key where t.is_dated"""
    return lines, f"l.so_far > {most}", f"least(l.so_far - {most}, l.net_quantity)", "l.net_quantity"


def _days(distance: str, beyond: str) -> tuple[str, str, str, str]:
    """Days of an item per person, over all providers; every line of a day beyond the limit violates in full."""
    lines = f"""
      select n.*, d.found from named_lines n
      join (select person_key, item_key, fee_date, {distance} as found
            from (select distinct n.person_key, n.item_key, n.fee_date from named_lines n
                  join rule_settlements t on t.settlement_key = n.settlement_key where t.is_dated)) d
        on d.person_key = n.person_key and d.item_key = n.item_key and d.fee_date = n.fee_date"""
    return lines, beyond, "1", "1"


def _frequency(limits: NamedLimits) -> tuple[str, str, str, str]:
    before = limits.number("frequency_window_days") or 1
    count = (
        "count(*) over (partition by person_key, item_key order by fee_date"
        f" range between interval {before - 1} day preceding and current row)"
    )
    return _days(count, f"l.found > {limits.number('frequency_max_count')}")


def _interval(limits: NamedLimits) -> tuple[str, str, str, str]:
    since = "fee_date - lag(fee_date) over (partition by person_key, item_key order by fee_date)"
    return _days(since, f"l.found < {limits.number('min_days_between')}")


_COUNTED: Mapping[str, Callable[[NamedLimits], tuple[str, str, str, str]]] = {
    "daily": _daily,
    "frequency": _frequency,
    "interval": _interval,
}


def _pair(named: str, limits: NamedLimits, month: str, lawful: str) -> str:
    """Named items may not be billed with others: theirs are the lines that violate, the others' are involved."""
    within = "k.settlement_key = n.settlement_key"
    if limits.values["scope"] == "same_day":
        within = "k.person_key = n.person_key and k.provider_key = n.provider_key and k.fee_date = n.fee_date"
    kept = f"select * from rule_lines where item_key in ({_keys(limits.listed('with_item_codes'))})"
    shown = _SHOWN.format(role="violating", part="1", whole="1") + _FROM.format(
        providers=sound_sql("providers"), lines="named_lines"
    )
    beyond = f"exists (select 1 from kept_lines k where {within.replace('n.', 'l.')})"
    involved = _SHOWN.format(role="involved", part="1", whole="1")
    return f"""{named}, kept_lines as ({kept}), violating as (
      {shown} where l.month = '{month}' and not {lawful} and {beyond}
    )
    select * from violating
    union all
    {involved}
    from kept_lines l join rule_settlements s on s.settlement_key = l.settlement_key
    where exists (
      select 1 from violating v join named_lines n
        on n.settlement_key = v.settlement_key and n.line_number = v.line_number
      where {within.replace("k.", "l.")})"""
