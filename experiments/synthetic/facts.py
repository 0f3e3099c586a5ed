"""Figures of a written city, to set beside what is known of real claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np

from features.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_TAIL = 0.01  # share of the bills that the tail index is read off

_SETTLED = """
    create temp table settled as
    select s.settlement_id, s.person_id, s.total_amount::double as total, s.fund_paid_amount::double as fund,
        s.admit_time, s.discharge_time, coalesce(s.is_planned_readmission, false) as is_planned,
        case when s.admit_time is not null then 'inpatient' when s.encounter_type = 'pharmacy'
            or p.provider_type in ('retail_pharmacy', 'dual_channel_pharmacy') then 'pharmacy' else 'outpatient' end
            as place,
        s.insured_region_code[:4] <> s.care_region_code[:4] as is_outside
    from settlements s join providers p using (provider_id)
    where not coalesce(s.is_reversal, false)
        and s.settlement_id not in (select original_settlement_id from settlements
            where original_settlement_id is not null)"""
_STAYS = """
    create temp table stays as
    select *, date_diff('day', admit_time::date, discharge_time::date) as nights,
        lead(admit_time) over next_one as next_admitted, lead(is_planned) over next_one as next_is_planned
    from settled where admit_time is not null
    window next_one as (partition by person_id order by admit_time)"""

# Each figure in SQL over `settled`, `stays`, `claim_lines`, `persons`; rates and shares in 0..1, money in currency.
_FIGURES = {
    "settlements_per_person_month": """
        select count(*) / (select count(*) from persons)::double
            / (select count(distinct date_trunc('month', settle_time)) from settlements) from settled""",
    "pharmacy_lines_mean": "select avg(n) from per_bill where place = 'pharmacy'",
    "outpatient_lines_mean": "select avg(n) from per_bill where place = 'outpatient'",
    "inpatient_lines_mean": "select avg(n) from per_bill where place = 'inpatient'",
    "pharmacy_bill_amount_mean": "select avg(total) from settled where place = 'pharmacy'",
    "outpatient_bill_amount_mean": "select avg(total) from settled where place = 'outpatient'",
    "inpatient_bill_amount_mean": "select avg(total) from settled where place = 'inpatient'",
    "inpatient_row_share": "select avg((place = 'inpatient')::int) from settled",
    "inpatient_amount_share": "select sum(total) filter (where place = 'inpatient') / sum(total) from settled",
    "pharmacy_row_share": "select avg((place = 'pharmacy')::int) from settled",
    "dearest_1_percent_amount_share": "select sum(total) filter (where rank <= 0.01) / sum(total) from ranked",
    "dearest_10_percent_amount_share": "select sum(total) filter (where rank <= 0.1) / sum(total) from ranked",
    "admissions_per_person_year": """
        select count(*) / (select count(*) from persons)::double
            / (select count(distinct date_trunc('month', settle_time)) / 12.0 from settlements) from stays""",
    "nights_mean": "select avg(nights) from stays",
    "one_night_share": "select avg((nights <= 1)::int) from stays",
    "returned_unplanned_15d_share": """
        select avg(coalesce(next_admitted <= discharge_time + interval 15 day and not next_is_planned, false)::int)
        from stays""",
    "returned_30d_share": """
        select avg(coalesce(next_admitted <= discharge_time + interval 30 day, false)::int) from stays""",
    "planned_stay_share": "select avg(is_planned::int) from stays",
    "fund_share": "select sum(fund) / sum(total) from settled",
    "outside_row_share": "select avg(is_outside::int) from settled",
    "outside_amount_share": "select sum(total) filter (where is_outside) / sum(total) from settled",
}


def _gini(amounts: np.ndarray) -> float:
    """Gini coefficient of amounts in ascending order."""
    n = len(amounts)
    return float((2 * np.arange(1, n + 1) - n - 1) @ amounts / (n * amounts.sum()))


def _tail_index(amounts: np.ndarray) -> float:
    """Hill's estimator over the dearest one percent (Hill 1975): small is heavy; amounts in ascending order."""
    k = max(2, int(len(amounts) * _TAIL))
    return float(1 / np.mean(np.log(amounts[-k:] / amounts[-k])))


def describe(city: Path) -> dict[str, float]:
    """Compute the figures of `docs/synthetic.md` from a written city; reversed settlements are left out.

    Parameters
    ----------
    city : Path
        Folder of a written source.

    Returns
    -------
    dict
        Name of the figure and its value; shares and rates in 0..1, money in currency. A figure of what does not occur
        in the city is left out.

    Raises
    ------
    InputError
        When the folder is no written city.
    """
    if not (city / "settlements").is_dir():
        raise InputError.of(f"city '{city}'", "to describe", "not a written city", "write one with `fraud synth`")
    with duckdb.connect() as connection:
        for name in ("settlements", "claim_lines"):
            files = f"{city}/{name}/month=*/*.parquet"
            connection.read_parquet(files, hive_partitioning=False).create_view(name)
        for name in ("providers", "persons"):
            connection.read_parquet(f"{city}/{name}.parquet").create_view(name)
        connection.execute(_SETTLED)
        connection.execute(_STAYS)
        connection.execute("""
            create temp table per_bill as select place, l.n from settled join
            (select settlement_id, count(*) as n from claim_lines group by 1) l using (settlement_id)""")
        connection.execute("""
            create temp table ranked as
            select total, row_number() over (order by total desc, settlement_id) / count(*) over () as rank
            from settled""")
        found = {name: connection.execute(sql).fetchall()[0][0] for name, sql in _FIGURES.items()}
        amounts = connection.execute("select total from settled where total > 0 order by 1").fetchnumpy()["total"]
    figures = {name: float(value) for name, value in found.items() if value is not None}
    return {**figures, "bill_amount_gini": _gini(amounts), "bill_amount_tail_index": _tail_index(amounts)}
