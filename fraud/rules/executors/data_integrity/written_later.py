"""Drugs handed out before their prescription was written, and the visit on paper that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import DRUGS
from features.vocabulary.months import month_before
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.care import SEEN
from fraud.rules.relations.prescribed import AS_WRITTEN, PRESCRIBED_ALIASES, handed_out, is_written_later

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Most sales before their prescriptions, whoever wrote them: the clock of the till is wrong.
_CLOCK_ISSUERS = 5
_GIVEN = handed_out("f", "f")


@dataclass(frozen=True)
class WrittenLater:
    """Lines of drugs whose prescription was issued after they were handed out.

    With them the visit that was billed for the prescription: of the same person and prescriber, on the day of issue
    and after the sale, with nothing on its bill but registration and consultation. Who was treated there was there.
    Aliases for exemptions: `l`, the line of the drug; `s`, its settlement; `x`, the prescription; `d`, its prescriber.

    Parameters
    ----------
    allowed : str
        Parameter: minutes that are no fault.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("prescriptions", Unit("prescription", "prescriptions", "张处方")),
        Measure("most_hours", Unit("hour", "hours", "小时")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = PRESCRIBED_ALIASES

    allowed: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes."""
        return (self.allowed,)

    @property
    def together(self) -> tuple[str, ...]:
        """All lines: a shop's clock is judged by all its prescriptions."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_hours` lie between sale and prescription, `prescriptions` are the provider's."""
        return f"""
        with filled as (
          -- A drug of the month before may have its prescription and visit in this one.
          select l.*, x.issuing_provider_key, x.prescriber_key as writer_key, x.issue_time, x.dispense_time
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join {AS_WRITTEN} x on x.prescription_key = l.prescription_key
          left join sound_practitioners d on d.practitioner_key = coalesce(x.prescriber_key, l.prescriber_key)
          where l.month in ('{month}', '{month_before(month)}') and l.item_type in {quoted_list(DRUGS)} and not {lawful}
        ), clocks as (
          select provider_key from (
            select f.provider_key, f.issuing_provider_key, {_GIVEN} < f.issue_time as is_before from filled f
          ) group by provider_key
          having not (2 * count(*) filter (is_before) > count(*)
            and count(distinct issuing_provider_key) filter (is_before) >= {_CLOCK_ISSUERS})
        ), late as (
          select f.*, date_diff('hour', {_GIVEN}, f.issue_time) as hours
          from filled f join clocks c on c.provider_key = f.provider_key
          where {is_written_later("f", "f", values[self.allowed])}
        ), {_paper_visits(month)}, named as (
          select settlement_key, line_number, provider_key, coalesce(writer_key, prescriber_key) as practitioner_key,
            fee_date, in_scope, prescription_key, hours
          -- What was sold at the end of the month before and prescribed in this one, that month could not know.
          from late where month = '{month}' or issue_time >= cast('{month}-01' as timestamp)
          union all
          select settlement_key, line_number, provider_key, writer_key, fee_date, in_scope, prescription_key, hours
          from paper
        ), counted as (
          select provider_key, count(distinct prescription_key) as prescriptions from named group by provider_key
        )
        select n.settlement_key, n.line_number, 'violating' as role, n.provider_key, cast(null as bigint) as person_key,
          n.practitioner_key, n.fee_date as service_date, n.in_scope, cast(1 as bigint) as part,
          cast(1 as bigint) as whole, c.prescriptions, cast(n.hours as bigint) as most_hours
        from named n join counted c on c.provider_key = n.provider_key
        """


def _paper_visits(month: str) -> str:
    """Return CTEs that end in `paper`: the lines of visits billed for late prescriptions, each with its longest."""
    return f"""
        on_the_day as (
          select v.settlement_key, f.writer_key, {_GIVEN} as given_at, f.prescription_key, f.hours
          from late f
          join rule_settlements v on v.provider_key = f.issuing_provider_key and v.person_key = f.person_key
            and v.attending_practitioner_key = f.writer_key and v.service_start_date = cast(f.issue_time as date)
          where v.month = '{month}' and v.service_end_date = v.service_start_date
        ), visits as (
          select * from on_the_day
          where settlement_key not in (
            select settlement_key from window_charges
            where settlement_key in (select settlement_key from on_the_day)
              and not coalesce(charge_category in {quoted_list(SEEN)}, false))
          qualify row_number() over (partition by settlement_key order by hours desc, prescription_key) = 1
        ), paper as (
          select l.settlement_key, l.line_number, l.provider_key, v.writer_key, l.fee_date, l.in_scope,
            v.prescription_key, v.hours
          from rule_lines l join visits v on v.settlement_key = l.settlement_key
          qualify bool_and(l.fee_time > v.given_at) over (partition by l.settlement_key)
        )"""
