"""Evidence lines of cases, read from the claims store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from fraud.cases.line_columns import LINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from features.engine import DuckDBEngine
    from fraud.cases.choose import Chosen

# Lines shown where no rule names any: those of the ring's patients, then the largest of the month, then of the window.
_CONTEXT_LINES = 25

# Findings name what stood when their month was scored; a bill that was replaced since is still shown.
_SHOWN = """
select w.subject, w.finding_id, w.code, w.role, pc.person_id, p.gender,
  case when p.birth_date is not null then floor(date_diff('day', p.birth_date, cast(s.settle_time as date)) / 365.25)
  end as age_years,
  s.settle_time, cp.provider_id, o.provider_name, cs.settlement_id, w.line_number, l.fee_time, ci.item_code,
  l.item_name, l.unit_price, l.quantity, coalesce(l.amount, s.total_amount) as amount,
  coalesce(l.in_scope_amount, l.amount, s.in_scope_amount, s.total_amount) as in_scope_amount, w.exposure_amount,
  cast(floor(cast(w.exposure_amount as double) * s.fund_paid_amount
    / nullif(coalesce(s.in_scope_amount, s.total_amount), 0)) as bigint) as fund_exposure_amount,
  coalesce(l.department_code, s.department_code) as department_code, cd.practitioner_id,
  s.admit_time, s.discharge_time, dc.diagnosis_code, w.row_hash
from wanted w
join codes_settlement cs on cs.settlement_id = w.settlement_id
join stored_settlements s on s.settlement_key = cs.settlement_key
left join stored_claim_lines l on l.settlement_key = cs.settlement_key and l.line_number = w.line_number
join codes_provider cp on cp.provider_key = s.provider_key
left join providers o on o.provider_key = s.provider_key
join codes_person pc on pc.person_key = s.person_key
left join persons p on p.person_key = s.person_key
left join codes_item ci on ci.item_key = l.item_key
left join codes_practitioner cd
  on cd.practitioner_key = coalesce(l.executor_key, l.prescriber_key, s.attending_practitioner_key)
left join (select settlement_key, min(diagnosis_key) as diagnosis_key from stored_diagnoses where sequence_number = 1
  group by settlement_key) d on d.settlement_key = s.settlement_key
left join codes_diagnosis dc on dc.diagnosis_key = d.diagnosis_key
order by w.subject, w.exposure_amount desc, s.settle_time, cs.settlement_id, w.line_number, w.finding_id
"""


@dataclass(frozen=True)
class CaseEvidence:
    """Evidence of one subject: its claim lines, and their money with each line counted once.

    Parameters
    ----------
    lines : DataFrame
        Columns of `LINE_COLUMNS`, and `fund_exposure_amount`; ids of persons as stored.
    exposure_gross_amount, exposure_amount, fund_exposure_amount : int
        Of violating lines, each line once: the largest exposure any finding gives it.
    n_lines : int
        Lines before the limit.
    """

    lines: pd.DataFrame
    exposure_gross_amount: int
    exposure_amount: int
    fund_exposure_amount: int
    n_lines: int


def gather(
    engine: DuckDBEngine,
    queue: Sequence[Chosen],
    tables: Mapping[str, pd.DataFrame],
    *,
    month: str,
    limit: int,
) -> dict[tuple[str, str], CaseEvidence]:
    """Read the evidence of every subject of the queue.

    Parameters
    ----------
    engine : DuckDBEngine
        With the months of the run's window attached.
    queue : sequence of Chosen
        Subjects.
    tables : mapping of str to DataFrame
        `findings`, `finding_lines` and `ring_members` of the scored month.
    month : str
        The month.
    limit : int
        Most lines kept per subject.
    """
    keys = pd.DataFrame(
        {"subject_type": [c.entity for c in queue], "subject_id": [c.subject_id for c in queue]}, dtype=object
    ).drop_duplicates()
    keys["subject"] = keys["subject_type"] + "\t" + keys["subject_id"]
    own = tables["findings"].merge(keys, on=["subject_type", "subject_id"])
    named = tables["finding_lines"].merge(own[["finding_id", "code", "subject"]], on="finding_id")
    columns = ["subject", "finding_id", "code", "role", "settlement_id", "line_number", "exposure_amount", "row_hash"]
    without = keys.loc[~keys["subject"].isin(named["subject"])]
    parts = [named[columns], _context(engine, without, own, tables["ring_members"], month)[columns]]
    wanted = (
        pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else named[columns]
    )
    engine.register("wanted", wanted.astype({"line_number": "Int64"}))
    shown = engine.frame(_SHOWN)
    by_subject = {str(name): group for name, group in shown.groupby("subject", sort=False)}
    empty = shown.iloc[:0]
    return {
        (row.subject_type, row.subject_id): _evidence(by_subject.get(row.subject, empty), limit)
        for row in keys.itertuples()
    }


def _context(
    engine: DuckDBEngine, subjects: pd.DataFrame, findings: pd.DataFrame, ring_members: pd.DataFrame, month: str
) -> pd.DataFrame:
    """Lines to look at where no finding names any; they carry no exposure."""
    patients = ring_members.loc[ring_members["member_type"] == "patient", ["ring_id", "member_id"]]
    mine = ring_members.loc[ring_members["member_type"] != "patient", ["ring_id", "member_id"]]
    pairs = mine.merge(patients, on="ring_id", suffixes=("", "_person"))
    engine.register("context_subjects", subjects[["subject", "subject_type", "subject_id"]].astype(object))
    engine.register("context_pairs", pairs[["member_id", "member_id_person"]].drop_duplicates().astype(object))
    lines = engine.frame(
        f"""
        select subject, settlement_id, line_number, role from (
          select c.subject, cs.settlement_id, l.line_number,
            case when r.member_id is not null then 'ring' else 'context' end as role,
            row_number() over (partition by c.subject order by case when r.member_id is not null then 0 else 1 end,
              case when l.month = ? then 0 else 1 end, l.amount desc, cs.settlement_id, l.line_number) as place
          from effective_lines l
          join codes_settlement cs on cs.settlement_key = l.settlement_key
          join codes_provider cp on cp.provider_key = l.provider_key
          join codes_person pc on pc.person_key = l.person_key
          join context_subjects c on (c.subject_type = 'provider' and c.subject_id = cp.provider_id)
            or (c.subject_type = 'patient' and c.subject_id = pc.person_id)
          left join context_pairs r on r.member_id = cp.provider_id and r.member_id_person = pc.person_id
        ) where place <= {_CONTEXT_LINES}
        """,
        [month],
    )
    rings = findings.loc[findings["source"] == "ring"].drop_duplicates("subject").set_index("subject")
    is_ring = lines["role"] == "ring"
    return lines.assign(
        finding_id=lines["subject"].map(rings["finding_id"]).where(is_ring, "").fillna(""),
        code=lines["subject"].map(rings["code"]).where(is_ring, "").fillna(""),
        role=is_ring.map({True: "involved", False: "context"}),
        exposure_amount=0,
        row_hash="",
    )


def _evidence(lines: pd.DataFrame, limit: int) -> CaseEvidence:
    violating = lines[lines["exposure_amount"] > 0].sort_values("exposure_amount", ascending=False, kind="stable")
    once = violating.drop_duplicates(["settlement_id", "line_number"])
    kept = lines.head(limit).rename(columns={"person_id": "person"})
    return CaseEvidence(
        lines=kept[[*(column.name for column in LINE_COLUMNS), "fund_exposure_amount"]].reset_index(drop=True),
        exposure_gross_amount=int(once["amount"].sum()),
        exposure_amount=int(once["exposure_amount"].sum()),
        fund_exposure_amount=int(once["fund_exposure_amount"].fillna(0).sum()),
        n_lines=len(lines),
    )


def show_persons(lines: pd.DataFrame, shown: Callable[[str, str], str]) -> pd.DataFrame:
    """Replace ids of patients and practitioners by what the pack may show."""
    practitioners = lines["practitioner_id"]
    return lines.assign(
        person=[shown("patient", person) for person in lines["person"].astype(str)],
        practitioner_id=[None if pd.isna(one) else shown("practitioner", str(one)) for one in practitioners],
    )
