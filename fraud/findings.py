"""Findings: what a rule, a peer comparison, a ring or a model says of a subject, and the claim lines behind it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from fraud.runs.tables import MONEY, optional_columns, output_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fraud.runs.tables import Column

_DTYPES = {"string": "str", "integer": "int64", "float": "float64", MONEY: "int64"}
_NULLABLE = {"line_number": "Int64"}


def _dtype(column: Column) -> str:
    return _NULLABLE.get(column.name, _DTYPES[column.type])


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Bring a frame into the columns, types and order of its output table."""
    described = output_table(table)
    frame = frame.assign(**{name: np.nan for name in optional_columns(table) if name not in frame})
    missing = [name for name in described.names if name not in frame.columns]
    if missing:
        raise ValueError(f"{table}: columns {', '.join(missing)} are missing")
    typed = pd.DataFrame({column.name: frame[column.name].astype(_dtype(column)) for column in described.columns})
    return typed.sort_values(list(described.key), na_position="first", ignore_index=True)


@dataclass(frozen=True)
class Findings:
    """Findings with their lines; both frames as in outputs.csv, sorted by key.

    Parameters
    ----------
    findings : DataFrame
        One row per finding; money in int64 minor units; `q_value` of peer findings alone, which others may leave out.
    lines : DataFrame
        One row per finding and claim line (or whole settlement: `line_number` null); exposure of the line
        under this finding in int64 minor units, zero for involved lines.

    Raises
    ------
    ValueError
        A column is missing, two findings have one id, or a line belongs to no finding.
    """

    findings: pd.DataFrame
    lines: pd.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", _typed(self.findings, "findings"))
        object.__setattr__(self, "lines", _typed(self.lines, "finding_lines"))
        repeated = self.findings["finding_id"].duplicated()
        if repeated.any():
            raise ValueError(f"finding {self.findings.loc[repeated, 'finding_id'].iloc[0]} is there twice")
        strays = ~self.lines["finding_id"].isin(self.findings["finding_id"])
        if strays.any():
            raise ValueError(f"lines of finding {self.lines.loc[strays, 'finding_id'].iloc[0]}, which is not there")

    @classmethod
    def empty(cls) -> Self:
        """No findings, with all columns."""
        return cls(*(pd.DataFrame(columns=output_table(name).names) for name in ("findings", "finding_lines")))

    @classmethod
    def concat(cls, parts: Iterable[Self]) -> Self:
        """Put the findings of several detectors together.

        Raises
        ------
        ValueError
            Two parts hold a finding of one id.
        """
        filled = [part for part in parts if len(part)]
        if len(filled) < 2:
            return filled[0] if filled else cls.empty()
        return cls(
            pd.concat([part.findings for part in filled], ignore_index=True),
            pd.concat([part.lines for part in filled], ignore_index=True),
        )

    def __len__(self) -> int:
        return len(self.findings)


def make_finding_id(*, source: str, code: str, version: str, month: str, subject_type: str, subject_id: str) -> str:
    """Name a finding by what it says about whom: equal input, equal id.

    Examples
    --------
    >>> make_finding_id(source="rule", code="H08-1", version="1", month="2026-03", subject_type="provider",
    ...     subject_id="P1")
    'F-20a4843a2dbc951f'
    """
    parts = [source, code, version, month, subject_type, subject_id]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
    return f"F-{digest[:16]}"


def row_hash(row: Mapping[str, str | None]) -> str:
    """SHA-256 of a stored row, independent of column order and of columns that are null or absent.

    Parameters
    ----------
    row : mapping of str to str or None
        Contract column names to the stored values as text: identifiers as they came, money as integers of
        minor units, times in ISO form.
    """
    known = {name: value for name, value in row.items() if value is not None}
    return hashlib.sha256(json.dumps(known, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def dedupe_exposure(lines: pd.DataFrame) -> pd.DataFrame:
    """Count each claim line once, at the largest exposure any finding gives it: maximum, not sum.

    Parameters
    ----------
    lines : DataFrame
        Rows of `finding_lines`; usually those of one subject's findings.

    Returns
    -------
    DataFrame
        One row per settlement and line (`settlement_id`, `line_number`, `exposure_amount` in minor units),
        sorted; lines that are only involved are left out. A row for a whole settlement and rows for its
        lines stand for the same money, so per settlement the larger of both is kept.

    Examples
    --------
    >>> lines = pd.DataFrame({"role": "violating", "settlement_id": "S1", "line_number": [1, 1, 2]})
    >>> dedupe_exposure(lines.assign(exposure_amount=[300, 200, 500]))["exposure_amount"].tolist()
    [300, 500]
    """
    keys = ["settlement_id", "line_number"]
    violating = lines.loc[lines["role"] == "violating", [*keys, "exposure_amount"]]
    once = (
        violating.astype({"line_number": "Int64"})
        .groupby(keys, dropna=False, as_index=False, sort=True)["exposure_amount"]
        .max()
    )
    is_whole = once["line_number"].isna()
    whole = once.loc[is_whole].set_index("settlement_id")["exposure_amount"]
    by_line = once.loc[~is_whole].groupby("settlement_id")["exposure_amount"].sum()
    by_whole = once["settlement_id"].map(whole) > once["settlement_id"].map(by_line).fillna(-1)
    return once.loc[by_whole.fillna(value=False) == is_whole].reset_index(drop=True)
