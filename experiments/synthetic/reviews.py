"""Reviews that an investigation unit opens: part of the guilty, some who only seem so, and a random share of all."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd

from experiments.synthetic.randomness import stream
from experiments.synthetic.write import truth_folder
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from experiments.synthetic.city import City

_EXAMINED = {"small": 0.25, "medium": 0.5, "large": 0.75}  # of guilty providers; the large draw attention sooner
_USED_EXAMINED = {"patient": 0.42, "practitioner": 0.35}
_SEEN = 0.75  # share of the schemes of an examined subject that come to light; one always does
_TWIN_EXAMINED = 0.4  # the look-alikes are what a rule ranks high
_INNOCENT_PER_GUILTY = 0.9  # reviews of the large and the odd that were innocent after all
RANDOM_AUDIT = {"provider": 0.04, "patient": 0.006, "practitioner": 0.01}
KINDS = tuple(RANDOM_AUDIT)

_KEY = {"provider": "provider_id", "patient": "person_id", "practitioner": "attending_practitioner_id"}
_GUILTY = {
    "provider": """
        select provider_id as subject_id, scheme_code, min(first_month) as first_month,
            max_by(size, case size when 'large' then 3 when 'medium' then 2 else 1 end) as size
        from truth_providers group by all""",
    "patient": """
        select person_id as subject_id, scheme_code, min(first_month) as first_month, 'medium' as size
        from truth_patients group by all""",
    "practitioner": """
        select distinct practitioner_id as subject_id, scheme_code, null::varchar as first_month, 'medium' as size
        from truth_practitioners""",
}
_TRUTHS = ("truth_providers", "truth_patients", "truth_practitioners", "truth_lines", "truth_twins")


@contextmanager
def opened(city: City | Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a city, or a written source with its truth beside it, for SQL.

    Raises
    ------
    InputError
        When the folder is no written city.
    """
    with duckdb.connect() as connection:
        if isinstance(city, Path):
            settlements, truth = city / "settlements", truth_folder(city)
            if not (settlements.is_dir() and truth.is_dir()):
                raise InputError.of(f"city '{city}'", "to label", "not a written city", "write one with `fraud synth`")
            sources = {"settlements": f"{settlements}/month=*/*.parquet"}
            sources |= {name: f"{truth}/{name}.parquet" for name in _TRUTHS}
            for name, files in sources.items():
                connection.read_parquet(files, hive_partitioning=False).create_view(name)
        else:
            for name in ("settlements", *_TRUTHS):
                connection.register(name, city.tables[name] if name in city.tables else city.truth[name])
        yield connection


@dataclass(frozen=True)
class Window:
    """First and last day of the months that have settlements."""

    first: date
    last: date

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> Window:
        """Read the window off the settlements."""
        row = connection.execute(
            "select date_trunc('month', min(settle_time))::date, last_day(max(settle_time)::date) from settlements"
        ).fetchone()
        if row is None or row[0] is None:
            raise InputError.of("settlements", "of the city", "none", "make a city with more persons or months")
        return cls(*row)


def _guilty(connection: duckdb.DuckDBPyConnection, kind: str) -> pd.DataFrame:
    """One row per guilty subject and scheme: when it began, its size, and the planted money in cents."""
    return connection.execute(f"""
        with planted as (
            select s.{_KEY[kind]} as subject_id, t.scheme_code, sum(t.exposure_amount * 100)::bigint as exposure,
                strftime(min(s.settle_time), '%Y-%m') as first_month
            from truth_lines t join settlements s using (settlement_id) group by all)
        select g.subject_id, g.scheme_code, coalesce(g.first_month, p.first_month) as first_month, g.size,
            coalesce(p.exposure, 0)::bigint as exposure
        from ({_GUILTY[kind]}) g left join planted p using (subject_id, scheme_code)
        order by subject_id, scheme_code""").df()


def _billed(connection: duckdb.DuckDBPyConnection, kind: str) -> pd.Series:
    """Money billed (cents) by subject, in the order of the subjects."""
    frame = connection.execute(f"""
        select {_KEY[kind]} as subject_id, sum(total_amount * 100)::bigint as cents from settlements
        where {_KEY[kind]} is not null group by 1 order by 1""").df()
    return frame.set_index("subject_id")["cents"]


def _twins(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    rows = connection.execute("select distinct subject_id from truth_twins where subject_type = ? order by 1", [kind])
    return [row[0] for row in rows.fetchall()]


def reviews_of(connection: duckdb.DuckDBPyConnection, kind: str, seed: int) -> pd.DataFrame:
    """Draw who of one kind is reviewed.

    Returns
    -------
    DataFrame
        One row per reviewed subject and scheme that the review looked into; one with no scheme for an innocent:
        subject_type, subject_id, scheme_code (null for an innocent), first_month, size, exposure and billed (cents),
        is_audit.
    """
    rng = stream(seed, f"labels/{kind}")
    guilty, billed = _guilty(connection, kind), _billed(connection, kind)
    names = guilty["subject_id"].unique()
    everyone = np.union1d(billed.index.to_numpy(object).astype(str), names.astype(str))
    # The audit is drawn before anyone is ranked: only so is its probability the one on record.
    audited = everyone[rng.random(len(everyone)) < RANDOM_AUDIT[kind]]
    chance = guilty["size"].map(_EXAMINED) if kind == "provider" else pd.Series(_USED_EXAMINED[kind], guilty.index)
    best = chance.astype(float).groupby(guilty["subject_id"]).max().reindex(names).to_numpy(float)
    examined = names[(rng.random(len(names)) < best) & ~np.isin(names, audited)].astype(str)
    innocent = billed[~billed.index.isin(names) & ~billed.index.isin(audited)]
    odd = np.array([twin for twin in _twins(connection, kind) if twin in innocent.index], str)
    odd = odd[rng.random(len(odd)) < _TWIN_EXAMINED]
    wanted = max(0, round(_INNOCENT_PER_GUILTY * len(examined)) - len(odd))
    largest = innocent.drop(odd).sort_values(ascending=False, kind="stable").index[: 4 * wanted].to_numpy(object)
    large = rng.choice(largest.astype(str), min(wanted, len(largest)), replace=False)
    subjects = np.concatenate([np.unique(np.concatenate([examined, odd, large])), audited])
    found = guilty[guilty["subject_id"].isin(subjects)]
    first_of_subject = ~found["subject_id"].duplicated().to_numpy()
    found = found[first_of_subject | (rng.random(len(found)) < _SEEN)]
    rows = pd.DataFrame({"subject_type": kind, "subject_id": subjects}).merge(found, on="subject_id", how="left")
    return rows.assign(
        size=rows["size"].fillna("medium"),
        exposure=rows["exposure"].fillna(0).astype(np.int64),
        billed=billed.reindex(rows["subject_id"]).fillna(0).to_numpy(np.int64),
        is_audit=np.isin(rows["subject_id"].to_numpy(object).astype(str), audited),
    )
