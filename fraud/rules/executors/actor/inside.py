"""Claims of one person dated while the person lay in a hospital: the claim violates, the stay is involved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import REFILL_DAYS, SEEN, is_body_bound, is_drug, ward_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# What the claims show of a line and the day on which it is dated.
_EVIDENCE = (
    *("is_body_bound", "is_present", "is_refill", "is_cared_for", "is_held", "is_after_stay", "is_same_group"),
)

# Of a stay's days without care, from which on the bed is held (typology H02).
_EMPTY_PERCENT = 40


@dataclass(frozen=True)
class Inside:
    """Lines dated inside a stay, a margin away from both of its ends.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `o`, the stay; `e`, what the claims show of both:
    `is_body_bound`, the patient must have come; `is_present`, the bill says so: something of it is, or a doctor was
    seen and none of its drugs is a refill; `is_refill`, a drug that the patient was taking before the stay;
    `is_cared_for`, the ward did something for the patient that day, or its lines do not tell days apart; `is_held`, it
    did nothing on two nights in five; `is_after_stay`, the stay bills nothing from that day on; `is_same_group`,
    another provider of the hospital's group.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that cannot be had during a stay.
    stay_types : tuple of str
        Kinds of care that are stays.
    margin_days : str
        Parameter: days after admission and before discharge that are left in peace.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_since_admission", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "e": _EVIDENCE,
    }

    encounter_types: tuple[str, ...]
    stay_types: tuple[str, ...]
    margin_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_encounter_types("stay_types", self.stay_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The margin."""
        return (self.margin_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_since_admission` are the days since admission.

        A pair of claim and stay is found in the month in which the later of both was settled: a stay is
        mostly settled after what was bought during it.
        """
        since = dialect.days_between("o.admit_date", "l.fee_date")
        until = dialect.days_between("l.fee_date", "o.discharge_date")
        margin = values[self.margin_days]
        return f"""
        with stays as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.stay_types)} and discharge_date > admit_date
        ), visits as (
          select s.* from rule_settlements s
          where s.encounter_type in {quoted_list(self.encounter_types)}
            and s.person_key in (select person_key from stays)
        ), met as (
          select l.*, o.settlement_key as stay_key, {since} as days_in,
                 case when o.month > l.month then o.month else l.month end as complete_month
          from rule_lines l
          join visits s on s.settlement_key = l.settlement_key
          join stays o on o.person_key = l.person_key
          where {since} >= {margin} and {until} >= {margin}
        ), {self._evidence(dialect)}
        , pairs as (
          select l.*
          from met l
          join stays o on o.settlement_key = l.stay_key
          join visits s on s.settlement_key = l.settlement_key
          join evidence e
            on e.settlement_key = l.settlement_key and e.line_number = l.line_number and e.stay_key = l.stay_key
          where not {lawful}
        ), lines as (
          select settlement_key, line_number, provider_key, person_key, fee_date, in_scope,
                 max(days_in) as days_in
          from pairs
          group by settlement_key, line_number, provider_key, person_key, fee_date, in_scope
          having min(complete_month) = '{month}'
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, days_in as most_days_since_admission
        from lines
        union all
        select distinct p.stay_key, cast(null as bigint), 'involved', p.provider_key, p.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from pairs p
        join lines l on l.settlement_key = p.settlement_key and l.line_number = p.line_number
        """

    @staticmethod
    def _evidence(dialect: Dialect) -> str:
        """Return SQL of `evidence`, one row per line and stay of `met`."""
        nights = dialect.days_between("o.admit_date", "o.discharge_date")
        before = dialect.days_between("b.fee_date", "o.admit_date")
        return f"""
        ward as ({ward_days("met", "stay_key")}
        ), told as (
          select w.settlement_key, max(w.fee_date) as last_date,
                 sum(w.is_cared) filter (w.fee_date >= o.admit_date and w.fee_date < o.discharge_date) as n_cared
          from ward w join stays o on o.settlement_key = w.settlement_key group by w.settlement_key
        ), before as (
          select distinct m.person_key, m.stay_key, m.item_key
          from rule_lines b
          join (select distinct person_key, stay_key, item_key from met l where {is_drug("l")}) m
            on m.person_key = b.person_key and m.item_key = b.item_key
          join stays o on o.settlement_key = m.stay_key
          where b.fee_date < o.admit_date
            and {before} <= least({REFILL_DAYS}, coalesce(2 * nullif(b.days_supply, 0), {REFILL_DAYS}))
        ), present as (
          select b.settlement_key, b.stay_key
          from (
            select l.settlement_key, m.stay_key, {is_body_bound("l")} as is_bound,
                   coalesce(l.charge_category in {quoted_list(SEEN)}, false) as is_seen,
                   r.item_key is not null as is_refill
            from rule_lines l
            join (select distinct settlement_key, stay_key from met) m on m.settlement_key = l.settlement_key
            left join before r on r.stay_key = m.stay_key and r.item_key = l.item_key
          ) b
          group by b.settlement_key, b.stay_key
          having bool_or(b.is_bound) or (bool_or(b.is_seen) and not bool_or(b.is_refill))
        ), evidence as (
          select l.settlement_key, l.line_number, l.stay_key, {is_body_bound("l")} as is_body_bound,
                 p.stay_key is not null as is_present, b.item_key is not null as is_refill,
                 not o.is_dated or coalesce(w.is_cared, 0) = 1 as is_cared_for,
                 o.is_dated and coalesce(t.n_cared, 0) * 100 <= {100 - _EMPTY_PERCENT} * {nights} as is_held,
                 o.is_dated and t.last_date < l.fee_date as is_after_stay,
                 coalesce(l.provider_key <> o.provider_key and v.group_id = h.group_id, false) as is_same_group
          from met l
          join stays o on o.settlement_key = l.stay_key
          left join present p on p.settlement_key = l.settlement_key and p.stay_key = l.stay_key
          left join told t on t.settlement_key = l.stay_key
          left join ward w on w.settlement_key = l.stay_key and w.fee_date = l.fee_date
          left join before b on b.stay_key = l.stay_key and b.item_key = l.item_key
          left join sound_providers v on v.provider_key = l.provider_key
          left join sound_providers h on h.provider_key = o.provider_key
        )"""
