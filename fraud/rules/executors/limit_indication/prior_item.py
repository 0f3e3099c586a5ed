"""Lines of items that are paid only after another was tried, without that other one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure


@dataclass(frozen=True)
class PriorItem:
    """Second-line items of persons for whom none of the first line was ever billed in the window.

    Only lines are looked at before which the window shows enough days; who had the second-line item before these is
    continuing a treatment whose beginning is not seen. Aliases for exemptions: `l`, the line, with the catalogue's
    `listed_name`; `s`, its settlement.

    Parameters
    ----------
    history_days : str
        Parameter: days before the line that must be seen.
    """

    family: ClassVar[str] = "limit_indication"
    measures: ClassVar[tuple[Measure, ...]] = ()
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": (*LINE_COLUMNS, "listed_name"), "s": SETTLEMENT_COLUMNS}

    history_days: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days of history."""
        return (self.history_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits."""
        days = values[self.history_days]
        seen, since = (dialect.days_between("w.first_day", f"{alias}.fee_date") for alias in ("f", "u"))
        return f"""
        with limited as (
          select item_key, item_name, requires_prior_item_codes as priors, from_date, to_date, next_date from rule_items
          where requires_prior_item_codes is not null
        ), first_line as (
          select p.priors, c.item_key from codes_item c
          join (select distinct priors, unnest(string_split(priors, '|')) as item_code from limited) p
            on p.item_code = c.item_code
        ), window_start as (
          select min(service_end_date) as first_day from window_settlements
        ), billed as (
          select f.* from (
            select l.*, i.priors, i.item_name as listed_name from rule_lines l
            join limited i on i.item_key = l.item_key and {is_in_force("i", "l.fee_date")}
            where l.month = '{month}'
          ) f cross join window_start w where {seen} >= {days}
        ), who as (
          select distinct person_key from billed
        ), used as (
          select u.person_key, u.item_key, u.fee_date from window_lines u
          join who on who.person_key = u.person_key
          where u.item_key in (select item_key from first_line) or u.item_key in (select item_key from limited)
        ), tried as (
          select distinct f.settlement_key, f.line_number from billed f
          join used u on u.person_key = f.person_key and u.fee_date <= f.fee_date
          join first_line p on p.priors = f.priors and p.item_key = u.item_key
          union
          select distinct f.settlement_key, f.line_number from billed f
          join used u on u.person_key = f.person_key and u.item_key = f.item_key
          cross join window_start w where {since} < {days}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               l.prescriber_key as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole
        from rule_settlements s join billed l on l.settlement_key = s.settlement_key
        where not {lawful} and not exists (
          select 1 from tried t where t.settlement_key = l.settlement_key and t.line_number = l.line_number)
        """
