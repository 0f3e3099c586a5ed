"""Stays whose group rests on a diagnosis that nothing billed speaks of, where more of them are than elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.usual_care import PLAIN, bases_sql, cared_sql, grouped_sql, usual_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class UntreatedComplication:
    """Stays in a raised group though no diagnosis that raises it was cared for as it is elsewhere.

    Groups whose code differs in the last character differ by complications: 1 with a major one (MCC), 3 with a lesser
    one (CC), 5 with none; a main diagnosis raises the group where others of its chapter have a lighter one. What a
    diagnosis is cared for with is learnt from the window: items of nearly all stays with it and of few others. A
    diagnosis of which nothing is known supports the group. Stays violate where the provider has more of them than
    others have with the same diagnoses: records are thin everywhere. Alias for exemptions: `s`, the stay.

    Parameters
    ----------
    stays, usual, common, concentration, chance : str
        Parameters: fewest stays with a diagnosis; percentage of them in which an item must be; percentage of other
        stays in which it may be; fewest such stays of the provider in the window; in how many of 10,000 months chance
        alone may show as many at any of the providers that are compared.
    """

    family: ClassVar[str] = "data_integrity"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_weight_percent", Unit("percent", "percent", "%")),
        Measure("untreated_stays", Unit("stay", "stays", "次住院")),
        Measure("expected_stays", Unit("stay", "stays", "次住院", decimals=2)),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    stays: str
    usual: str
    common: str
    concentration: str
    chance: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All five numbers."""
        return (self.stays, self.usual, self.common, self.concentration, self.chance)

    @property
    def together(self) -> tuple[str, ...]:
        """All claims: a provider is held against the others."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_weight_percent` of the group's weight is for the diagnosis.

        Stays of earlier months violate too, unless there were enough of them without those of the month.
        """
        chance, enough = values[self.chance], values[self.concentration]
        return f"""
        with {grouped_sql()}, {bases_sql(values[self.stays])},
        {usual_sql(dialect, values[self.usual], values[self.common])}, {cared_sql()}, {_judged()},
        {_flagged("flagged", f"<= '{month}'", enough, chance)},
        {_flagged("flagged_before", f"< '{month}'", enough, chance)},
        untreated as (
          select s.settlement_key, s.provider_key, s.month, j.weight, j.plain_weight,
                 count(*) over (partition by s.provider_key) as n_stays,
                 count(*) filter (s.month < '{month}') over (partition by s.provider_key) as n_before
          from judged j join rule_settlements s on s.settlement_key = j.settlement_key
          where not {lawful}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               u.weight - u.plain_weight as part, u.weight as whole,
               (u.weight - u.plain_weight) * 100 // u.weight as most_weight_percent, u.n_stays as untreated_stays,
               cast(ceil(f.n_expected * 100) as bigint) as expected_stays
        from rule_lines l
        join untreated u on u.settlement_key = l.settlement_key
        join flagged f on f.provider_key = u.provider_key
        left join flagged_before b on b.provider_key = u.provider_key
        where u.n_stays >= {enough} and u.n_stays > u.n_before
          and (u.month = '{month}' or b.provider_key is null or u.n_before < {enough})
        """


def _judged() -> str:
    """Stays of which the main diagnosis, or all complications, are of known care and had none, and the plain weight."""
    return f"""
        judged as (
          select settlement_key, weight, min(plain_weight) as plain_weight
          from (
            select g.settlement_key, g.weight, g.plain_weight
            from grouped g
            join cared c on c.settlement_key = g.settlement_key and c.place = 'second'
            where g.severity <> '{PLAIN}'
            group by g.settlement_key, g.weight, g.plain_weight
            having bool_and(c.is_known and not c.is_cared)
            union all
            select g.settlement_key, g.weight, g.weight * c.lighter_weight // g.plain_weight
            from grouped g
            join cared c on c.settlement_key = g.settlement_key and c.place = 'main'
            where c.is_known and not c.is_cared
          ) j
          where plain_weight < weight group by settlement_key, weight
        )"""


def _flagged(name: str, until: str, enough: int, chance: int) -> str:
    """Return a relation of providers with more diagnoses without care than others until a month, by Poisson's law.

    Main diagnoses and complications are counted each by themselves, and together: where hardly any complication lacks
    care, two that do would be lost among illnesses of which many do.
    """
    return f"""{name} as (
        with bare as (
          select g.provider_key, c.place, c.diagnosis_key, c.stem, count(*) as n,
                 count(*) filter (not c.is_cared) as n_bare
          from cared c join grouped g on g.settlement_key = c.settlement_key
          where c.is_known and g.month {until} group by g.provider_key, c.place, c.diagnosis_key, c.stem
        ), expected as (
          -- What nobody else treats is no evidence.
          select provider_key, place, cast(sum(n_bare) as bigint) as n_bare,
                 sum(n * coalesce(cast(all_bare - n_bare as double) / nullif(all_n - n, 0), 1)) as n_expected
          from (
            select *, sum(n) over same as all_n, sum(n_bare) over same as all_bare
            from bare window same as (partition by place, diagnosis_key, stem)
          ) b group by grouping sets ((provider_key, place), (provider_key))
        ), beyond as (
          select provider_key, place from (
            select *, greatest(n_expected, 1e-9) as mean, unnest(range(0, n_bare)) as k
            from expected where n_bare >= {enough}
          ) e group by provider_key, place, mean
          having (1 - sum(exp(k * ln(mean) - mean - lgamma(k + 1)))) * 10000 * (select count(*) from expected)
            < {chance}
        )
        select provider_key, n_expected from expected
        where place is null and provider_key in (select provider_key from beyond)
        )"""
