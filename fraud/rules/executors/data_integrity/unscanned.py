"""Insured drugs settled without a scan of their trace code, by providers that leave out far more than others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import BED_ENCOUNTERS, BOXED_DRUGS
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.ledger.sales import WHOLE_BOX
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, with_version
from fraud.rules.relations.peer_fences import values_sql
from fraud.rules.relations.peer_funnel import beyond_funnel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_RATIO = "unscanned_share"
# `seen`: the drug lines, and whether each has no scan. A scan of what the bill does not hold stands for an item without
# one: two catalogues differ.
_SEEN = """without as (
          select d.settlement_key, count(distinct d.item_key) as n_items
          from drugs d left join scans s on s.settlement_key = d.settlement_key and s.item_key = d.item_key
          where s.item_key is null group by d.settlement_key
        ), other_scans as (
          select s.settlement_key, count(*) as n_scanned
          from scans s
          join without w on w.settlement_key = s.settlement_key
          left join (
            select distinct settlement_key, item_key from claim_lines
            where settlement_key in (select settlement_key from without)
          ) b on b.settlement_key = s.settlement_key and b.item_key = s.item_key
          where b.settlement_key is null
          group by s.settlement_key
        ), seen as (
          select d.*, s.item_key is null and coalesce(n.n_scanned, 0) < w.n_items as is_unscanned
          from drugs d
          left join scans s on s.settlement_key = d.settlement_key and s.item_key = d.item_key
          left join without w on w.settlement_key = d.settlement_key
          left join other_scans n on n.settlement_key = d.settlement_key"""


@dataclass(frozen=True)
class Unscanned:
    """Lines of boxed drugs outside of stays whose bill holds no scan of the item, nor one of what it does not bill.

    They violate where their share of the provider's lines since the first scan known of it lies beyond what chance and
    the differences among providers like it explain: scanners fail everywhere, at one more often than at another. A
    provider of which no scan is known is left out: its scans are not in the source, or it has no scanner, which is a
    question of its own. Parts of a box are left out, and items that others settle mostly without a scan: they have no
    code, or the treatment room opens their boxes.
    Aliases for exemptions: `l`, the line; `s`, its settlement; `r`, its item in the version of the day.

    Parameters
    ----------
    least_lines, least_percent, peers : str
        Parameters: lines of a month below which a share says nothing; percent without scan below which nothing is
        said; providers below which a coarser peer group is taken.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("drug_lines", Unit("drug line", "drug lines", "条药品明细")),
        Measure("percent", Unit("percent", "percent", "%")),
        Measure("fence_percent", Unit("percent", "percent", "%")),
        Measure("n_peers", Unit("peer", "peers", "家同类机构")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    least_lines: str
    least_percent: str
    peers: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Lines, percent and peers."""
        return (self.least_lines, self.least_percent, self.peers)

    @property
    def together(self) -> tuple[str, ...]:
        """All lines: a provider is held against the others."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `percent` is the share without scan, rounded up, `fence_percent` the peers' fence, down."""
        flagged = beyond_funnel(
            dialect,
            "unscanned_values",
            fewest_peers=values[self.peers],
            least_percent=values[self.least_percent],
        )
        return f"""
        with began as (
          select provider_key, cast(min(event_time) as date) as first_day from trace_events where event_type = 'sale'
          group by provider_key
        ), drugs as (
          select l.settlement_key, l.line_number, l.item_key, l.provider_key, l.fee_date, l.in_scope
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join began b on b.provider_key = l.provider_key and l.fee_date >= b.first_day
          {with_version()}
          where l.month = '{month}' and s.month = '{month}' and l.item_type in {quoted_list(BOXED_DRUGS)}
            and s.encounter_type not in {quoted_list(BED_ENCOUNTERS)} and l.net_quantity % {WHOLE_BOX} = 0
            and not {lawful}
        ), scans as (
          select distinct t.settlement_key, t.item_key from trace_events t
          join (select distinct settlement_key from drugs) d on d.settlement_key = t.settlement_key
          where t.event_type = 'sale'
        ), {_SEEN}
        ), sellers as (
          select provider_key, item_key, count(*) as n, count(*) filter (is_unscanned) as n_unscanned
          from seen group by provider_key, item_key
        ), coded as (
          select d.* from seen d
          join (select provider_key, item_key, n, n_unscanned, sum(n) over item as n_all,
                       sum(n_unscanned) over item as n_all_unscanned
                from sellers window item as (partition by item_key)) i
            on i.provider_key = d.provider_key and i.item_key = d.item_key
          where 2 * (i.n_all_unscanned - i.n_unscanned) <= i.n_all - i.n
        ), unscanned_sums as (
          select '{_RATIO}' as ratio, provider_key, count(*) filter (is_unscanned) as part, count(*) as whole,
                 count(*) as n
          from coded group by provider_key having count(*) >= {values[self.least_lines]}
        ), unscanned_values as ({values_sql("unscanned_sums")}
        ), {flagged}
        select d.settlement_key, d.line_number, 'violating' as role, d.provider_key, cast(null as bigint) as person_key,
          cast(null as bigint) as practitioner_key, d.fee_date as service_date, d.in_scope, cast(1 as bigint) as part,
          cast(1 as bigint) as whole, cast(count(*) over (partition by d.provider_key) as bigint) as drug_lines,
          cast(ceil(round(c.value * 100, 4)) as bigint) as percent,
          cast(floor(round(c.fence * 100, 4)) as bigint) as fence_percent, c.n_peers
        from coded d join flagged c on c.provider_key = d.provider_key
        qualify d.is_unscanned
        """
