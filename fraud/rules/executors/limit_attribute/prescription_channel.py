"""Drugs that a pharmacy may fill on prescriptions of one channel only, filled without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from features.claims.in_force import in_force, is_in_force
from features.claims.quality.orders import sound_sql
from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES
from fraud.rules.declare.executor import check_choice
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure

_SHOPS = quoted_list(PHARMACIES)


@dataclass(frozen=True)
class PrescriptionChannel:
    """Lines of such drugs at pharmacies that name no prescription, or one of another channel.

    A prescription that is named and not delivered, or whose channel is not known, says nothing; nor does a line of a
    pharmacy none of whose lines in the window names a prescription of a known channel: there it is the interface.
    Aliases for exemptions: `l`, the line; `s`, its settlement; `o`, the pharmacy.

    Parameters
    ----------
    flag : str
        Column of `ref_items` that is true for such drugs, in the version in force on the day.
    channels : tuple of str
        Channels of prescriptions on which they may be filled.
    """

    family: ClassVar[str] = "limit_attribute"
    measures: ClassVar[tuple[Measure, ...]] = ()
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "o": tuple(name for name, _ in TABLES["providers"].stored),
    }

    flag: str
    channels: tuple[str, ...]

    def __post_init__(self) -> None:
        facts = [column.name for column in TABLES["ref_items"].columns if column.type == "boolean"]
        check_choice("flag", (self.flag,), facts)
        check_choice("channels", self.channels, TABLES["prescriptions"].by_name["channel"].values)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: the drugs are those of the reference."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one pharmacy."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; lines start from the few drugs that are limited."""
        channels = ", ".join(f"'{each}'" for each in self.channels)
        return f"""
        with versions as (
{in_force("ref_items", "item_key", self.flag, self.flag)}
        ), shops as (
          {sound_sql("providers")}
        ), scripts as (
          {sound_sql("prescriptions")}
        ), filled as (
          select l.* from rule_lines l join shops o on o.provider_key = l.provider_key
          where l.month = '{month}' and o.provider_type in {_SHOPS}
            and l.item_key in (select item_key from versions)
        ), connected as (
          select distinct l.provider_key from rule_lines l
          join scripts x on x.prescription_key = l.prescription_key
          where x.channel is not null and l.provider_key in (select provider_key from filled)
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope, 1 as part, 1 as whole
        from filled l
        join versions v on v.item_key = l.item_key and {is_in_force("v", "l.fee_date")}
        join connected c on c.provider_key = l.provider_key
        join rule_settlements s on s.settlement_key = l.settlement_key
        join shops o on o.provider_key = l.provider_key
        left join scripts x on x.prescription_key = l.prescription_key
        where not {lawful} and (l.prescription_key is null or x.channel not in ({channels}))
        """
