"""Drugs handed out on a prescription that the issuing side does not bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import DRUGS
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.pooled import is_pooled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Read as stored: whether the fill came before the issue is the question here, and no reason to take both for unknown.
AS_WRITTEN = "prescriptions"
FAULTS = ("not_in_feed", "written_later", "prescriber_elsewhere")
_PRESCRIPTION = ("prescription_key", "issuing_provider_key", "prescriber_key", "issue_time", "channel", "dispense_time")
_PRESCRIBER = ("practitioner_key", "provider_key", "title", "is_team_identifier", "can_prescribe")
# Prescriptions are filled, and filled again, within twelve weeks at most: older ones may lie before the feed.
_REACH_DAYS = 84
# Most sales before their prescriptions, whoever wrote them: the clock of the till is wrong.
_CLOCK_ISSUERS = 5
# A feed that knows fewer of the prescriptions that others fill is no whole feed.
_LEAST_KNOWN_PERCENT = 80


@dataclass(frozen=True)
class PrescriptionFault:
    """Lines of drugs whose prescription has a fault.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `x`, the prescription; `d`, its prescriber.

    Parameters
    ----------
    fault : str
        `not_in_feed`: no such prescription, though those that other providers fill are there; `written_later`: issued
        after the drug was handed out; `prescriber_elsewhere`: by one who is registered at another provider, of another
        group, and does not work at the issuing one.
    allowed : tuple of str
        Parameter: minutes that are no fault, for `written_later`; days at the month's end that may be on their way,
        for `not_in_feed`.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("prescriptions", Unit("prescription", "prescriptions", "张处方")),
        Measure("most_hours", Unit("hour", "hours", "小时")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "x": _PRESCRIPTION,
        "d": _PRESCRIBER,
    }

    fault: str
    allowed: tuple[str, ...]

    def __post_init__(self) -> None:
        check_choice("fault", [self.fault], FAULTS)
        wanted = 1 if self.fault in {"not_in_feed", "written_later"} else 0
        if len(self.allowed) != wanted:
            raise ValueError(f"allowed must name {wanted} parameters for {self.fault}; got {len(self.allowed)}")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Minutes or days that are no fault."""
        return self.allowed

    @property
    def together(self) -> tuple[str, ...]:
        """Lines one by one; for the feed all lines, which say how much of it is there."""
        return () if self.fault == "not_in_feed" else ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_hours` lie between sale and prescription, where it was written later."""
        allowed = values[self.allowed[0]] if self.allowed else 0
        return f"""
        with filled as (
          select l.*, x.issuing_provider_key, x.prescriber_key as writer_key, x.issue_time, x.dispense_time,
            x.prescription_key is null as is_unknown, s.attending_practitioner_key
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          left join {AS_WRITTEN} x on x.prescription_key = l.prescription_key
          left join sound_practitioners d on d.practitioner_key = coalesce(x.prescriber_key, l.prescriber_key)
          where l.month = '{month}' and s.month = '{month}' and l.item_type in {quoted_list(DRUGS)}
            and l.prescription_key is not null and not {lawful}
        ), faulty as ({self._faulty(month, allowed)}), counted as (
          select provider_key, count(distinct coalesce(prescription_key, -settlement_key)) as prescriptions
          from faulty group by provider_key
        )
        select f.settlement_key, f.line_number, 'violating' as role, f.provider_key,
          cast(null as bigint) as person_key, coalesce(f.writer_key, f.prescriber_key) as practitioner_key,
          f.fee_date as service_date, f.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
          c.prescriptions, cast(coalesce(f.hours, 0) as bigint) as most_hours
        from faulty f join counted c on c.provider_key = f.provider_key
        """

    def _faulty(self, month: str, allowed: int) -> str:
        if self.fault == "written_later":
            # Times without a clock are days; the minute of the sale is that of the line, or later as dispensed.
            given = "greatest(f.fee_time, coalesce(f.dispense_time, f.fee_time))"
            return f"""
            select j.* exclude (is_late) from (
              select f.*, date_diff('hour', {given}, f.issue_time) as hours,
                not f.is_unknown and date_diff('second', {given}, f.issue_time) > {allowed * 60}
                  and (f.fee_time <> cast(f.fee_date as timestamp) or cast(f.issue_time as date) > f.fee_date)
                  as is_late
              from filled f
            ) j
            join (
              select provider_key from (
                select f.provider_key, f.issuing_provider_key, {given} < f.issue_time as is_before from filled f
              ) group by provider_key
              having not (2 * count(*) filter (is_before) > count(*)
                and count(distinct issuing_provider_key) filter (is_before) >= {_CLOCK_ISSUERS})
            ) c on c.provider_key = j.provider_key
            where j.is_late
            """
        if self.fault == "not_in_feed":
            return f"""
            select f.*, 0 as hours from filled f
            join (
              select p.provider_key from (
                select provider_key, count(*) as n, count(*) filter (not is_unknown) as n_known
                from filled group by provider_key
              ) p, (select count(*) as n, count(*) filter (not is_unknown) as n_known from filled) a
              where 100 * (a.n_known - p.n_known) >= {_LEAST_KNOWN_PERCENT} * (a.n - p.n) and a.n > p.n
            ) covered on covered.provider_key = f.provider_key
            where f.is_unknown
              and f.fee_date >= (select cast(min(issue_time) as date) + {_REACH_DAYS} from {AS_WRITTEN})
              and f.fee_date < last_day(cast('{month}-01' as date)) - {allowed - 1}
            """
        if self.fault == "prescriber_elsewhere":
            return f"""
            select f.*, 0 as hours from filled f
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
        return "select f.*, 0 as hours from filled f"
