"""A provider seen from inside: its departments and its practitioners, each compared with the others of the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from features.engine import DuckDBEngine

# Fewer are no comparison.
LEAST_UNITS = 3
# What is read of one kind; the first by exposure, then by amount.
MOST_UNITS = 100

# One row per provider, kind of unit, unit and settlement: money of its lines, and what of them findings name. A line
# without a department of its own is its settlement's; what the fund paid is shared out by the lines' money in scope.
_PARTS = """
with named as (
  select settlement_id, line_number, max(exposure_amount) as exposure_amount from inside_lines group by all
), lines as (
  select s.provider_key, s.settlement_key, s.person_key, s.fund_paid_amount, l.amount,
    coalesce(l.in_scope_amount, l.amount) as scope, n.line_number is not null as is_named,
    coalesce(n.exposure_amount, 0) as exposure_amount, coalesce(l.department_code, s.department_code) as department,
    pr.practitioner_id as practitioner
  from effective_settlements s
  join codes_provider cp on cp.provider_key = s.provider_key
  join effective_lines l on l.settlement_key = s.settlement_key
  join codes_settlement cs on cs.settlement_key = s.settlement_key
  left join named n on n.settlement_id = cs.settlement_id and n.line_number = l.line_number
  left join codes_practitioner pr
    on pr.practitioner_key = coalesce(l.executor_key, l.prescriber_key, s.attending_practitioner_key)
  where cp.provider_id in (select provider_id from inside_providers)
), bills as (
  select provider_key, settlement_key, sum(scope) as scope from lines group by all
), units as (
  select 'department' as kind, department as unit, * from lines where department is not null
  union all by name
  select 'practitioner' as kind, practitioner as unit, * from lines where practitioner is not null
)
select u.provider_key, u.kind, u.unit, u.settlement_key, any_value(u.person_key) as person_key, count(*) as n_lines,
  sum(u.amount) as amount,
  case when any_value(b.scope) > 0
    then (sum(u.scope) * any_value(u.fund_paid_amount)::hugeint) // any_value(b.scope) else 0 end as fund_paid_amount,
  count(*) filter (u.is_named) as n_named_lines, sum(u.exposure_amount) as exposure_amount
from units u join bills b using (provider_key, settlement_key)
group by u.provider_key, u.kind, u.unit, u.settlement_key
"""

_UNITS = f"""
select cp.provider_id, u.kind, u.unit, count(*) as n_settlements, count(distinct u.person_key) as n_patients,
  cast(sum(u.n_lines) as bigint) as n_lines, cast(sum(u.amount) as bigint) as amount,
  cast(sum(u.fund_paid_amount) as bigint) as fund_paid_amount, cast(sum(u.n_named_lines) as bigint) as n_named_lines,
  cast(sum(u.exposure_amount) as bigint) as exposure_amount
from ({_PARTS}) u join codes_provider cp using (provider_key)
group by cp.provider_id, u.kind, u.unit
order by cp.provider_id, u.kind, exposure_amount desc, amount desc, u.unit
"""


@dataclass(frozen=True)
class InsideUnit:
    """One department or practitioner of a provider over the months looked at; money in minor units.

    Parameters
    ----------
    kind, shown_id : str
        `department` or `practitioner`; the code of the department, or what the pack may show of a person.
    n_patients, n_settlements, n_lines : int
        Its patients, its bills (each that has a line of it), its lines; refunds and reversals taken off.
    amount, fund_paid_amount : int
        Of its lines; the fund's part of a bill is shared out by money in scope.
    amount_per_settlement, amount_per_patient : int
        Rounded.
    settlement_ratio, patient_ratio : float or None
        To the median of the provider's other units of the kind; None where that is 0.
    n_named_lines : int
        Lines that findings of the month name.
    named_share, others_named_share : float
        Of its lines, 0..1; and the median of the others.
    exposure_amount : int
        Of its lines, each once.
    """

    kind: str
    shown_id: str
    n_patients: int
    n_settlements: int
    n_lines: int
    amount: int
    fund_paid_amount: int
    amount_per_settlement: int
    amount_per_patient: int
    settlement_ratio: float | None
    patient_ratio: float | None
    n_named_lines: int
    named_share: float
    others_named_share: float
    exposure_amount: int


def read_inside(
    engine: DuckDBEngine, providers: Collection[str], finding_lines: pd.DataFrame
) -> Mapping[str, pd.DataFrame]:
    """Read the departments and practitioners of providers; one frame per provider that has any.

    Parameters
    ----------
    engine : DuckDBEngine
        With the months of the run's window attached.
    providers : collection of str
        Whose.
    finding_lines : DataFrame
        Of the scored month: which lines findings name, and with what exposure.
    """
    engine.register("inside_providers", pd.DataFrame({"provider_id": sorted(providers)}, dtype=object))
    named = finding_lines[["settlement_id", "line_number", "exposure_amount"]]
    engine.register("inside_lines", named.astype({"settlement_id": object, "line_number": "Int64"}))
    found = engine.frame(_UNITS)
    return {str(provider): units for provider, units in found.groupby("provider_id", sort=True)}


def inside_units(units: pd.DataFrame | None, shown: Callable[[str, str], str]) -> tuple[InsideUnit, ...]:
    """Compare the units of one provider, kind by kind; a kind with fewer than three says nothing.

    Parameters
    ----------
    units : DataFrame or None
        Of the provider, from `read_inside`.
    shown : callable
        Turns subject type and id into what the pack may show.
    """
    if units is None:
        return ()
    found: list[InsideUnit] = []
    for kind, own in units.groupby("kind", sort=True):
        if len(own) >= LEAST_UNITS:
            found += _compared(str(kind), own.reset_index(drop=True), shown)
    return tuple(found)


def _compared(kind: str, own: pd.DataFrame, shown: Callable[[str, str], str]) -> list[InsideUnit]:
    per_settlement = own["amount"] / own["n_settlements"]
    per_patient = own["amount"] / own["n_patients"]
    share = own["n_named_lines"] / own["n_lines"]
    found = []
    for place, unit in enumerate(own.head(MOST_UNITS).itertuples()):
        found.append(
            InsideUnit(
                kind=kind,
                shown_id=str(unit.unit) if kind == "department" else shown(kind, str(unit.unit)),
                n_patients=int(unit.n_patients),
                n_settlements=int(unit.n_settlements),
                n_lines=int(unit.n_lines),
                amount=int(unit.amount),
                fund_paid_amount=int(unit.fund_paid_amount),
                amount_per_settlement=round(per_settlement[place]),
                amount_per_patient=round(per_patient[place]),
                settlement_ratio=_ratio(per_settlement, place),
                patient_ratio=_ratio(per_patient, place),
                n_named_lines=int(unit.n_named_lines),
                named_share=float(share[place]),
                others_named_share=float(share.drop(place).median()),
                exposure_amount=int(unit.exposure_amount),
            )
        )
    return found


def _ratio(values: pd.Series, place: int) -> float | None:
    """Return one value as a multiple of the median of the others."""
    median = float(values.drop(place).median())
    return float(values[place]) / median if median > 0 else None
