"""Facts: what a claims month says, kept once per month and merged over months by every profile."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from features.declare import Fact
from features.facts.goods import GOODS_FACTS
from features.facts.limits import LIMIT_FACTS
from features.facts.practitioners import PRACTICE_FACTS
from features.facts.quality import QUALITY_FACTS
from features.facts.services import SERVICE_FACTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from features.claims import ClaimsStore
    from features.engine import Engine

# Encounters that occupy a bed.
INPATIENT = ("inpatient", "day_surgery", "maternity", "long_term_care")

SETTLEMENT_FACT = Fact(
    "settlement_facts",
    "One row per settlement as it came, reversals included.",
    ("settlement_key",),
    """
    select s.settlement_key, s.original_settlement_key, coalesce(s.is_reversal, false) as is_reversal,
      s.provider_key, s.person_key, s.encounter_type, s.settle_time,
      case when s.encounter_type in ('inpatient', 'day_surgery', 'maternity', 'long_term_care')
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
        cast(sum(case when item_type in ('western_drug', 'chinese_patent_drug', 'herbal') then amount else 0 end)
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
PROVIDER_ITEM_FACT = Fact(
    "provider_item_facts",
    "One row per provider and item, refunds netted.",
    ("provider_key", "item_key"),
    """
    select provider_key, item_key, cast(sum(case when amount < 0 then -1 else 1 end) as bigint) as n_lines,
      cast(sum(amount) as bigint) as amount, month
    from claim_lines group by provider_key, item_key, month
    """,
)
PERSON_ITEM_FACT = Fact(
    "person_item_facts",
    "One row per person and item, refunds netted.",
    ("person_key", "item_key"),
    """
    select person_key, item_key,
      max(case when item_type in ('western_drug', 'chinese_patent_drug') then 1 else 0 end) as is_drug,
      cast(sum(case when amount < 0 then -1 else 1 end) as bigint) as n_lines,
      cast(sum(amount) as bigint) as amount, month
    from claim_lines group by person_key, item_key, month
    """,
)
DIAGNOSIS_FACT = Fact(
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

FACTS = (
    SETTLEMENT_FACT,
    PROVIDER_ITEM_FACT,
    PERSON_ITEM_FACT,
    DIAGNOSIS_FACT,
    *GOODS_FACTS,
    *PRACTICE_FACTS,
    *QUALITY_FACTS,
    *SERVICE_FACTS,
    *LIMIT_FACTS,
)


def ensure_facts(store: ClaimsStore, engine: Engine, months: Sequence[str], folder: Path) -> None:
    """Write the facts of months that have none yet, and show all of them as views on the engine.

    A month's facts are kept under the digest of that month's stored rows: a new month reads only its own lines, a
    corrected month rewrites only its own facts, in place of those it had. Engines keep facts of their own: one writes
    a file, the other a folder.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    engine : Engine
        Where the SQL runs.
    months : sequence of str
        Months of the store.
    folder : Path
        Where facts are kept; safe to delete at any time.
    """
    paths: dict[str, list[Path]] = {fact.name: [] for fact in FACTS}
    store.attach(engine, months=months)
    written = False
    for month in months:
        missing = []
        for fact in FACTS:
            registers = store.dimension_digest(*fact.registers) if fact.registers else ""
            text = f"{engine.dialect.name}\0{store.month_digest(month)}\0{fact.sql}{registers}"
            digest = hashlib.sha256(text.encode()).hexdigest()[:24]
            path = folder / fact.name / f"{month}-{engine.dialect.name}-{digest}.parquet"
            paths[fact.name].append(path)
            if not path.exists():
                missing.append((fact, path))
        if missing:
            store.attach_months(engine, [month])
            written = True
        for fact, path in missing:
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting = path.with_suffix(f".{os.getpid()}.writing")
            engine.write_fact(fact.sql, fact.key, waiting)
            waiting.replace(path)
            _delete_superseded(path)
    if written:
        store.attach_months(engine, months)
    for fact in FACTS:
        engine.read_parquet_view(fact.name, paths[fact.name])


def _delete_superseded(path: Path) -> None:
    """Delete what the same engine kept of the same fact and month under another digest."""
    kin, _, _ = path.name.rpartition("-")
    for old in path.parent.glob(f"{kin}-*.parquet"):
        if old != path:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
