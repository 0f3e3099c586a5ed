"""What belongs to a stay paid by group, billed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from features.vocabulary.care import DRUGS
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_TESTS = ("examination", "laboratory")
# Lines of an item, over all providers, that say where it is given.
_FEWEST_LINES = 20


@dataclass(frozen=True)
class ShiftedLines:
    """Drugs and tests bought outside around a stay paid by group, though they are given in stays nearly always.

    What the person had before outside of a stay is a refill; what was given on the spot before makes one only of what
    is given so again. Aliases for exemptions: `l`, the line; `s`, its settlement; `o`, the stay.

    Parameters
    ----------
    encounter_types, stay_types : tuple of str
        Kinds of care outside, and kinds that are stays.
    days, usual : str
        Parameters: days around the stay; percentage of the item's lines, over all providers, in stays.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("shifted_stays", Unit("stay", "stays", "次住院")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    stay_types: tuple[str, ...]
    days: str
    usual: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_encounter_types("stay_types", self.stay_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Both numbers."""
        return (self.days, self.usual)

    @property
    def together(self) -> tuple[str, ...]:
        """All claims: what belongs into stays is learnt from them, and a hospital's stays are counted."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, named at the hospital of the stay; a line is found with the first stay that completes a pair."""
        # A treated bill is a course where one was treated before; what is taken away, where it was taken away before.
        first = "case when u.is_treated then h.first_date else h.first_taken end"
        before = dialect.days_between("l.fee_date", "o.admit_date")
        after = dialect.days_between("o.discharge_date", "l.fee_date")
        days = values[self.days]
        return f"""
        with stays as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.stay_types)} and discharge_date > admit_date
            and settlement_key in (select settlement_key from drg_assignments)
        ), outside as (
          select l.*, o.settlement_key as stay_key, o.provider_key as hospital_key, o.admit_date
          from rule_lines l
          join stays o on o.person_key = l.person_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          where s.encounter_type in {quoted_list(self.encounter_types)}
            and (l.item_type in {quoted_list(DRUGS)} or l.charge_category in {quoted_list(_TESTS)})
            and {before} <= {days} and {after} <= {days}
            and greatest(l.month, o.month) = '{month}' and not {lawful}
            and not exists (
              select 1 from stays o
              where o.person_key = l.person_key and greatest(l.month, o.month) < '{month}'
                and {before} <= {days} and {after} <= {days} and not {lawful})
        ), {self._belongs(values[self.usual])}
        ), had as (
          select e.person_key, e.item_key, min(e.fee_date) as first_date,
                 min(e.fee_date) filter (t.settlement_key is null) as first_taken
          from rule_lines e
          join (select distinct person_key, item_key from candidates) k
            on k.item_key = e.item_key and k.person_key = e.person_key
          join rule_settlements v on v.settlement_key = e.settlement_key
          left join treated t on t.settlement_key = e.settlement_key and e.item_type in {quoted_list(DRUGS)}
          where v.encounter_type in {quoted_list(self.encounter_types)}
          group by e.person_key, e.item_key
        ), shifted as (
          select u.* from candidates u
          join had h on h.person_key = u.person_key and h.item_key = u.item_key
          where {dialect.days_between(first, "u.admit_date")} <= {days}
        ), counted as (
          select u.*, n.n_stays from shifted u
          join (select hospital_key, count(distinct stay_key) as n_stays from shifted group by hospital_key) n
            on n.hospital_key = u.hospital_key
        )
        select settlement_key, line_number, 'violating' as role, hospital_key as provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, max(n_stays) as shifted_stays
        from counted group by settlement_key, line_number, hospital_key, person_key, fee_date, in_scope
        union all
        select distinct stay_key, cast(null as bigint), 'involved', hospital_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from counted
        """

    def _belongs(self, usual: int) -> str:
        """Return `candidates`, lines outside of what is given in stays nearly always, and `treated`, bills with a drip.

        A drug that is given on the spot, by drip or at a machine, is not taken to the ward: such bills neither count
        against the item nor are they named, unless the item is hardly given outside at all.
        """
        return f"""billed as (
          select l.settlement_key, l.item_key, l.item_type in {quoted_list(DRUGS)} as is_drug,
                 s.encounter_type in {quoted_list(self.stay_types)} as is_stay
          from window_charges l
          join window_settlements s on s.settlement_key = l.settlement_key
          where l.item_key in (select item_key from outside)
        ), treated as (
          select distinct l.settlement_key from window_charges l
          where l.charge_category = 'treatment'
            and l.settlement_key in (select settlement_key from billed where is_drug and not is_stay)
        ), belongs as (
          select b.item_key, count(*) filter (b.is_stay) * 100 >= count(*) * {usual} as is_always
          from billed b
          left join treated t on t.settlement_key = b.settlement_key
          group by b.item_key
          having count(*) >= {_FEWEST_LINES}
             and count(*) filter (b.is_stay) * 100
                 >= count(*) filter (b.is_stay or not b.is_drug or t.settlement_key is null) * {usual}
        ), candidates as (
          select u.*, t.settlement_key is not null as is_treated from outside u
          join belongs b on b.item_key = u.item_key
          left join treated t on t.settlement_key = u.settlement_key
          where b.is_always or t.settlement_key is null"""
