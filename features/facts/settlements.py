"""Settlement facts: one row per settlement, with what its lines, diagnoses and payment group add up to."""

from features.claims.versions.effective import IS_REVERSAL
from features.declare import Fact
from features.engine import quoted_list
from features.vocabulary.care import BED_ENCOUNTERS, DRUGS

SETTLEMENT_FACT = Fact(
    "settlement_facts",
    "One row per settlement as it came, reversals included.",
    ("settlement_key",),
    f"""
    select s.settlement_key, s.original_settlement_key, {IS_REVERSAL} as is_reversal,
      s.provider_key, s.person_key, s.encounter_type, s.settle_time,
      case when s.encounter_type in {quoted_list(BED_ENCOUNTERS)}
        then true else false end as is_inpatient,
      coalesce(s.is_planned_readmission, false) as is_planned_readmission,
      s.service_start_date as start_date, s.service_end_date as end_date,
      cast(s.admit_time as date) as admit_date, cast(s.discharge_time as date) as discharge_date,
      s.attending_practitioner_key, s.operating_practitioner_key, s.credential_type,
      s.insured_region_code, s.care_region_code, s.filing_type, s.referral_id, s.terminal_id, s.payment_method,
      case when s.department_code is null then false else true end as has_department,
      case when s.bed_number is null then false else true end as has_bed,
      coalesce(s.has_manual_override, false) as has_manual_override,
      coalesce(s.is_third_party_injury, false) as is_third_party_injury,
      s.total_amount, s.fund_paid_amount, coalesce(s.in_scope_amount, s.total_amount) as in_scope_amount,
      s.deductible_amount, s.account_paid_amount, s.cash_paid_amount, s.mutual_aid_paid_amount,
      s.medical_aid_paid_amount,
      coalesce(s.is_proxy_purchase, false) as is_proxy_purchase, s.operator_id,
      case when s.annual_cap_amount > 0
        then s.annual_paid_to_date_amount * 100 >= s.annual_cap_amount * 95 end as is_near_cap,
      coalesce(l.n_lines, 0) as n_lines, coalesce(l.n_negative_lines, 0) as n_negative_lines,
      coalesce(l.lines_amount, 0) as lines_amount,
      coalesce(l.drug_amount, 0) as drug_amount, coalesce(l.consumable_amount, 0) as consumable_amount,
      coalesce(l.examination_amount, 0) as examination_amount, coalesce(l.laboratory_amount, 0) as laboratory_amount,
      coalesce(l.treatment_amount, 0) as treatment_amount, coalesce(l.bed_amount, 0) as bed_amount,
      coalesce(l.surgery_amount, 0) as surgery_amount, coalesce(l.nursing_amount, 0) as nursing_amount,
      coalesce(l.herbal_amount, 0) as herbal_amount, coalesce(l.patent_drug_amount, 0) as patent_drug_amount,
      coalesce(l.take_home_amount, 0) as take_home_amount, coalesce(l.n_tests, 0) as n_tests,
      l.service_days, l.days_supply,
      coalesce(d.n_diagnoses, 0) as n_diagnoses, d.principal_diagnosis_key, p.n_procedures,
      g.system as group_system, g.group_code, g.weight, g.standard_amount, s.month
    from settlements s
    left join (
      select settlement_key, count(*) as n_lines,
        sum(case when amount < 0 then 1 else 0 end) as n_negative_lines, cast(sum(amount) as bigint) as lines_amount,
        cast(sum(case when item_type in {quoted_list(DRUGS)} then amount else 0 end)
          as bigint) as drug_amount,
        cast(sum(case when item_type = 'consumable' then amount else 0 end) as bigint) as consumable_amount,
        cast(sum(case when charge_category = 'examination' then amount else 0 end) as bigint) as examination_amount,
        cast(sum(case when charge_category = 'laboratory' then amount else 0 end) as bigint) as laboratory_amount,
        cast(sum(case when charge_category = 'treatment' then amount else 0 end) as bigint) as treatment_amount,
        cast(sum(case when charge_category = 'bed' then amount else 0 end) as bigint) as bed_amount,
        cast(sum(case when charge_category = 'surgery' then amount else 0 end) as bigint) as surgery_amount,
        cast(sum(case when charge_category = 'nursing' then amount else 0 end) as bigint) as nursing_amount,
        cast(sum(case when item_type = 'herbal' then amount else 0 end) as bigint) as herbal_amount,
        cast(sum(case when item_type = 'chinese_patent_drug' then amount else 0 end) as bigint) as patent_drug_amount,
        cast(sum(case when is_discharge_medication then amount else 0 end) as bigint) as take_home_amount,
        cast(sum(case when charge_category in ('examination', 'laboratory') then case when amount < 0 then -1 else 1 end
          else 0 end) as bigint) as n_tests,
        count(distinct cast(fee_time as date)) as service_days, cast(sum(days_supply) as bigint) as days_supply
      from claim_lines group by settlement_key
    ) l on l.settlement_key = s.settlement_key
    left join (
      select settlement_key, count(*) as n_diagnoses,
        min(case when sequence_number = 1 then diagnosis_key end) as principal_diagnosis_key
      from diagnoses group by settlement_key
    ) d on d.settlement_key = s.settlement_key
    left join (
      select settlement_key, count(*) as n_procedures from procedures group by settlement_key
    ) p on p.settlement_key = s.settlement_key
    left join drg_assignments g on g.settlement_key = s.settlement_key
    """,
)
