"""A dozen provider features three ways over the same canonical Parquet: our SQL, pandas and Polars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.dataset as ds

from features.catalogue import families
from features.declare import aggregate
from features.engine import DuckDBEngine
from features.facts.items import PROVIDER_ITEM_FACT
from features.facts.settlements import SETTLEMENT_FACT
from features.tables.window import window_tables
from features.vocabulary.care import BED_ENCOUNTERS, DRUGS

if TYPE_CHECKING:
    from features.claims import ClaimsStore
    from features.declare import Feature

NAMES = (
    "settlements_count",
    "patients_count",
    "claim_lines_count",
    "settlement_median_amount",
    "settlement_p90_amount",
    "weekend_share",
    "refund_share",
    "drug_share",
    "patient_hhi_ratio",
    "exclusive_patients_share",
    "item_entropy_nats",
    "readmission_15d_share",
)
_SETTLEMENTS = [
    *("settlement_key", "original_settlement_key", "is_reversal", "provider_key", "person_key", "encounter_type"),
    *("settle_time", "admit_time", "discharge_time", "is_planned_readmission", "total_amount"),
]
_LINES = ["settlement_key", "provider_key", "item_key", "item_type", "amount"]
_STAYS = ["person_key", "admit_date", "discharge_date", "settlement_key"]


def _files(store: ClaimsStore, table: str) -> list[str]:
    return [str(store.folder / part.file) for part in store.catalog.tables[table]]


def ours(store: ClaimsStore, threads: int = 2) -> pd.DataFrame:
    """Compute the dozen over all months with the catalogue's SQL: the two facts it needs, the window, its features."""
    months = store.months()
    with DuckDBEngine(threads=threads) as engine:
        store.attach(engine, months=months)
        for fact in (SETTLEMENT_FACT, PROVIDER_ITEM_FACT):
            engine.create_table(fact.name, fact.sql)
        for table in window_tables(engine.dialect, months):
            engine.create_table(table.name, table.sql)
        subjects = engine.frame("select distinct provider_key as subject_key from money").set_index("subject_key")
        parts = [subjects.sort_index()]
        for relation, declared in _by_relation().items():
            sql = aggregate(relation, declared, engine.dialect)
            parts.append(engine.frame(sql).set_index("subject_key").reindex(subjects.index))
        return pd.concat(parts, axis=1).reindex(columns=list(NAMES)).sort_index()


def _by_relation() -> dict[str, list[Feature]]:
    found: dict[str, list[Feature]] = {}
    for family in families("provider"):
        for feature in family.features:
            if feature.name in NAMES:
                found.setdefault(family.relation, []).append(feature)
    return found


def with_pandas(store: ClaimsStore) -> pd.DataFrame:
    """Compute the dozen over all months with pandas."""
    money = ds.dataset(_files(store, "settlements")).to_table(_SETTLEMENTS).to_pandas()
    lines = ds.dataset(_files(store, "claim_lines")).to_table(_LINES).to_pandas()
    money["is_reversal"] = money["is_reversal"].astype("boolean").fillna(value=False).astype(bool)
    reversed_keys = money.loc[money["is_reversal"], "original_settlement_key"].dropna()
    visits = money[~money["is_reversal"] & ~money["settlement_key"].isin(reversed_keys)].copy()
    visits["n_lines"] = visits["settlement_key"].map(lines.groupby("settlement_key").size()).fillna(0)
    drugs = lines[lines["item_type"].isin(DRUGS)].groupby("settlement_key")["amount"].sum()
    visits["drug_amount"] = visits["settlement_key"].map(drugs).fillna(0)
    visits["is_weekend"] = visits["settle_time"].dt.day_of_week >= 5
    by_provider = visits.groupby("provider_key")
    n, total = by_provider.size(), by_provider["total_amount"]
    found = {
        "settlements_count": n,
        "patients_count": by_provider["person_key"].nunique(),
        "claim_lines_count": by_provider["n_lines"].sum(),
        "settlement_median_amount": (total.quantile(0.5) / 100).where(n >= 5),
        "settlement_p90_amount": (total.quantile(0.9) / 100).where(n >= 5),
        "weekend_share": by_provider["is_weekend"].mean(),
        "refund_share": money.groupby("provider_key")["is_reversal"].mean(),
        "drug_share": by_provider["drug_amount"].sum() / total.sum().replace(0, np.nan),
    }
    people = visits.groupby(["provider_key", "person_key"])["total_amount"].agg(["size", "sum"]).reset_index()
    paying = people[people["sum"] > 0].assign(square=lambda frame: frame["size"] ** 2).groupby("provider_key")
    found["patient_hhi_ratio"] = paying["square"].sum() / paying["size"].sum() ** 2
    people["is_exclusive"] = people.groupby("person_key")["provider_key"].transform("size") == 1
    found["exclusive_patients_share"] = people.groupby("provider_key")["is_exclusive"].mean()
    lines["n"] = np.where(lines["amount"] < 0, -1, 1)
    items = lines.groupby(["provider_key", "item_key"])[["amount", "n"]].sum().reset_index()
    items = items[items["amount"] > 0].assign(part=lambda frame: frame["n"] * np.log(frame["n"].clip(lower=1)))
    item = items.groupby("provider_key")[["n", "part"]].sum()
    item = item[item["n"] > 0]
    found["item_entropy_nats"] = (np.log(item["n"]) - item["part"] / item["n"]).clip(lower=0)
    found["readmission_15d_share"] = _readmissions(visits)
    return pd.DataFrame(found, dtype="float64").reindex(columns=list(NAMES)).sort_index()


def _readmissions(visits: pd.DataFrame) -> pd.Series:
    stays = visits[visits["encounter_type"].isin(BED_ENCOUNTERS)].dropna(subset=["admit_time", "discharge_time"])
    stays = stays.assign(
        admit_date=stays["admit_time"].dt.normalize(), discharge_date=stays["discharge_time"].dt.normalize()
    ).sort_values(_STAYS)
    by_person = stays.groupby("person_key")
    latest = by_person["discharge_date"].cummax().groupby(stays["person_key"]).shift()
    gap = (stays["admit_date"] - latest).dt.days
    is_planned = stays["is_planned_readmission"].astype("boolean").fillna(value=False).astype(bool)
    is_again = (by_person["provider_key"].shift() == stays["provider_key"]) & gap.between(0, 15) & ~is_planned
    return is_again.groupby(stays["provider_key"]).mean()


def with_polars(store: ClaimsStore) -> pd.DataFrame:
    """Compute the dozen over all months with Polars, as one lazy plan on its streaming engine."""
    money = pl.scan_parquet(_files(store, "settlements")).select(_SETTLEMENTS)
    money = money.with_columns(pl.col("is_reversal", "is_planned_readmission").fill_null(value=False))
    lines = pl.scan_parquet(_files(store, "claim_lines")).select(_LINES)
    gone = money.filter("is_reversal").select(settlement_key="original_settlement_key").drop_nulls().unique()
    amount, is_drug = pl.col("amount"), pl.col("item_type").is_in(DRUGS)
    of_lines = lines.group_by("settlement_key").agg(n_lines=pl.len(), drug_amount=amount.filter(is_drug).sum())
    visits = (
        money.filter(~pl.col("is_reversal"))
        .join(gone, on="settlement_key", how="anti")
        .join(of_lines, on="settlement_key", how="left")
    )
    total, enough = pl.col("total_amount"), pl.len() >= 5
    each = visits.group_by("provider_key").agg(
        settlements_count=pl.len(),
        patients_count=pl.col("person_key").n_unique(),
        claim_lines_count=pl.col("n_lines").sum(),
        settlement_median_amount=pl.when(enough).then(total.quantile(0.5, "linear") / 100),
        settlement_p90_amount=pl.when(enough).then(total.quantile(0.9, "linear") / 100),
        weekend_share=(pl.col("settle_time").dt.weekday() >= 6).mean(),
        drug_share=pl.when(total.sum() != 0).then(pl.col("drug_amount").sum() / total.sum()),
    )
    # Polars counts in 32 bits, whose square overflows from 65,536 settlements on.
    people = visits.group_by("provider_key", "person_key").agg(n=pl.len().cast(pl.Int64), amount=total.sum())
    paying = people.filter(amount > 0).group_by("provider_key")
    panel = people.with_columns(is_exclusive=pl.len().over("person_key") == 1).group_by("provider_key")
    n = pl.col("n")
    items = (
        lines.group_by("provider_key", "item_key")
        .agg(amount.sum(), n=pl.when(amount < 0).then(-1).otherwise(1).sum())
        .filter(amount > 0)
        .group_by("provider_key")
    )
    spread = (n.sum().log() - (n * n.clip(1).log()).sum() / n.sum()).clip(0)
    parts = [
        money.group_by("provider_key").agg(refund_share=pl.col("is_reversal").mean()),
        each,
        paying.agg(patient_hhi_ratio=(n**2).sum() / n.sum() ** 2),
        panel.agg(exclusive_patients_share=pl.col("is_exclusive").mean()),
        items.agg(item_entropy_nats=pl.when(n.sum() > 0).then(spread)),
        _stays(visits),
    ]
    whole = pl.concat(parts, how="align_left")
    found = whole.sort("provider_key").collect(engine="streaming").to_pandas().set_index("provider_key")
    return found.reindex(columns=list(NAMES)).astype("float64")


def _stays(visits: pl.LazyFrame) -> pl.LazyFrame:
    latest = pl.col("discharge_date").cum_max().shift().over("person_key")
    is_here = pl.col("provider_key").shift().over("person_key") == pl.col("provider_key")
    gap = (pl.col("admit_date") - latest).dt.total_days()
    is_again = is_here & gap.is_between(0, 15) & ~pl.col("is_planned_readmission")
    return (
        visits.filter(pl.col("encounter_type").is_in(BED_ENCOUNTERS))
        .with_columns(admit_date=pl.col("admit_time").dt.date(), discharge_date=pl.col("discharge_time").dt.date())
        .drop_nulls(["admit_date", "discharge_date"])
        .sort(_STAYS)
        .with_columns(is_again=is_again.fill_null(value=False))
        .group_by("provider_key")
        .agg(readmission_15d_share=pl.col("is_again").mean())
    )


def difference(ours: pd.DataFrame, theirs: pd.DataFrame) -> float:
    """Return the largest difference, relative where values exceed one; infinite where only one side knows a value."""
    if not (ours.index.equals(theirs.index) and (ours.isna() == theirs.isna()).all(axis=None)):
        return math.inf
    return float(((ours - theirs).abs() / ours.abs().clip(lower=1)).max(axis=None))
