"""The tables about stays that features read: what their payment groups would lead one to expect, and full houses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

# Cells of stays with the same level, surgery, days and cost should weigh the same; smaller ones say nothing.
_LEAST_IN_CELL = 10
_DAYS = """
case when stay_days <= 2 then 0 when stay_days <= 5 then 1 when stay_days <= 9 then 2 when stay_days <= 15 then 3
  else 4 end
"""


def grouped_stay_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about payment groups and beds from the window's tables and registers.

    - `grouped_stays`: one row per stay in a payment group, with standard amount and days of the group, its place among
      groups that differ in the last character only (1 is the heaviest), and the mean weight of stays elsewhere with the
      same level of provider, surgery, band of days and band of cost (bands of cost grow by a third), where there are
      ten or more. Weights are in ten-thousandths.
    - `admissions`: one row per stay, with leave, secondary diagnoses, and how many left the provider on the day who
      had come on the same.
    - `bed_census`: one row per admission or discharge: people in beds of the provider after it, and the days until the
      next.
    - `around_stays`: one row per stay, with the money of the person's visits to the provider within three days of it.
    - `images`: one row per visit and kind with a CT or MRI, with the days since the person's last of that kind.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield Table(
        "grouped_stays",
        f"""
        select s.*, case when n_cell - n_own >= {_LEAST_IN_CELL}
            then cast(cell_weight - own_weight as double) / (n_cell - n_own) end as expected_weight
        from (
          select g.*,
            count(*) over (partition by provider_level, is_operated, days_band, cost_band) as n_cell,
            cast(sum(weight) over (partition by provider_level, is_operated, days_band, cost_band) as bigint)
              as cell_weight,
            count(*) over (partition by provider_key, provider_level, is_operated, days_band, cost_band) as n_own,
            cast(sum(weight) over (partition by provider_key, provider_level, is_operated, days_band, cost_band)
              as bigint) as own_weight
          from (
            select s.provider_key, s.person_key, s.w, s.stay_days, s.total_amount, s.group_code,
              cast(round(s.weight * 10000) as bigint) as weight,
              coalesce(s.standard_amount, r.standard_amount) as standard_amount, r.expected_days,
              coalesce(o.provider_level, 'unknown') as provider_level,
              case when coalesce(s.n_procedures, 0) > 0 or s.surgery_amount > 0 then 1 else 0 end as is_operated,
              {_DAYS} as days_band, floor(ln(greatest(s.total_amount, 1)) * 3) as cost_band,
              k.severity, k.n_severities
            from stays s
            left join providers o on o.provider_key = s.provider_key
            left join (
              select system, group_code, standard_amount, expected_days,
                row_number() over (partition by system, group_code order by version desc) as place
              from ref_drg_groups
            ) r on r.system = s.group_system and r.group_code = s.group_code and r.place = 1
            left join (
              select group_code, row_number() over (partition by stem order by group_code) as severity,
                count(*) over (partition by stem) as n_severities
              from (
                select group_code, substr(group_code, 1, length(group_code) - 1) as stem from stays
                where length(group_code) > 1 group by group_code
              ) c
            ) k on k.group_code = s.group_code
            where s.group_code is not null
          ) g
        ) s
        """,
    )
    yield Table(
        "admissions",
        f"""
        select s.settlement_key, s.provider_key, s.person_key, s.w, s.stay_days, s.care_days, s.total_amount,
          s.drug_amount, s.consumable_amount, s.examination_amount, s.laboratory_amount, s.treatment_amount,
          s.surgery_amount, s.bed_amount, s.n_procedures, s.n_diagnoses, s.admit_date, s.discharge_date,
          s.is_planned_readmission, s.gap_days, s.previous_provider_key, s.diagnosis_group, s.diagnosis_chapter,
          s.previous_diagnosis_group, o.licensed_beds, case when h.date is null then 0 else 1 end as is_holiday,
          coalesce(e.days, 0) as leave_days,
          coalesce(d.n_secondary, 0) as n_secondary, d.n_known, d.n_acquired, d.n_infections,
          count(*) over (partition by s.provider_key, s.admit_date, s.discharge_date) - 1 as n_together
        from stays s
        left join providers o on o.provider_key = s.provider_key
        left join ref_holidays h on h.date = s.admit_date
        left join (
          select settlement_key,
            cast(sum(greatest({dialect.days_between("start_date", "end_date")}, 1)) as bigint) as days
          from leave_facts group by settlement_key
        ) e on e.settlement_key = s.settlement_key
        left join added_diagnosis_facts d on d.settlement_key = s.settlement_key
        """,
    )
    census_days = dialect.days_between("c.day", "c.next_day")
    yield Table(
        "bed_census",
        f"""
        select c.provider_key, c.licensed_beds, c.n, {census_days} as days from (
          select e.provider_key, e.licensed_beds, e.day, cast(sum(e.change) over (
              partition by e.provider_key order by e.day, e.change, e.settlement_key
              rows between unbounded preceding and current row
            ) as bigint) as n,
            lead(e.day) over (partition by e.provider_key order by e.day, e.change, e.settlement_key) as next_day
          from (
            select provider_key, licensed_beds, settlement_key, admit_date as day, 1 as change from admissions
            union all select provider_key, licensed_beds, settlement_key, discharge_date, -1 from admissions
          ) e
        ) c
        """,
    )
    before = dialect.days_between("v.day", "s.admit_date")
    after = dialect.days_between("s.discharge_date", "v.day")
    yield Table(
        "around_stays",
        f"""
        select s.provider_key, s.settlement_key, max(s.total_amount) as stay_amount,
          cast(coalesce(sum(v.total_amount), 0) as bigint) as around_amount
        from admissions s
        left join visits v on v.person_key = s.person_key and v.provider_key = s.provider_key and not v.is_inpatient
          and (({before}) between 0 and 3 or ({after}) between 0 and 3)
        group by s.provider_key, s.settlement_key
        """,
    )
    gap = dialect.days_between("previous_day", "day")
    yield Table(
        "images",
        f"""
        select i.provider_key, {gap} as gap_days from (
          select v.provider_key, f.day, lag(f.day) over (
            partition by v.person_key, f.imaging_kind order by f.day, f.settlement_key) as previous_day
          from imaging_facts f join visits v on v.settlement_key = f.settlement_key
          where f.imaging_kind in ('ct', 'mri') and f.n > 0
        ) i
        """,
    )
