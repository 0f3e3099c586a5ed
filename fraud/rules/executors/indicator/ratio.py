"""A ratio of a provider beyond the fence of its peers, or beyond a cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.peer_fences import beyond_fence
from fraud.rules.relations.ratios import RATIO_CELLS, RATIO_VALUES, RATIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# In hundredths of a percent: a rate of infections or of imaging and its fence are often less than one percent apart.
_PERCENT = Unit("percent", "percent", "%", decimals=2)
# Bills that stand for a ratio without money of its own: so many are enough to begin with.
_MOST_BILLS = 200
_NAMED = ("dearest_lines", "bills", "whole_bills")


@dataclass(frozen=True)
class RatioBeyond:
    """Providers whose ratio of the month lies beyond the peers' fence or a cap, and lines that stand for it.

    Aliases for exemptions: `o`, the provider; `s`, the settlement of a line that stands for it.

    Parameters
    ----------
    ratio : str
        One of `fraud.rules.relations.ratios.RATIOS`.
    named : str
        Which lines violate. `dearest_lines`: the fewest lines of the part that make up the money beyond the fence.
        `whole_bills`: all lines of the bills of the part, each by the share of the ratio beyond the fence; bills that
        an exemption takes out are none of the part, whose own bills are counted. `bills`: of each bill of the part its
        dearest line, at no exposure.
    peers, cases, least, cap : str
        Parameters: fewest peers; fewest rows behind the provider's ratio; percentage below which nothing is said;
        percentage beyond which it is said whatever peers do, 0 for none.
    lines : str, optional
        Parameter, not of `bills`: an excess that fewer lines make up is not said.
    """

    family: ClassVar[str] = "indicator"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("provider_percent", _PERCENT),
        Measure("median_percent", _PERCENT),
        Measure("fence_percent", _PERCENT),
        Measure("n_peers", Unit("peer", "peers", "家同类机构")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "o": tuple(name for name, _ in TABLES["providers"].stored),
        "s": SETTLEMENT_COLUMNS,
    }

    ratio: str
    named: str
    peers: str
    cases: str
    least: str
    cap: str
    lines: str = ""

    def __post_init__(self) -> None:
        check_choice("ratio", [self.ratio], RATIOS)
        check_choice("named", [self.named], _NAMED)
        if self.lines and self.named == "bills":
            raise ValueError("lines goes with named dearest_lines or whole_bills; got bills")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All numbers that are given."""
        return (self.peers, self.cases, self.least, self.cap, *([self.lines] if self.lines else []))

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; peers are compared by their sums."""
        return ("provider_key",)

    def anchor(self, values: Mapping[str, int]) -> str:
        """Return SQL of the providers beyond the fence."""
        return f"with {self._flagged(values)} select provider_key from flagged"

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits with the provider's value, its peers' number, median and fence, in hundredths of a percent.

        The value is rounded up and the fence down, so that what lies beyond the fence also reads so.
        """
        fewest = values[self.lines] if self.lines else 1
        chosen = {
            "dearest_lines": _dearest(fewest),
            "bills": _bills(),
            "whole_bills": _whole_bills(fewest, values[self.least]),
        }[self.named]
        return f"""
        with {self._flagged(values)}, part_rows as ({self._part_lines(month)}
        ), standing as (
          select l.*, s.settlement_id, f.value, f.median_value, f.fence, f.n_peers
          from part_rows k
          join rule_lines l on l.settlement_key = k.settlement_key
            and (k.line_number is null or k.line_number = l.line_number)
          join flagged f on f.provider_key = l.provider_key
          join sound_providers o on o.provider_key = l.provider_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          where l.month = '{month}' and not {lawful}
        ), {chosen}
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope, part, whole,
               cast(ceil(round(value * 10000, 4)) as bigint) as provider_percent,
               cast(round(median_value * 10000) as bigint) as median_percent,
               cast(floor(round(fence * 10000, 4)) as bigint) as fence_percent, n_peers
        from chosen
        """

    def _flagged(self, values: Mapping[str, int]) -> str:
        return beyond_fence(
            self.ratio,
            RATIO_VALUES,
            RATIO_CELLS,
            fewest_peers=values[self.peers],
            fewest_cases=values[self.cases],
            least_percent=values[self.least],
            cap_percent=values[self.cap],
        )

    def _part_lines(self, month: str) -> str:
        """Select the keys of lines, or of whole bills, that the part of the ratio counts."""
        ratio = RATIOS[self.ratio]
        flagged = f"r.provider_key in (select provider_key from flagged) and ({ratio.part}) > 0"
        if ratio.relation == "month_lines":
            return f"select settlement_key, line_number from month_lines r where {flagged}"
        if ratio.relation in {"month_bills", "month_stays"}:
            return f"select settlement_key, cast(null as bigint) as line_number from {ratio.relation} r where {flagged}"
        if ratio.relation == "month_items":
            return f"""
            select l.settlement_key, l.line_number from rule_lines l
            join (select provider_key, item_key from month_items r where {flagged}) i
              on i.provider_key = l.provider_key and i.item_key = l.item_key
            where l.month = '{month}'
            """
        return f"""
        select settlement_key, cast(null as bigint) as line_number from rule_settlements
        where month = '{month}' and provider_key in (select provider_key from flagged)
        """


def _dearest(fewest: int) -> str:
    """Choose the fewest lines that make up the part of the money beyond the fence; of the last, what is needed."""
    return f"""
        sums as (
          select *, cast(sum(in_scope) over dearest as bigint) as scope_so_far,
                 sum(in_scope) over (partition by provider_key) * (value - fence) / value as beyond
          from standing window dearest as (partition by provider_key order by in_scope desc, settlement_id, line_number
            rows between unbounded preceding and current row)
        ), dear as (
          select *, least(excess - (scope_so_far - in_scope), in_scope) as part, in_scope as whole,
                 count(*) over (partition by provider_key) as n_named
          from (select *, cast(floor(round(beyond, 4)) as bigint) as excess from sums) s
          where scope_so_far - in_scope < excess
        ), chosen as (
          select * from dear where n_named >= {fewest}
        )"""


def _whole_bills(fewest: int, least_percent: int) -> str:
    """Choose the bills of the part that no exemption takes out, where the ratio of these alone is beyond the fence."""
    return f"""
        part_bills as (
          select s.provider_key, count(*) as n from rule_settlements s
          join part_rows k on k.settlement_key = s.settlement_key group by s.provider_key
        ), left_bills as (
          select d.* replace (d.value * b.n_left / p.n as value)
          from standing d
          join part_bills p on p.provider_key = d.provider_key
          join (select provider_key, count(distinct settlement_key) as n_left from standing group by provider_key) b
            on b.provider_key = d.provider_key
        ), chosen as (
          select *, cast(round((value - fence) * 1000000 / value) as bigint) as part, 1000000 as whole from left_bills
          where value > fence and value * 100 >= {least_percent}
          qualify count(*) over (partition by provider_key) >= {fewest}
        )"""


def _bills() -> str:
    return f"""
        bills as (
          select *, row_number() over (partition by settlement_key order by in_scope desc, line_number) as place,
                 sum(in_scope) over (partition by settlement_key) as bill from standing
        ), chosen as (
          select *, 0 as part, 1 as whole from (
            select *, row_number() over (partition by provider_key order by bill desc, settlement_id) as bill_place
            from bills where place = 1
          ) b where bill_place <= {_MOST_BILLS}
        )"""
