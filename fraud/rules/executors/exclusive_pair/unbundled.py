"""The parts of a package billed one by one, on one day, instead of the package or beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import in_force, is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, item_versions, with_version
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_BILLED = {"instead": "is null", "beside": "is not null"}
# Prices are millionths of a currency unit, amounts hundredths; quantities are ten-thousandths.
_PRICE_OF_AMOUNT, _UNIT = 10_000, 10_000
_GROUP = ("person_key", "provider_key", "fee_date", "package_item_key")


@dataclass(frozen=True)
class Unbundled:
    """Lines of one person, provider and day that are parts of a package, as many as `ref_item_packages` ask for.

    Beside the package every part violates. Instead of it the parts are counted from the dearest on, and what passes
    the package's price there violates: the highest that the provider billed for it itself, else the ceiling; where no
    price is known, the parts from the one on which completes the package. Aliases for exemptions: `l`, the part's
    line, with `n_parts` of its package on the day; `s`, its settlement; `r`, its item in the version of the day.

    Parameters
    ----------
    package : str
        `instead` or `beside`: whether the package is billed on the day too.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_parts", Unit("part", "parts", "个组成项目")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "n_parts"),
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    package: str

    def __post_init__(self) -> None:
        check_choice("package", [self.package], _BILLED)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: the reference says what is a package."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_parts` are the different parts of a day.

        The part that crosses the price violates by its excess.
        """
        group = ", ".join(_GROUP)
        equal = " and ".join(f"{{0}}.{name} = {{1}}.{name}" for name in _GROUP).format
        of_group = ", ".join(f"k.{name}" for name in _GROUP)
        dearest = f"partition by {of_group} order by k.worth desc, k.fee_time, k.settlement_id, k.line_number"
        past_price = "least(so_far - price, worth)"
        past_parts = "case when place < least * times then 0 else worth end"
        beyond = (
            "worth" if self.package == "beside" else f"case when price is null then {past_parts} else {past_price} end"
        )
        return f"""
        with packages as (
          select package_item_key, component_item_key,
                 coalesce(min_components, count(*) over (partition by package_item_key)) as least
          from ref_item_packages
        ), recent as (
          select * from rule_lines where fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
        ), parts as (
          select l.*, k.package_item_key, k.least from recent l
          join packages k on k.component_item_key = l.item_key
        ), sets as (
          select {group}, max(least) as least, count(distinct item_key) as n_parts from parts
          group by {group} having count(distinct item_key) >= max(least) and max(month) = '{month}'
        ), wholes as (
          select distinct l.person_key, l.provider_key, l.fee_date, l.item_key as package_item_key
          from recent l join (select distinct package_item_key from packages) k on k.package_item_key = l.item_key
        ), chosen as (
          select t.* from sets t left join wholes w on {equal("w", "t")} where w.person_key {_BILLED[self.package]}
        ), known as (
          select p.*, c.n_parts from parts p join chosen c on {equal("c", "p")}
        ), kept as (
          select l.*, s.settlement_id,
                 greatest(cast(cast(l.amount as hugeint) * l.net_quantity // l.quantity as bigint), 1) as worth
          from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          {with_version()}
          where not {lawful}
        ), counted as (
          select {group}, item_key, cast(ceil(sum(net_quantity) / {_UNIT}) as bigint) as times from kept
          group by {group}, item_key
        ), still as (
          select {group}, count(*) as most_parts, min(times) as times from counted group by {group}
        ), {_prices()}
        ), ordered as (
          select k.*, p.most_parts, p.times, p.price,
                 cast(sum(k.worth) over (
                   {dearest} rows between unbounded preceding and current row) as bigint) as so_far,
                 row_number() over ({dearest}) as place
          from kept k join priced p on {equal("p", "k")}
          where p.most_parts >= k.least
        ), judged as (
          select *, prescriber_key as practitioner_key, fee_date as service_date, {beyond} as part, worth as whole,
                 case when {beyond} > 0 then 1 else 0 end as is_violating
          from ordered
        )
{hits_of_judged("judged", _GROUP, ["most_parts"])}
        """


def _prices() -> str:
    """Return CTEs that end in `priced`: what the packages of `still` cost there, null where nobody knows."""
    regional = in_force("ref_prices", "item_key, region_code, provider_level", "price_ceiling_amount")
    return f"""own as (
          select l.provider_key, l.item_key as package_item_key, max(l.unit_price) as price from rule_lines l
          join (select distinct provider_key, package_item_key from chosen) c
            on c.package_item_key = l.item_key and c.provider_key = l.provider_key
          group by l.provider_key, l.item_key
        ), regional as (
{regional}
        ), general as (
{item_versions()}
        ), priced as (
          select t.*, coalesce(w.price, q.price_ceiling_amount, case o.provider_level
                   when 'tertiary' then r.price_ceiling_tertiary_amount
                   when 'secondary' then r.price_ceiling_secondary_amount
                   when 'primary' then r.price_ceiling_primary_amount
                   else r.price_ceiling_tertiary_amount end) * t.times // {_PRICE_OF_AMOUNT} as price
          from still t
          left join sound_providers o on o.provider_key = t.provider_key
          left join regional q on q.item_key = t.package_item_key and q.region_code = o.region_code
           and q.provider_level = coalesce(o.provider_level, 'ungraded') and {is_in_force("q", "t.fee_date")}
          left join own w on w.provider_key = t.provider_key and w.package_item_key = t.package_item_key
          left join general r on r.item_key = t.package_item_key and {is_in_force("r", "t.fee_date")}"""
