"""Facts of services that tell more by their kind: imaging, parts of packages, leave from a bed, added diagnoses."""

from features.declare import Fact

IMAGING_FACT = Fact(
    "imaging_facts",
    "One row per settlement, kind of imaging and day; refunds netted, reversals included.",
    ("settlement_key", "imaging_kind", "day"),
    """
    select l.settlement_key, i.imaging_kind, cast(l.fee_time as date) as day,
      cast(sum(case when l.amount < 0 then -1 else 1 end) as bigint) as n, cast(sum(l.amount) as bigint) as amount,
      l.month
    from claim_lines l
    join (
      select item_key, max(imaging_kind) as imaging_kind from ref_items where imaging_kind is not null group by item_key
    ) i on i.item_key = l.item_key
    group by l.settlement_key, i.imaging_kind, cast(l.fee_time as date), l.month
    """,
    registers=("ref_items",),
)
PACKAGE_FACT = Fact(
    "package_facts",
    "One row per settlement, package and day with parts of it billed one by one; refunds netted.",
    ("settlement_key", "package_item_key", "day"),
    """
    select settlement_key, package_item_key, day, count(*) as n_parts, max(min_components) as min_components,
      cast(sum(amount) as bigint) as amount, month
    from (
      select l.settlement_key, p.package_item_key, l.item_key, cast(l.fee_time as date) as day,
        max(p.min_components) as min_components, cast(sum(l.amount) as bigint) as amount, l.month
      from claim_lines l join ref_item_packages p on p.component_item_key = l.item_key
      group by l.settlement_key, p.package_item_key, l.item_key, cast(l.fee_time as date), l.month
      having sum(l.amount) > 0
    ) c group by settlement_key, package_item_key, day, month
    """,
    registers=("ref_item_packages",),
)
LEAVE_FACT = Fact(
    "leave_facts",
    "One row per leave from a bed.",
    ("settlement_key", "start_date"),
    "select settlement_key, start_date, max(end_date) as end_date, month from stay_leaves "
    "group by settlement_key, start_date, month",
)
# Infections that begin in a bed: bloodstream, pneumonia, urinary tract, wounds, devices; after ICD-10.
INFECTIONS = ("A41", "J15", "J18", "N39", "T80", "T81", "T82", "T83", "T84", "T85", "Y95")
_IS_INFECTION = f"substr(c.diagnosis_code, 1, 3) in ({', '.join(repr(code) for code in INFECTIONS)})"
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

SERVICE_FACTS = (IMAGING_FACT, PACKAGE_FACT, LEAVE_FACT, ADDED_DIAGNOSIS_FACT)
