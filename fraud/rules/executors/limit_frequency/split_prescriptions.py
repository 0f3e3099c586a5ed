"""One drug on several prescriptions of one provider and person, each within what one fill may hold, together beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, REFERENCE_COLUMNS, billed_items, drug_versions
from fraud.rules.relations.judged import hits_of_judged
from fraud.rules.relations.sent_twice import once, sent_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_UNIT = 10_000


@dataclass(frozen=True)
class SplitPrescriptions:
    """Prescriptions of one active substance on days that follow each other; what passes one fill's limit violates.

    Limits are those of items: strengths of one substance on one prescription, each within its own, are one fill, also
    where the rest of it follows later. Lines without a prescription are told apart by their settlement. Aliases for
    exemptions: `l`, the line, with `days_together`, what it and the item's lines so close to it last; `s`, its
    settlement; `r`, the item's reference in force.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    days_apart : str
        Parameter: days between prescriptions up to which they follow each other.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_prescriptions", Unit("prescription", "prescriptions", "张处方")),
        Measure("most_units", Unit("unit", "units", "个计价单位")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "days_together"),
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    days_apart: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days between."""
        return (self.days_apart,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.max_fill_quantity > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_prescriptions` with `most_units` together. What crosses violates by its excess."""
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        drug = "person_key, provider_key, drug"
        own = "k.person_key, k.provider_key, r.run, k.prescription"
        near = f"interval {values[self.days_apart]} day"
        equal = "{0}.person_key = {1}.person_key and {0}.provider_key = {1}.provider_key and {0}.drug = {1}.drug".format
        return f"""
        with {_limited(month)}
        ), asked as (
          select {drug} from limited group by {drug}
          having max(month) = '{month}' and min(prescription) < max(prescription) and sum(units) > min(most)
        ), {sent_again("limited")}, known as (
          select l.*, sum(l.days_supply) over (partition by l.person_key, l.provider_key, l.item_key order by l.fee_date
                   range between {near} preceding and {near} following) as days_together
          from limited l join asked a on {equal("a", "l")} where {once("l")}
        ), kept as (
          select l.*, s.settlement_id, s.settled_at from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where s.encounter_type in ({kinds}) and not {lawful}
        ), {self._runs(dialect, values)}
        ), lines as (
          select k.*, r.run, sum(k.units) over (partition by {own}, k.drug) as own_units,
                 sum(k.units) over (partition by {own}, k.item_key) as item_units,
                 sum(k.units) over (partition by k.person_key, k.provider_key, k.drug, r.run, k.item_key) as run_units
          from kept k join runs r on {equal("r", "k")} and r.fee_date = k.fee_date
        ), held as (
          select {drug}, run, max(n_strengths) as n_strengths from (
            select {drug}, run, count(distinct item_key) as n_strengths from lines group by {drug}, run, prescription
          ) p group by {drug}, run
        ), split as (
          select {drug}, run, count(distinct prescription) as most_prescriptions,
                 greatest(max(most), max(own_units)) as run_most,
                 cast(floor(sum(units) / {_UNIT}) as bigint) as most_units
          from lines join held using ({drug}, run) group by {drug}, run
          having count(distinct prescription) > 1 and sum(units) > greatest(max(most), max(own_units))
             and bool_and(item_units <= most) and max(month) = '{month}'
             -- One of the prescriptions could have held it all.
             and not (bool_and(run_units <= most) and max(n_strengths) = count(distinct item_key))
        ), ordered as (
          select l.*, p.most_prescriptions, p.run_most, p.most_units,
                 cast(sum(l.units) over (
                   partition by l.person_key, l.provider_key, l.drug, l.run
                   order by l.month, l.fee_time, l.settled_at, l.settlement_id, l.line_number
                   rows between unbounded preceding and current row
                 ) as bigint) as units_so_far
          from lines l join split p on {equal("p", "l")} and p.run = l.run
        ), judged as (
          select *, prescriber_key as practitioner_key, fee_date as service_date,
                 least(units_so_far - run_most, units) as part, units as whole,
                 case when month = '{month}' and units_so_far > run_most then 1 else 0 end as is_violating
          from ordered
        )
{hits_of_judged("judged", ("person_key", "provider_key", "drug", "run"), ["most_prescriptions", "most_units"])}
        """

    def _runs(self, dialect: Dialect, values: Mapping[str, int]) -> str:
        """Return `days` and `runs`: days of a drug that lie close together, numbered."""
        drug = "person_key, provider_key, drug"
        gap = dialect.days_between(f"lag(fee_date) over (partition by {drug} order by fee_date)", "fee_date")
        return f"""
        days as (
          select {drug}, fee_date, case when {gap} <= {values[self.days_apart]} then 0 else 1 end as begins
          from (select distinct {drug}, fee_date from kept) d
        ), runs as (
          select *, sum(begins) over (partition by {drug} order by fee_date) as run from days"""


def _limited(month: str) -> str:
    """Return CTEs that end in `limited`: lines of limited items that their person had of the provider in the month."""
    return f"""versions as (
{drug_versions("max_fill_quantity > 0")}
        ), recent as (
          select distinct l.person_key, l.provider_key, r.drug from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.month = '{month}'
        ), limited as (
          select l.*, r.drug, r.max_fill_quantity as most,
                 least(l.net_quantity, {LARGEST_QUANTITY}) as units,
                 coalesce(l.prescription_key, -l.settlement_key - 1) as prescription
          from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where (l.person_key, l.provider_key, r.drug) in (select person_key, provider_key, drug from recent)"""
