"""Short stays made of tests: a person lies in hospital for what an outpatient has in a morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_SHOWN = ("settlement_key", "diagnosis_code", "has_operation", "treatment_percent")


@dataclass(frozen=True)
class ShortStay:
    """Stays of few nights whose money went mostly into examinations and tests.

    Aliases for exemptions: `s`, the stay; `e`, what the claims show of it: the principal `diagnosis_code`;
    `has_operation`, by its procedures or a line of surgery; `treatment_percent`, treatment and nursing in a hundred of
    its money.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    most_nights : str
        Parameter: nights of a short stay.
    test_percent : str
        Parameter: examinations and laboratory in a hundred of the stay's money, above which it is one of tests.
    least_stays : str
        Parameter: such stays of the provider in the month from which it is a habit.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_test_percent", Unit("percent", "percent", "%")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS, "e": _SHOWN}

    encounter_types: tuple[str, ...]
    most_nights: str
    test_percent: str
    least_stays: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Nights, share, stays."""
        return (self.most_nights, self.test_percent, self.least_stays)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements of the month."""
        nights = dialect.days_between("admit_date", "discharge_date")
        return f"""
        with stays as (
          select * from rule_settlements
          where month = '{month}' and encounter_type in {quoted_list(self.encounter_types)} and fund_paid > 0
            and {nights} between 0 and {values[self.most_nights]}
        ), spent as (
          select l.settlement_key, sum(l.amount) as amount,
                 sum(l.amount) filter (l.charge_category in ('examination', 'laboratory')) as tests,
                 sum(l.amount) filter (l.charge_category in ('treatment', 'nursing')) as treatment,
                 count(*) filter (l.charge_category = 'surgery') as n_surgery
          from rule_lines l
          where l.month = '{month}' and l.settlement_key in (select settlement_key from stays)
          group by l.settlement_key
        ), tested as (
          select settlement_key, n_surgery, cast(tests * 100 // amount as bigint) as test_percent,
                 cast(coalesce(treatment, 0) * 100 // amount as bigint) as treatment_percent
          from spent where tests * 100 > {values[self.test_percent]} * amount
        ), diagnosed as ({principal("tested")}
        ), e as (
          select t.settlement_key, d.diagnosis_code, t.treatment_percent, t.test_percent,
                 t.n_surgery > 0
                   or exists (select 1 from procedures q where q.settlement_key = t.settlement_key) as has_operation
          from tested t left join diagnosed d on d.settlement_key = t.settlement_key
        )
        , found as (
          select s.settlement_key, s.provider_key, s.person_key, s.service_start_date, s.in_scope, e.test_percent,
                 count(*) over (partition by s.provider_key) as n_stays
          from stays s join e on e.settlement_key = s.settlement_key
          where not {lawful}
        )
        select settlement_key, cast(null as bigint) as line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, service_start_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, test_percent as most_test_percent
        from found where n_stays >= {values[self.least_stays]}
        """
