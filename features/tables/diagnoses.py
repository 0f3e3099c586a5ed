"""Table about secondary diagnoses of stays, and whether another visit of the patient names them."""

from __future__ import annotations

from features.declare import Table

SECONDARY_DIAGNOSES = Table(
    "secondary_diagnoses",
    "One row per inpatient visit and group of a secondary diagnosis (its first three characters), and whether another "
    "visit of the person in the window, anywhere, names the group too.",
    """
    select d.settlement_key, d.provider_key, d.diagnosis_group,
      case when d.n_visits > 1 then 1 else 0 end as is_known_elsewhere
    from (
      select v.settlement_key, v.provider_key, v.diagnosis_group, v.is_inpatient, v.is_secondary,
        count(*) over (partition by v.person_key, v.diagnosis_group) as n_visits
      from (
        select settlement_key, person_key, provider_key, diagnosis_group, is_inpatient,
          min(is_secondary) as is_secondary
        from (
          select settlement_key, person_key, provider_key, diagnosis_group, is_inpatient, 0 as is_secondary
          from visits where diagnosis_group is not null
          union all
          select v.settlement_key, v.person_key, v.provider_key, substr(c.diagnosis_code, 1, 3), v.is_inpatient, 1
          from secondary_diagnosis_facts f
          join visits v on v.settlement_key = f.settlement_key
          join codes_diagnosis c on c.diagnosis_key = f.diagnosis_key
        ) n group by settlement_key, person_key, provider_key, diagnosis_group, is_inpatient
      ) v
    ) d
    where d.is_inpatient and d.is_secondary = 1
    """,
)
