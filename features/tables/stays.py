"""Tables about stays: expected weight of payment groups, admissions, bed census, and bills around a stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

# Cells of stays with the same level, surgery, days and cost should weigh the same; smaller ones say nothing.
_LEAST_IN_CELL = 10
_CELL = "provider_level, is_operated, days_band, cost_band"
_DAYS = """
case when stay_days <= 2 then 0 when stay_days <= 5 then 1 when stay_days <= 9 then 2 when stay_days <= 15 then 3
  else 4 end
"""
# Groups that differ in the last character only differ by complications: the first is the heaviest.
_SEVERITIES = """
select group_code, row_number() over (partition by stem order by group_code) as severity,
  count(*) over (partition by stem) as n_severities
from (
  select group_code, substr(group_code, 1, length(group_code) - 1) as stem from stays
  where length(group_code) > 1 group by group_code
) c
"""
_GROUPED_STAYS = Table(
    "grouped_stays",
    "One row per stay in a payment group, with the group's standard amount and days, its place among groups that "
    "differ by complications (1 is the heaviest), and the mean weight of ten or more like stays elsewhere. Like are "
    "stays of one level of provider, surgery, band of days and band of cost (each a third wider than the one before). "
    "Weights are in ten-thousandths.",
    f"""
    select s.*, case when n_cell - n_own >= {_LEAST_IN_CELL}
        then cast(cell_weight - own_weight as double) / (n_cell - n_own) end as expected_weight
    from (
      select g.*, count(*) over (partition by {_CELL}) as n_cell,
        cast(sum(weight) over (partition by {_CELL}) as bigint) as cell_weight,
        count(*) over (partition by provider_key, {_CELL}) as n_own,
        cast(sum(weight) over (partition by provider_key, {_CELL}) as bigint) as own_weight
      from (
        select s.provider_key, s.person_key, s.months_back, s.stay_days, s.total_amount, s.group_code,
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
        left join ({_SEVERITIES}) k on k.group_code = s.group_code
        where s.group_code is not null
      ) g
    ) s
    """,
)


def stay_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about stays from stay and diagnosis facts, the window's tables and registers.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _GROUPED_STAYS
    yield _admissions(dialect)
    yield _bed_census(dialect)
    yield _around_stays(dialect)


def _admissions(dialect: Dialect) -> Table:
    return Table(
        "admissions",
        "One row per stay, with leave, secondary diagnoses, and how many others came to and left the provider on the "
        "same days.",
        f"""
        select s.settlement_key, s.provider_key, s.person_key, s.months_back, s.stay_days, s.care_days, s.total_amount,
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


def _bed_census(dialect: Dialect) -> Table:
    order = "partition by e.provider_key order by e.day, e.change, e.settlement_key"
    return Table(
        "bed_census",
        "One row per admission or discharge: people in beds of the provider after it, and the days until the next.",
        f"""
        select c.provider_key, c.licensed_beds, c.n, {dialect.days_between("c.day", "c.next_day")} as days from (
          select e.provider_key, e.licensed_beds, e.day,
            cast(sum(e.change) over ({order} rows between unbounded preceding and current row) as bigint) as n,
            lead(e.day) over ({order}) as next_day
          from (
            select provider_key, licensed_beds, settlement_key, admit_date as day, 1 as change from admissions
            union all select provider_key, licensed_beds, settlement_key, discharge_date, -1 from admissions
          ) e
        ) c
        """,
    )


def _around_stays(dialect: Dialect) -> Table:
    before = dialect.days_between("v.day", "s.admit_date")
    after = dialect.days_between("s.discharge_date", "v.day")
    return Table(
        "around_stays",
        "One row per stay, with the money of the person's visits to the provider within three days of it.",
        f"""
        select s.provider_key, s.settlement_key, max(s.total_amount) as stay_amount,
          cast(coalesce(sum(v.total_amount), 0) as bigint) as around_amount
        from admissions s
        left join visits v on v.person_key = s.person_key and v.provider_key = s.provider_key and not v.is_inpatient
          and (({before}) between 0 and 3 or ({after}) between 0 and 3)
        group by s.provider_key, s.settlement_key
        """,
    )
