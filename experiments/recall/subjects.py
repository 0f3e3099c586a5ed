"""Guilty subjects by scheme and size, as far as they had begun by the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.recall.truth import SIZES
from features.vocabulary.entities import ID_COLUMNS

if TYPE_CHECKING:
    from experiments.recall.truth import Truth
    from features.vocabulary.entities import Entity

# The scheme's guilty patients or lines belong to no guilty provider whose size is on record.
UNSIZED = "unsized"
COLUMNS = ["subject_id", "scheme_code", "size", "first_month"]


def guilty_subjects(truth: Truth, entity: Entity, month: str, planted: pd.DataFrame) -> pd.DataFrame:
    """Return one row per guilty subject and scheme that had begun by the month.

    A patient or practitioner has the size of the largest guilty provider of the scheme at which its guilty lines lie;
    without such, that of the scheme where all its providers have one size. A practitioner's scheme begins with the
    first of the scheme's providers and patients.

    Parameters
    ----------
    truth : Truth
        What was planted.
    entity : str
        `provider`, `patient` or `practitioner`.
    month : str
        YYYY-MM.
    planted : DataFrame
        Guilty lines as of `Located.planted`.
    """
    providers = _providers(truth, month)
    if entity == "provider":
        return providers
    key = ID_COLUMNS[entity]
    members = truth.patients if entity == "patient" else _dated_practitioners(truth, month)
    began = members[members["first_month"] <= month].rename(columns={key: "subject_id"})
    first = began.groupby(["subject_id", "scheme_code"], as_index=False)["first_month"].min()
    at = size_of_lines(planted, providers).assign(place=lambda rows: rows["size"].map(_place))
    largest = at.sort_values("place").rename(columns={key: "subject_id"})
    largest = largest.drop_duplicates(["subject_id", "scheme_code"], keep="last")
    sized = first.merge(largest[["subject_id", "scheme_code", "size"]], on=["subject_id", "scheme_code"], how="left")
    sized["size"] = sized["size"].fillna(sized["scheme_code"].map(_only_size(providers))).fillna(UNSIZED)
    return sized[COLUMNS].sort_values(COLUMNS, ignore_index=True)


def _dated_practitioners(truth: Truth, month: str) -> pd.DataFrame:
    """Guilty practitioners with the first month of their scheme, which the truth tells of its other members alone."""
    others = pd.concat([truth.providers, truth.patients])[["scheme_code", "first_month"]]
    first = others.groupby("scheme_code")["first_month"].min()
    return truth.practitioners.assign(first_month=truth.practitioners["scheme_code"].map(first).fillna(month))


def size_of_lines(planted: pd.DataFrame, providers: pd.DataFrame) -> pd.DataFrame:
    """Guilty lines with the `size` of the instance they belong to."""
    sizes = providers.rename(columns={"subject_id": "provider_id"})[["provider_id", "scheme_code", "size"]]
    lines = planted.merge(sizes, on=["provider_id", "scheme_code"], how="left")
    lines["size"] = lines["size"].fillna(lines["scheme_code"].map(_only_size(providers))).fillna(UNSIZED)
    return lines


def _providers(truth: Truth, month: str) -> pd.DataFrame:
    began = truth.providers[truth.providers["first_month"] <= month].rename(columns={"provider_id": "subject_id"})
    began = began.assign(place=began["size"].map(_place)).sort_values("place", kind="stable")
    once = began.groupby(["subject_id", "scheme_code"], as_index=False).agg({"size": "last", "first_month": "min"})
    return once[COLUMNS].sort_values(COLUMNS, ignore_index=True)


def _only_size(providers: pd.DataFrame) -> dict[str, str]:
    sizes = providers.groupby("scheme_code")["size"].unique()
    return {str(code): str(found[0]) for code, found in sizes.items() if len(found) == 1}


def _place(size: str) -> int:
    return SIZES.index(size) if size in SIZES else -1
