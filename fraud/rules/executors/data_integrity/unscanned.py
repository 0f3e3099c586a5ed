"""Insured drugs settled without a scan of their trace code, by providers that leave out far more than others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import BED_ENCOUNTERS, BOXED_DRUGS
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.ledger.sales import WHOLE_BOX
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Unscanned:
    """Lines of boxed drugs outside of stays whose bill holds no scan of the item.

    They violate where they are more than a share of the provider's lines since the first scan known of it, and twice
    the share of all others of its kind together. A provider of which no scan is known is left out: its scans are not
    in the source, or it has no scanner, which is a question of its own. Parts of a box are left out.
    Aliases for exemptions: `l`, the line; `s`, its settlement.

    Parameters
    ----------
    least_lines, least_percent : str
        Parameters: lines of a month below which a share says nothing; percent without scan.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("drug_lines", Unit("drug line", "drug lines", "条药品明细")),
        Measure("percent", Unit("percent", "percent", "%")),
        Measure("others_percent", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    least_lines: str
    least_percent: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Lines and percent."""
        return (self.least_lines, self.least_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """All lines: a provider is held against the others."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `percent` is the provider's share without scan, `others_percent` that of its kind."""
        return f"""
        with began as (
          select provider_key, cast(min(event_time) as date) as first_day from trace_events where event_type = 'sale'
          group by provider_key
        ), drugs as (
          select l.settlement_key, l.line_number, l.item_key, l.provider_key, l.fee_date, l.in_scope
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join began b on b.provider_key = l.provider_key and l.fee_date >= b.first_day
          where l.month = '{month}' and s.month = '{month}' and l.item_type in {quoted_list(BOXED_DRUGS)}
            and s.encounter_type not in {quoted_list(BED_ENCOUNTERS)} and l.net_quantity % {WHOLE_BOX} = 0
            and not {lawful}
        ), scans as (
          select distinct t.settlement_key, t.item_key from trace_events t
          join (select distinct settlement_key from drugs) d on d.settlement_key = t.settlement_key
          where t.event_type = 'sale'
        ), bills as (
          select d.settlement_key, count(distinct d.item_key) as n_items from drugs d group by d.settlement_key
        ), scanned_bills as (
          select settlement_key, count(*) as n_scanned from scans group by settlement_key
        ), seen as (
          -- A bill with a scan for each item has all: where the codes differ, two catalogues do.
          select d.*, s.item_key is null and coalesce(n.n_scanned, 0) < b.n_items as is_unscanned
          from drugs d
          join bills b on b.settlement_key = d.settlement_key
          left join scans s on s.settlement_key = d.settlement_key and s.item_key = d.item_key
          left join scanned_bills n on n.settlement_key = d.settlement_key
        ), providers_seen as (
          select d.provider_key, o.provider_type, count(*) as n, count(*) filter (d.is_unscanned) as n_unscanned
          from seen d left join sound_providers o on o.provider_key = d.provider_key
          group by d.provider_key, o.provider_type
        ), kinds as (
          select provider_type, sum(n) as n, sum(n_unscanned) as n_unscanned from providers_seen group by provider_type
        ), chosen as (
          select p.provider_key, p.n as drug_lines, cast(100 * p.n_unscanned // p.n as bigint) as percent,
            cast(100 * (k.n_unscanned - p.n_unscanned) // greatest(k.n - p.n, 1) as bigint) as others_percent
          from providers_seen p join kinds k on k.provider_type is not distinct from p.provider_type
          where p.n >= {values[self.least_lines]} and 100 * p.n_unscanned >= {values[self.least_percent]} * p.n
            and p.n_unscanned * (k.n - p.n) > 2 * (k.n_unscanned - p.n_unscanned) * p.n
        )
        select d.settlement_key, d.line_number, 'violating' as role, d.provider_key, cast(null as bigint) as person_key,
          cast(null as bigint) as practitioner_key, d.fee_date as service_date, d.in_scope, cast(1 as bigint) as part,
          cast(1 as bigint) as whole, c.drug_lines, c.percent, c.others_percent
        from seen d join chosen c on c.provider_key = d.provider_key
        where d.is_unscanned
        """
