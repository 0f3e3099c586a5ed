"""Drugs handed out on a prescription that the issuing side does not bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import DRUGS
from features.vocabulary.months import month_before
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.pooled import is_pooled
from fraud.rules.relations.prescribed import AS_WRITTEN, PRESCRIBED_ALIASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

FAULTS = ("not_in_feed", "prescriber_elsewhere")
# Prescriptions are filled, and filled again, within twelve weeks at most: older ones may lie before the feed.
_REACH_DAYS = 84
# So late in a month, what a provider fills after the last prescription of its that is known may be on its way.
_LAST_DAYS = 7
# A feed that knows fewer of the prescriptions that others fill is no whole feed.
_LEAST_KNOWN_PERCENT = 80
# While the feed is young, what it lacks of others' prescriptions, so many at the least, may explain one in ten.
_FEWEST_OTHERS, _EXPLAINED = 20, 10


@dataclass(frozen=True)
class PrescriptionFault:
    """Lines of drugs whose prescription has a fault.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `x`, the prescription; `d`, its prescriber.

    Parameters
    ----------
    fault : str
        `not_in_feed`: no such prescription, though those that other providers fill are there; `prescriber_elsewhere`:
        by one who is registered at another provider, of another group, and does not work at the issuing one.
    allowed : tuple of str
        Parameter: days at the month's end that may be on their way, for `not_in_feed`.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("prescriptions", Unit("prescription", "prescriptions", "张处方")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = PRESCRIBED_ALIASES

    fault: str
    allowed: tuple[str, ...]

    def __post_init__(self) -> None:
        check_choice("fault", [self.fault], FAULTS)
        wanted = 1 if self.fault == "not_in_feed" else 0
        if len(self.allowed) != wanted:
            raise ValueError(f"allowed must name {wanted} parameters for {self.fault}; got {len(self.allowed)}")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Days that are no fault."""
        return self.allowed

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider, whose prescriptions are counted; for the feed all, which say how much is there."""
        return () if self.fault == "not_in_feed" else ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `prescriptions` are the provider's with the fault."""
        allowed = values[self.allowed[0]] if self.allowed else 0
        # What was on its way at the end of the month before has had a month to arrive.
        months = (month, month_before(month)) if self.fault == "not_in_feed" else (month,)
        return f"""
        with filled as (
          select l.*, x.issuing_provider_key, x.prescriber_key as writer_key, x.issue_time, x.dispense_time,
            x.prescription_key is null as is_unknown, s.attending_practitioner_key
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          left join {AS_WRITTEN} x on x.prescription_key = l.prescription_key
          left join sound_practitioners d on d.practitioner_key = coalesce(x.prescriber_key, l.prescriber_key)
          where l.month in {quoted_list(months)} and s.month = l.month and l.item_type in {quoted_list(DRUGS)}
            and l.prescription_key is not null and not {lawful}
        ), faulty as ({self._faulty(month, allowed)}), counted as (
          select provider_key, count(distinct coalesce(prescription_key, -settlement_key)) as prescriptions
          from faulty group by provider_key
        )
        select f.settlement_key, f.line_number, 'violating' as role, f.provider_key,
          cast(null as bigint) as person_key, coalesce(f.writer_key, f.prescriber_key) as practitioner_key,
          f.fee_date as service_date, f.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
          c.prescriptions
        from faulty f join counted c on c.provider_key = f.provider_key
        """

    def _faulty(self, month: str, allowed: int) -> str:
        if self.fault == "not_in_feed":
            return _not_in_feed(month, allowed)
        return f"""
        select f.* from filled f
        join sound_practitioners d on d.practitioner_key = f.writer_key
        left join sound_providers o on o.provider_key = f.issuing_provider_key
        left join sound_providers r on r.provider_key = d.provider_key
        where not f.is_unknown and d.provider_key <> f.issuing_provider_key
          and not coalesce(o.group_id = r.group_id, false) and not {is_pooled("f.writer_key")}
          and not exists (
            select 1 from window_settlements w where w.provider_key = f.issuing_provider_key
              and w.attending_practitioner_key = f.writer_key
          )
          and exists (select 1 from window_settlements w where w.provider_key = f.issuing_provider_key)
        """


def _not_in_feed(month: str, allowed: int) -> str:
    """Select the lines of `filled` whose prescription should have arrived and has not.

    Of the month before, those left out then as being on their way, once a later one of the provider's is known.
    """
    first_known = f"select cast(min(issue_time) as date) + {_REACH_DAYS} from {AS_WRITTEN}"
    last = "last_day(f.first_day)"
    in_time = f"""(f.fee_date < {last} - {allowed - 1}
              and (f.fee_date < {last} - {_LAST_DAYS - 1} or coalesce(f.fee_date <= c.last_known, false)))"""
    return f"""
            with placed as (
              select *, fee_date < ({first_known}) as is_early, cast(month || '-01' as date) as first_day from filled
            ), counts as (
              select provider_key, month, count(*) as n, count(*) filter (not is_unknown) as n_known,
                     count(*) filter (is_early) as n_early,
                     count(*) filter (is_early and is_unknown) as n_early_unknown,
                     -- As the month itself could see it.
                     max(case when issue_time < first_day + interval 1 month then fee_date end) as last_known
              from placed group by provider_key, month
            ), compared as (
              select *, sum(n) over (partition by month) - n as others,
                     sum(n_known) over (partition by month) - n_known as others_known,
                     sum(n_early) over (partition by month) - n_early as others_early,
                     sum(n_early_unknown) over (partition by month) - n_early_unknown as others_early_unknown,
                     max(last_known) over (partition by provider_key) as last_known_now
              from counts
            )
            select f.* from placed f
            join compared c on c.provider_key = f.provider_key and c.month = f.month
            where f.is_unknown and c.others > 0 and 100 * c.others_known >= {_LEAST_KNOWN_PERCENT} * c.others
              and (not f.is_early or c.others_early >= {_FEWEST_OTHERS}
                and c.others_early_unknown * c.n_early * {_EXPLAINED} <= c.n_early_unknown * c.others_early)
              and case when f.month = '{month}' then {in_time}
                       else not {in_time} and f.fee_date < c.last_known_now end"""
