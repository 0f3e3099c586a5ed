"""Diagnosis facts: codes by provider, secondary diagnoses by settlement, and how many arose in hospital."""

from features.declare import Fact
from features.engine import quoted_list

PROVIDER_DIAGNOSIS_FACT = Fact(
    "provider_diagnosis_facts",
    "One row per provider and diagnosis code, reversals netted.",
    ("provider_key", "diagnosis_key"),
    """
    select s.provider_key, d.diagnosis_key,
      cast(sum(case when coalesce(s.is_reversal, false) then -1 else 1 end) as bigint) as n, d.month
    from diagnoses d join settlements s on s.settlement_key = d.settlement_key
    group by s.provider_key, d.diagnosis_key, d.month
    """,
)
SECONDARY_DIAGNOSIS_FACT = Fact(
    "secondary_diagnosis_facts",
    "One row per settlement and secondary diagnosis.",
    ("settlement_key", "diagnosis_key"),
    """
    select settlement_key, diagnosis_key, month from diagnoses where sequence_number > 1
    group by settlement_key, diagnosis_key, month
    """,
)
# Infections that begin in a bed: bloodstream, pneumonia, urinary tract, wounds, devices; after ICD-10.
INFECTIONS = ("A41", "J15", "J18", "N39", "T80", "T81", "T82", "T83", "T84", "T85", "Y95")
_IS_INFECTION = f"substr(c.diagnosis_code, 1, 3) in {quoted_list(INFECTIONS)}"
ADDED_DIAGNOSIS_FACT = Fact(
    "added_diagnosis_facts",
    "One row per settlement: its secondary diagnoses, those not there on admission, infections among these.",
    ("settlement_key",),
    f"""
    select d.settlement_key, count(*) as n_secondary, count(d.is_present_on_admission) as n_known,
      sum(case when d.is_present_on_admission = false then 1 else 0 end) as n_acquired,
      sum(case when d.is_present_on_admission = false and {_IS_INFECTION} then 1 else 0 end) as n_infections, d.month
    from diagnoses d left join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
    where d.sequence_number > 1 group by d.settlement_key, d.month
    """,
)
