"""Stays paid as complicated for a diagnosis that nothing billed speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# A secondary diagnosis raises the group where at least so many percent of its stays are in the heaviest groups.
_RAISES_PERCENT = 90
# Of stays without such a diagnosis one in four tells how common an item is.
_SAMPLE = 4
# Of what a plain stay of the same stem costs in the middle: what is dearer was used for something.
_DEARER_PERCENT = 125


@dataclass(frozen=True)
class UntreatedComplication:
    """Stays in the heaviest group of their stem though no diagnosis that raises it was cared for as it is elsewhere.

    Groups whose code differs in the last character differ by complications; 1 is the heaviest (with MCC). What a
    diagnosis is usually cared for with is learnt from the window: items of most stays with it and of few others. A
    diagnosis of which nothing is known supports the group, and so does a cost well above that of plain stays.
    Alias for exemptions: `s`, the stay.

    Parameters
    ----------
    stays, usual, common, concentration : str
        Parameters: fewest stays with a diagnosis; percentage of them in which an item must be; percentage of other
        stays in which it may be; fewest such stays of the provider in the window.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_weight_percent", Unit("percent", "percent", "%")),
        Measure("untreated_stays", Unit("stay", "stays", "次住院")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    stays: str
    usual: str
    common: str
    concentration: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All four numbers."""
        return (self.stays, self.usual, self.common, self.concentration)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; what is usual is learnt from claims that are not cut."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_weight_percent` of the group's weight is for the complication."""
        hashed = dialect.hash64("g.settlement_key")
        return f"""
        with {_grouped()}, secondary as (
          select distinct d.settlement_key, d.diagnosis_key, g.severity
          from diagnoses d join grouped g on g.settlement_key = d.settlement_key where d.sequence_number > 1
        ), raising as (
          select diagnosis_key, count(*) as n_stays from secondary
          group by diagnosis_key
          having count(*) >= {values[self.stays]}
             and sum(case when severity = '1' then 1 else 0 end) * 100 >= count(*) * {_RAISES_PERCENT}
        ), with_raising as (
          select c.settlement_key, c.diagnosis_key from secondary c join raising r on r.diagnosis_key = c.diagnosis_key
        ), others as (
          select g.settlement_key from grouped g
          where g.severity <> '1' and {hashed} % {_SAMPLE} = 0
        ), care as (
          select distinct l.settlement_key, l.item_key from window_charges l
          where l.settlement_key in (
            select settlement_key from with_raising union all select settlement_key from others)
        ), common as (
          select c.item_key, count(*) as n_others from care c join others o on o.settlement_key = c.settlement_key
          group by c.item_key
        ), {_usual(values[self.usual], values[self.common])}, cared as (
          select distinct c.settlement_key, u.diagnosis_key
          from care c join usual u on u.item_key = c.item_key
        ), judged as (
          select g.settlement_key, g.weight, g.plain_weight
          from grouped g
          join with_raising w on w.settlement_key = g.settlement_key
          left join (select distinct diagnosis_key from usual) k on k.diagnosis_key = w.diagnosis_key
          left join cared c on c.settlement_key = w.settlement_key and c.diagnosis_key = w.diagnosis_key
          where g.severity = '1' and g.month <= '{month}' and g.plain_weight < g.weight
          group by g.settlement_key, g.weight, g.plain_weight
          having bool_and(k.diagnosis_key is not null and c.diagnosis_key is null)
        ), plain_costs as (
          select stem, median(total_amount) as plain_cost from grouped where severity <> '1' group by stem
        ), named as (
          select s.settlement_key, s.month, j.weight, j.plain_weight,
                 count(*) over (partition by s.provider_key) as n_stays
          from judged j
          join rule_settlements s on s.settlement_key = j.settlement_key
          join grouped g on g.settlement_key = j.settlement_key
          join plain_costs p on p.stem = g.stem
          where s.total_amount * 100 <= p.plain_cost * {_DEARER_PERCENT} and not {lawful}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               n.weight - n.plain_weight as part, n.weight as whole,
               (n.weight - n.plain_weight) * 100 // n.weight as most_weight_percent, n.n_stays as untreated_stays
        from rule_lines l join named n on n.settlement_key = l.settlement_key
        where n.month = '{month}' and n.n_stays >= {values[self.concentration]}
        """


def _grouped() -> str:
    """Stays of the window with their group, its severity, and the weight of the plainest group of its stem."""
    stem = "substr(group_code, 1, length(group_code) - 1)"
    return f"""
        groups as (
          select system, group_code, cast(round(max_by(weight, version) * 10000) as bigint) as weight
          from ref_drg_groups where length(group_code) > 1 and weight > 0 group by system, group_code
        ), stems as (
          select system, {stem} as stem, min(weight) as plain_weight from groups
          where right(group_code, 1) in ('1', '3', '5') group by system, {stem}
        ), grouped as (
          select a.settlement_key, s.month, s.total_amount, t.system || t.stem as stem,
                 right(a.group_code, 1) as severity,
                 coalesce(cast(round(a.weight * 10000) as bigint), g.weight) as weight, t.plain_weight
          from drg_assignments a
          join window_settlements s on s.settlement_key = a.settlement_key
          join groups g on g.system = a.system and g.group_code = a.group_code
          join stems t on t.system = a.system and t.stem = substr(a.group_code, 1, length(a.group_code) - 1)
          where right(a.group_code, 1) in ('1', '3', '5')
        )"""


def _usual(usual: int, common: int) -> str:
    """Items that most stays with a diagnosis have, and few others."""
    return f"""
        usual as (
          select w.diagnosis_key, c.item_key
          from care c
          join with_raising w on w.settlement_key = c.settlement_key
          join raising r on r.diagnosis_key = w.diagnosis_key
          left join common m on m.item_key = c.item_key
          group by w.diagnosis_key, c.item_key, r.n_stays, m.n_others
          having count(*) * 100 >= r.n_stays * {usual}
             and coalesce(m.n_others, 0) * 100 <= (select count(*) from others) * {common}
        )"""
