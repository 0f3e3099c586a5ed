"""The scheme that a subject's findings bear on most: by it a list is spread over schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def ordered_schemes(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the schemes of each subject: that with most money first, then with most findings, then by code.

    Parameters
    ----------
    findings : DataFrame
        Findings on subjects of one type.

    Returns
    -------
    DataFrame
        One row per `subject_id` and `scheme_code`, in that order; findings without a scheme tell none.
    """
    named = findings[findings["scheme_code"].fillna("") != ""]
    weights = named.groupby(["subject_id", "scheme_code"])["exposure_amount"].agg(["sum", "size"]).reset_index()
    keys = ["subject_id", "sum", "size", "scheme_code"]
    ordered = weights.sort_values(keys, ascending=[True, False, False, True], ignore_index=True)
    return ordered[["subject_id", "scheme_code"]]


def leading_schemes(findings: pd.DataFrame) -> pd.Series:
    """Return the first of `ordered_schemes`, index the subject; who has no finding with a scheme is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> findings = pd.DataFrame({"subject_id": ["H1", "H1", "H2", "H3"], "scheme_code": ["R01", "H08", "H08", ""]})
    >>> leading_schemes(findings.assign(exposure_amount=[100, 900, 0, 500])).to_dict()
    {'H1': 'H08', 'H2': 'H08'}
    """
    return ordered_schemes(findings).drop_duplicates("subject_id").set_index("subject_id")["scheme_code"]
