"""Kinds of lines by whom they need: the patient's body, the ward, or only somebody who fetches them."""

from __future__ import annotations

from features.engine.dialect import quoted_list
from features.vocabulary.care import DRUGS

# Nobody can be examined, operated or nursed by proxy; a consultation can be asked for by a relative who needs drugs.
BODY_BOUND = ("examination", "laboratory", "treatment", "surgery", "nursing")
# What says that the person was seen, and no more.
SEEN = ("registration", "consultation")
# What was fetched longer ago is taken no more, however long it says that it lasts: a long prescription has twelve weeks
# at the most.
REFILL_DAYS = 90
# What runs by itself while a bed is booked.
_BY_ITSELF = ("bed", "registration", "general", "other")


def is_body_bound(line: str) -> str:
    """Return the predicate that a line needs the patient's presence; a line without a charge category does not."""
    return f"coalesce({line}.charge_category in {quoted_list(BODY_BOUND)}, false)"


def needs_presence(line: str) -> str:
    """Return the predicate that a line could not be done after the patient had left: no test of a specimen.

    Pathology is billed as an examination; one without a name may be that.
    """
    return (
        f"coalesce({line}.charge_category in {quoted_list(BODY_BOUND)} and {line}.charge_category <> 'laboratory'"
        f" and ({line}.charge_category <> 'examination' or {line}.item_name not like '%病理%'), false)"
    )


def is_drug(line: str) -> str:
    """Return the predicate that a line is a drug."""
    return f"{line}.item_type in {quoted_list(DRUGS)}"


def _is_bedside(line: str) -> str:
    """Return the predicate that somebody did or gave something at the bedside; what runs by itself does not count."""
    return (
        f"coalesce({line}.charge_category not in {quoted_list(_BY_ITSELF)}, true)"
        f" and not coalesce({line}.is_discharge_medication, false)"
    )


def ward_days(stays: str, key: str = "settlement_key", lines: str = "rule_lines") -> str:
    """Return SQL with one row per day that a stay bills in scope: `settlement_key`, `fee_date`, `is_cared` (1 or 0).

    Parameters
    ----------
    stays, key : str
        Name of a relation of stays, and its column that names their settlements.
    lines : str, default "rule_lines"
        Where their lines are: `window_lines` for stays that belong to no piece.
    """
    return f"""
          select l.settlement_key, l.fee_date, max(case when {_is_bedside("l")} then 1 else 0 end) as is_cared
          from {lines} l where l.settlement_key in (select {key} from {stays})
          group by l.settlement_key, l.fee_date
    """


def days_in_bed(stays: str) -> str:
    """Return SQL with the day on which each of some stays was over: `settlement_key`, `left_date`.

    It is that of the discharge, or before it the day after the last that bills anything: discharges are posted late, a
    bed is billed each night. Where lines do not tell days apart it is that of the discharge.

    Parameters
    ----------
    stays : str
        Name of a relation of stays with the columns of `rule_settlements`.
    """
    return f"""
          select s.settlement_key,
                 case when s.is_dated then least(s.discharge_date, coalesce(max(w.fee_date) + 1, s.discharge_date))
                      else s.discharge_date end as left_date
          from {stays} s left join ({ward_days(stays)}) w on w.settlement_key = s.settlement_key
          group by s.settlement_key, s.is_dated, s.discharge_date
    """


def care_in_common(pairs: str) -> str:
    """Return SQL with what stays show on the days between the first and the last that they have in common with others.

    Parameters
    ----------
    pairs : str
        Name of a relation of `settlement_key`, `other_key`, `first_day` and `last_day`.

    Returns
    -------
    str
        One row per pair with a line in scope on these days: its keys, `n_cared`, days on which somebody was at the
        bedside, and `n_billed`, days with a line.
    """
    return f"""
          select p.settlement_key, p.other_key, count(distinct l.fee_date) as n_billed,
                 count(distinct case when {_is_bedside("l")} then l.fee_date end) as n_cared
          from rule_lines l
          join {pairs} p on p.settlement_key = l.settlement_key
          where l.fee_date > p.first_day and l.fee_date < p.last_day
          group by p.settlement_key, p.other_key
    """


def principal(stays: str) -> str:
    """Return SQL with the principal diagnosis of settlements: `settlement_key`, `diagnosis_code`.

    Parameters
    ----------
    stays : str
        Name of a relation with `settlement_key`: whose diagnoses are wanted.
    """
    return f"""
          select d.settlement_key, min(c.diagnosis_code) as diagnosis_code
          from diagnoses d
          join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
          where d.settlement_key in (select settlement_key from {stays})
            and coalesce(d.diagnosis_type, case when d.sequence_number = 1 then 'principal' end) = 'principal'
          group by d.settlement_key
    """
