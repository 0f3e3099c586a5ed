"""A claim line with all that is known of it: the rows that rules of one line speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import TABLES
from features.claims.in_force import in_force, is_in_force
from features.claims.quality.orders import sound_sql
from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import with_version
from fraud.rules.relations.whose_line import ordered_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _stored(table: str) -> tuple[str, ...]:
    return tuple(name for name, _ in TABLES[table].stored)


# What `when` may speak of. Each but the line and its settlement may be absent: its columns are null then.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "l": LINE_COLUMNS,
    "s": SETTLEMENT_COLUMNS,
    "p": (*_stored("persons"), "age_years"),
    "o": _stored("providers"),
    "d": _stored("practitioners"),
    "r": _stored("ref_items"),
    "x": _stored("prescriptions"),
    "y": ("ceiling_amount", "ceiling_from_date"),
    "g": ("n_diagnoses", "has_male", "has_female"),
}
# ICD-10: male and female genital cancers, diseases of male and of female genital organs, pregnancy and its care (Z38 is
# the newborn's).
_MALE = (("C60", "C63"), ("N40", "N51"))
_FEMALE = (("C51", "C58"), ("N70", "N98"), ("O00", "O99"), ("Z32", "Z37"), ("Z39", "Z39"))
PRACTITIONER = ordered_by("l", "s")
_IS_PHARMACY = f"o.provider_type in {quoted_list(PHARMACIES)}"
# Whole years on the day of service: the birthday counts.
_AGE = """cast(year(l.fee_date) - year(p.birth_date)
  - case when 100 * month(l.fee_date) + day(l.fee_date) < 100 * month(p.birth_date) + day(p.birth_date)
    then 1 else 0 end as bigint)"""
_CEILING = f"""coalesce(y.price_ceiling_amount, case when {_IS_PHARMACY} then r.price_ceiling_pharmacy_amount
  when o.provider_level = 'tertiary' then r.price_ceiling_tertiary_amount
  when o.provider_level = 'secondary' then r.price_ceiling_secondary_amount
  when o.provider_level = 'primary' then r.price_ceiling_primary_amount end)"""
# Columns that are made of several rows.
COMPUTED: Mapping[str, str] = {
    "p.age_years": _AGE,
    "d.practitioner_key": PRACTITIONER,
    "y.ceiling_amount": _CEILING,
    "y.ceiling_from_date": "case when y.price_ceiling_amount is null then r.valid_from_date else y.from_date end",
}


def _within(ranges: tuple[tuple[str, str], ...]) -> str:
    return " or ".join(f"left(diagnosis_code, 3) between '{first}' and '{last}'" for first, last in ranges)


# One row per diagnosis that only one sex can have.
ONE_SEX_DIAGNOSES = f"""
select diagnosis_key, case when {_within(_MALE)} then 'male' else 'female' end as sex
from codes_diagnosis where {_within(_MALE + _FEMALE)}
"""
_DIAGNOSES = f"""
select t.settlement_key, count(*) as n_diagnoses, bool_or(coalesce(x.sex = 'male', false)) as has_male,
       bool_or(coalesce(x.sex = 'female', false)) as has_female
from diagnoses t left join ({ONE_SEX_DIAGNOSES}) x on x.diagnosis_key = t.diagnosis_key
where t.month = '{{month}}' group by t.settlement_key
"""
_PRICES = in_force("ref_prices", "item_key, region_code, provider_level", "price_ceiling_amount")
# In the order in which they are joined: alias -> join, and the aliases that it reads. Scripts are shown as stored: one
# that was issued after it was filled is what a rule may look for.
_JOINS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "s": (
        "join (select * from rule_settlements where month = '{month}') s on s.settlement_key = l.settlement_key",
        (),
    ),
    "p": ("left join sound_persons p on p.person_key = l.person_key", ()),
    "o": (f"left join ({sound_sql('providers')}) o on o.provider_key = l.provider_key", ()),
    "d": (f"left join ({sound_sql('practitioners')}) d on d.practitioner_key = {PRACTITIONER}", ("s",)),
    "r": (with_version(), ()),
    "x": ("left join prescriptions x on x.prescription_key = l.prescription_key", ()),
    "y": (
        (
            f"left join ({_PRICES}) y on y.item_key = l.item_key and y.region_code = o.region_code"
            f" and y.provider_level = case when {_IS_PHARMACY} then 'ungraded' else o.provider_level end"
            f" and {is_in_force('y', 'l.fee_date')}"
        ),
        ("o", "r"),
    ),
    "g": (f"left join ({_DIAGNOSES}) g on g.settlement_key = l.settlement_key", ()),
}


def rows_sql(month: str, columns: Iterable[str]) -> str:
    """Return what follows `from`: the lines of a month with the rows that columns, as `alias.column`, are of."""
    asked = {"s", *(column.partition(".")[0] for column in columns)}
    wanted = asked.union(*(needs for alias, (_, needs) in _JOINS.items() if alias in asked))
    joins = "\n".join(join.format(month=month) for alias, (join, _) in _JOINS.items() if alias in wanted)
    return f"(select * from rule_lines where month = '{month}') l\n{joins}"


def column_sql(column: str) -> str:
    """Return the expression of `alias.column` over those rows."""
    return COMPUTED.get(column, column)
