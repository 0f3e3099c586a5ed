"""One trace code settled again and again at one provider: its box never left, or was never there."""

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
class CodeAgain:
    """Sales of a box that the same provider had sold before, and that nothing in the ledger explains.

    Aliases for exemptions: `e`, the second sale in the ledger; `s`, its settlement.

    Parameters
    ----------
    least_sales : str
        Parameter: how often the provider must have sold the code.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("codes", Unit("trace code", "trace codes", "个追溯码")),
        Measure("most_sales", Unit("sale", "sales", "次结算")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"e": SALE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    least_sales: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The sales."""
        return (self.least_sales,)

    @property
    def together(self) -> tuple[str, ...]:
        """Bills one by one: what was sold before, the ledger says."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_sales` counts the sales of one code there, the first among them."""
        least = values[self.least_sales]
        again = f"""
        select e.*, max(e.place_here) over (partition by e.code, e.provider_key) as most_sales
        from window_settlements s join ledger_second_sales e on e.settlement_key = s.settlement_key
        where e.explanation = 'resold' and e.is_paid and e.place_here > 1 and not {lawful}
        """
        chosen = f"""
        with again as ({again}), sold as (
          select a.*, c.codes from again a join (
            select provider_key, count(distinct code) as codes from again
            where sale_month = '{month}' and most_sales >= {least} group by provider_key
          ) c on c.provider_key = a.provider_key
          where a.sale_month = '{month}' and a.most_sales >= {least}
        )
        select 'violating' as role, settlement_key, item_key, provider_key, part * n_scans as part, codes, most_sales
        from sold
        union all
        select distinct 'involved', before_settlement_key, item_key, provider_key, part, 0, 0
        from sold where before_settlement_key is not null
        """
        return line_hits(chosen, ["provider_key"], self.measures)
