"""Boxes that one person bought with insurance, and that were sold again elsewhere."""

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
class PurchasesResold:
    """A person's insured purchases of boxes that another provider sold to somebody else days later.

    The finding belongs to the month of the second sale; a purchase that was one alone in its month counts when the
    next one joins it. Aliases for exemptions: `e`, the second sale in the ledger; `s`, the settlement of the purchase.

    Parameters
    ----------
    after_days : str
        Parameter: more days than these lie between the two sales.
    least_codes : str
        Parameter: boxes of one person from which on it is no slip.
    """

    family: ClassVar[str] = "data_integrity"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("codes", Unit("box", "boxes", "盒")),
        Measure("resellers", Unit("other provider", "other providers", "家其他机构")),
        Measure("most_days", Unit("day", "days", "天")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"e": SALE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    after_days: str
    least_codes: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Days and boxes."""
        return (self.after_days, self.least_codes)

    @property
    def together(self) -> tuple[str, ...]:
        """Bills one by one: what was sold later, the ledger says."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `codes` and `resellers` are those of the person over the window."""
        least = values[self.least_codes]
        chosen = f"""
        with given as (
          select e.* from window_settlements s join ledger_second_sales e on e.before_settlement_key = s.settlement_key
          where e.explanation = 'resold' and e.before_is_paid and e.before_person_key is not null
            and e.provider_key <> e.before_provider_key and e.sale_month <= '{month}'
            and coalesce(e.person_key <> e.before_person_key, true)
            and e.gap_days > {values[self.after_days]} and not {lawful}
        ), givers as (
          select before_person_key as person_key, count(distinct code) as codes,
            count(distinct provider_key) as resellers,
            count(distinct case when sale_month < '{month}' then code end) as codes_before
          from given group by before_person_key
          having count(distinct code) >= {least} and max(sale_month) = '{month}'
        )
        select case when g.sale_month = '{month}' or p.codes_before < {least}
            then 'violating' else 'involved' end as role,
          g.before_settlement_key as settlement_key, g.item_key, p.person_key, g.before_part as part,
          p.codes, p.resellers, g.gap_days as most_days
        from given g join givers p on p.person_key = g.before_person_key
        union all
        select 'involved', g.settlement_key, g.item_key, p.person_key, g.part, 0, 0, 0
        from given g join givers p on p.person_key = g.before_person_key
        where g.settlement_key is not null and g.sale_month = '{month}'
        """
        return line_hits(chosen, ["person_key"], self.measures)
