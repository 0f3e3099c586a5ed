"""One trace code sold at one provider and then at another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.ledger.line_hits import SALE_COLUMNS, line_hits
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class CodeElsewhere:
    """First sales by a provider of a box that another had sold before, and that nothing in the ledger explains.

    Aliases for exemptions: `e`, the second sale in the ledger; `s`, its settlement.

    Parameters
    ----------
    after_days : tuple of str
        Parameter: more days than these lie between the two sales; empty where any do.
    within_days : str
        Parameter: so many days at most.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("codes", Unit("trace code", "trace codes", "个追溯码")),
        Measure("sellers", Unit("other provider", "other providers", "家其他机构")),
        Measure("buyers", Unit("earlier buyer", "earlier buyers", "名首次购药人")),
        Measure("all_codes", Unit("code over the window", "codes over the window", "个追溯码")),
        Measure("most_days", Unit("day", "days", "天")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"e": SALE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    after_days: tuple[str, ...]
    within_days: str

    def __post_init__(self) -> None:
        if len(self.after_days) > 1:
            raise ValueError(f"after_days must name one parameter or none; got {', '.join(self.after_days)}")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days."""
        return (*self.after_days, self.within_days)

    @property
    def together(self) -> tuple[str, ...]:
        """Bills one by one: what was sold before, the ledger says."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; the measures are those of the provider, its chains over the window in `all_codes`."""
        after = " ".join(f"and e.gap_days > {values[name]}" for name in self.after_days)
        chosen = f"""
        with moved as (
          select e.* from window_settlements s join ledger_second_sales e on e.settlement_key = s.settlement_key
          where e.explanation = 'resold' and e.is_paid and e.place_here = 1 and e.sale_month <= '{month}'
            and e.gap_days <= {values[self.within_days]} {after} and not {lawful}
        ), hubs as (
          select provider_key, count(distinct code) as all_codes,
            count(distinct case when sale_month = '{month}' then code end) as codes,
            count(distinct case when sale_month = '{month}' then before_provider_key end) as sellers,
            count(distinct case when sale_month = '{month}' then before_person_key end) as buyers
          from moved group by provider_key
        ), sold as (
          select m.*, h.all_codes, h.codes, h.sellers, h.buyers
          from moved m join hubs h on h.provider_key = m.provider_key where m.sale_month = '{month}'
        )
        select 'violating' as role, settlement_key, item_key, provider_key, part * n_scans as part,
          codes, sellers, buyers, all_codes, gap_days as most_days
        from sold
        union all
        select 'involved', before_settlement_key, item_key, provider_key, part, 0, 0, 0, 0, 0
        from sold where before_settlement_key is not null
        """
        return line_hits(chosen, ["provider_key"], self.measures)
