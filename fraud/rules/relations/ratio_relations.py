"""What the ratios of a provider are sums over: one month of charge lines, bills, stays, items, and months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.engine.dialect import quoted_list
from features.facts.diagnoses import INFECTIONS
from features.vocabulary.entities import PHARMACIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.engine.dialect import Dialect

# A month is compared with the earlier ones of the window where there are at least so many.
_LEAST_EARLIER_MONTHS = 3
_READMISSION_DAYS = 31
# Principal diagnoses of which the next stay is part of the treatment: radio- and chemotherapy, dialysis, delivery.
_IN_SERIES = "(left(d.main_diagnosis, 3) in ('Z49', 'Z51') or left(d.main_diagnosis, 1) = 'O')"


def _of_effective(month: str) -> str:
    return f"l.settlement_key in (select settlement_key from window_settlements where month = '{month}')"


def _lines(dialect: Dialect, month: str) -> str:  # noqa: ARG001 - one signature for all relations
    return f"""
    select l.settlement_key, l.line_number, l.provider_key, l.item_type, l.charge_category, l.amount, v.imaging_kind,
           1 as cases
    from window_charges l
    left join (
      select item_key, max(imaging_kind) as imaging_kind from ref_items where imaging_kind is not null group by item_key
    ) v on v.item_key = l.item_key
    where l.month = '{month}' and l.amount > 0 and {_of_effective(month)}
    """


def _bills(dialect: Dialect, month: str) -> str:  # noqa: ARG001 - one signature for all relations
    return f"""
    select b.*, is_by_account and total_amount % 5000 = 0 and credential_type = 'e_credential' as is_round_account
    from (
      select *, fund_paid <= 0 and account_paid_amount > 0 and encounter_type = 'pharmacy' as is_by_account, 1 as cases
      from window_settlements where month = '{month}' and total_amount > 0
    ) b
    """


def _stays(dialect: Dialect, month: str) -> str:
    gap = dialect.days_between("s.earlier_discharge", "s.admit_date")
    infection = f"left(c.diagnosis_code, 3) in {quoted_list(INFECTIONS)}"
    return f"""
    select s.*, 1 as cases, g.group_code, d.has_known_onset, d.has_infection,
           case when g.system in ('drg', 'dip') and right(g.group_code, 1) in ('1', '3', '5')
                then right(g.group_code, 1) end as severity,
           g.group_code = '0000' or g.group_code like '%QY' as is_ungroupable,
           coalesce({gap} between 0 and {_READMISSION_DAYS}, false) and not coalesce(s.is_planned_readmission, false)
             and not coalesce({_IN_SERIES}, false) as is_readmission,
           s.cash_paid_amount + coalesce(s.account_paid_amount, 0) <= s.total_amount / 100 as is_free,
           coalesce(s.medical_aid_paid_amount, 0) > 0 or s.insurance_type = 'retired_cadre'
             or coalesce(p.person_category = 'medical_aid', false) as is_aided
    from (
      select *, lag(discharge_date) over (partition by person_key, provider_key
        order by admit_date, discharge_date, settlement_id) as earlier_discharge
      from window_settlements where encounter_type = 'inpatient' and discharge_date >= admit_date
    ) s
    left join persons p on p.person_key = s.person_key
    left join (
      select settlement_key, max(system) as system, max(group_code) as group_code from drg_assignments
      where month = '{month}' group by settlement_key
    ) g on g.settlement_key = s.settlement_key
    left join (
      select v.settlement_key, min(case when v.sequence_number = 1 then c.diagnosis_code end) as main_diagnosis,
             count(v.is_present_on_admission) > 0 as has_known_onset,
             coalesce(bool_or(v.is_present_on_admission = false and {infection}), false) as has_infection
      from diagnoses v join codes_diagnosis c on c.diagnosis_key = v.diagnosis_key
      where v.month = '{month}' group by v.settlement_key
    ) d on d.settlement_key = s.settlement_key
    where s.month = '{month}'
    """


def _items(dialect: Dialect, month: str) -> str:  # noqa: ARG001 - one signature for all relations
    return f"""
    select *, row_number() over (partition by provider_key order by amount desc, item_key) as place
    from (
      select l.provider_key, l.item_key, cast(sum(l.amount) as bigint) as amount, count(*) as cases
      from window_charges l
      join providers o on o.provider_key = l.provider_key
      where l.month = '{month}' and {_of_effective(month)} and o.provider_type in {quoted_list(PHARMACIES)}
      group by l.provider_key, l.item_key
    ) i
    """


def _months(dialect: Dialect, month: str) -> str:  # noqa: ARG001 - one signature for all relations
    return f"""
    -- As the money grows or the number of bills does, whichever grows less: one dear stay is no push.
    select provider_key, least(amount, earlier_amount * cases // earlier_cases) as month_amount,
           earlier_amount // earlier_months as usual_amount, cases
    from (
      select provider_key, cast(sum(case when month = '{month}' then total_amount else 0 end) as bigint) as amount,
             count(*) filter (where month = '{month}') as cases,
             cast(sum(case when month < '{month}' then total_amount else 0 end) as bigint) as earlier_amount,
             count(*) filter (where month < '{month}') as earlier_cases,
             count(distinct case when month < '{month}' then month end) as earlier_months
      from window_settlements where total_amount > 0 group by provider_key
    ) m where earlier_months >= {_LEAST_EARLIER_MONTHS}
    """


def _tills(dialect: Dialect, month: str) -> str:  # noqa: ARG001 - one signature for all relations
    return f"""
    select b.provider_key, b.n_bills, r.residents, b.n_bills as cases
    from (
      select s.provider_key, count(*) as n_bills
      from window_settlements s where s.month = '{month}' and s.total_amount > 0
      group by s.provider_key having bool_and(coalesce(s.fund_paid <= 0 and s.account_paid_amount > 0, false))
    ) b
    join providers o on o.provider_key = b.provider_key
    join (
      select home_region_code, count(*) as residents from persons group by home_region_code
    ) r on r.home_region_code = o.region_code
    """


RELATIONS: Mapping[str, Callable[[Dialect, str], str]] = {
    "month_lines": _lines,
    "month_bills": _bills,
    "month_stays": _stays,
    "month_items": _items,
    "month_tills": _tills,
    "provider_months": _months,
}
