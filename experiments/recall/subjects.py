"""Guilty subjects by scheme and size, as far as they had begun by the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.recall.truth import SIZES

if TYPE_CHECKING:
    import pandas as pd

    from experiments.recall.truth import Truth
    from features.vocabulary.entities import ScoredEntity

# The scheme's guilty patients or lines belong to no guilty provider whose size is on record.
UNSIZED = "unsized"
COLUMNS = ["subject_id", "scheme_code", "size", "first_month"]


def guilty_subjects(truth: Truth, entity: ScoredEntity, month: str, planted: pd.DataFrame) -> pd.DataFrame:
    """Return one row per guilty subject and scheme that had begun by the month.

    A patient has the size of the largest guilty provider of the scheme at which its guilty lines lie; without such,
    that of the scheme where all its providers have one size.

    Parameters
    ----------
    truth : Truth
        What was planted.
    entity : str
        `provider` or `patient`.
    month : str
        YYYY-MM.
    planted : DataFrame
        Guilty lines as of `Located.planted`.
    """
    providers = _providers(truth, month)
    if entity == "provider":
        return providers
    patients = truth.patients[truth.patients["first_month"] <= month]
    first = patients.groupby(["person_id", "scheme_code"], as_index=False)["first_month"].min()
    first = first.rename(columns={"person_id": "subject_id"})
    at = size_of_lines(planted, providers).assign(place=lambda rows: rows["size"].map(_place))
    largest = at.sort_values("place").drop_duplicates(["person_id", "scheme_code"], keep="last")
    sized = first.merge(
        largest[["person_id", "scheme_code", "size"]].rename(columns={"person_id": "subject_id"}),
        on=["subject_id", "scheme_code"],
        how="left",
    )
    sized["size"] = sized["size"].fillna(sized["scheme_code"].map(_only_size(providers))).fillna(UNSIZED)
    return sized[COLUMNS].sort_values(COLUMNS, ignore_index=True)


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
