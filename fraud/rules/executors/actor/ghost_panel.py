"""Persons signed to a family doctor in one batch, hardly one of whom the doctor's institution has ever seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class GhostPanel:
    """Contracts of one provider, team and month of signing, of whose persons too few were seen at the provider.

    Contracts count that run at the end of the month and are old enough. A contract is no claim: what is shown are the
    month's settlements of these persons elsewhere, and they are worth nothing. Aliases for exemptions, which take a
    contract out: `c`, with `person_key`, `provider_key`, `team_id`, `start_date`, `end_date`.

    Parameters
    ----------
    least_persons : str
        Parameter: persons of the batch from which it is judged.
    seen_percent : str
        Parameter: persons of the batch seen in the window, in a hundred, from which nothing is said.
    deviations : str
        Parameter: square roots of the number expected, by which fewer are seen than of other providers' contracts of
        the same month of signing.
    new_days : str
        Parameter: days after signing, and of the window, in which nobody need have come.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_persons_signed", Unit("person", "persons", "人")),
        Measure("persons_seen", Unit("person", "persons", "人")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "c": ("person_key", "provider_key", "team_id", "start_date", "end_date"),
    }

    least_persons: str
    seen_percent: str
    deviations: str
    new_days: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Persons, share, deviations, days."""
        return (self.least_persons, self.seen_percent, self.deviations, self.new_days)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person; who was seen is read from all of the window."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements of the month elsewhere, by no share of their amounts."""
        age = dialect.days_between("greatest(n.start_date, m.first_day)", "m.last_day")
        return f"""
        with months as (
          select last_day(cast('{month}-01' as date)) as last_day, cast(min(month) || '-01' as date) as first_day
          from window_settlements
        ), running as (
          select n.person_key, n.provider_key, coalesce(n.team_id, '') as team_id, n.start_date, n.end_date
          from sound_family_doctor_contracts n
          cross join months m
          where n.start_date is not null and coalesce(n.end_date, m.last_day) >= m.last_day
            and {age} >= {values[self.new_days]}
        ), contracts as (
          select c.* from running c where not {lawful}
        ), visits as (
          select distinct s.person_key, s.provider_key from window_settlements s
          where s.provider_key in (select provider_key from contracts)
        ), signed as (
          select c.*, {dialect.month("c.start_date")} as signed, v.person_key is not null as is_seen
          from contracts c
          left join visits v on v.person_key = c.person_key and v.provider_key = c.provider_key
        ), of_month as (
          select signed, count(*) as n_signed, count(*) filter (is_seen) as n_seen from signed group by signed
        ), of_provider as (
          select signed, provider_key, count(*) as n_signed, count(*) filter (is_seen) as n_seen
          from signed group by signed, provider_key
        ), of_batch as (
          select provider_key, team_id, signed, count(*) as n_signed, count(*) filter (is_seen) as n_seen
          from signed group by provider_key, team_id, signed
        ), batches as (
          select b.*
          from (
            select b.*, b.n_signed * (m.n_seen - p.n_seen) / nullif(m.n_signed - p.n_signed, 0) as n_expected
            from of_batch b
            join of_month m on m.signed = b.signed
            join of_provider p on p.signed = b.signed and p.provider_key = b.provider_key
          ) b
          where b.n_signed >= {values[self.least_persons]}
            and b.n_seen * 100 < {values[self.seen_percent]} * b.n_signed
            and b.n_seen < b.n_expected - {values[self.deviations]} * sqrt(b.n_expected)
        ), ghosts as (
          select c.person_key, c.provider_key, b.n_signed, b.n_seen
          from signed c
          join batches b on b.provider_key = c.provider_key and b.team_id = c.team_id and b.signed = c.signed
          where not c.is_seen
        )
        select s.settlement_key, cast(null as bigint) as line_number, 'violating' as role, g.provider_key,
               cast(null as bigint) as person_key, cast(null as bigint) as practitioner_key,
               s.service_start_date as service_date, s.in_scope, cast(0 as bigint) as part, cast(1 as bigint) as whole,
               g.n_signed as most_persons_signed, g.n_seen as persons_seen
        from rule_settlements s
        join ghosts g on g.person_key = s.person_key
        where s.month = '{month}'
        """
