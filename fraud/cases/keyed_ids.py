"""Ids of cases and findings about persons, made under the workspace's key.

A digest of a person's id without a key is no secret: whoever holds a list of ids can try them all. So nothing in a
pack that follows from a person's id is made without the key, and decisions come back through it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fraud.pseudonyms import CASES
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fraud.pseudonyms import Pseudonyms
    from fraud.workspace import Workspace

_DIGITS = 12


def case_id(names: Pseudonyms, month: str, entity: str, subject: str) -> str:
    """Name the case of a subject and month: equal in every pack of the workspace."""
    text = f"{month}\t{entity}\t{subject}"
    digest = names.of(text, CASES)[1:] if entity == "patient" else hashlib.sha256(text.encode()).hexdigest()
    return f"C-{digest[:_DIGITS]}"


def _shown(names: Pseudonyms, finding_id: str) -> str:
    return f"F-{names.of(finding_id, CASES)[1:]}"


def shown_findings(tables: Mapping[str, pd.DataFrame], names: Pseudonyms) -> dict[str, pd.DataFrame]:
    """Give findings about persons, and their lines, the ids that a pack shows.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Of a scored month; `findings` and `finding_lines` are renamed, the others kept.
    names : Pseudonyms
        Of the workspace.
    """
    findings = tables["findings"]
    about_persons = findings.loc[findings["subject_type"] == "patient", "finding_id"]
    shown = {stored: _shown(names, stored) for stored in about_persons}
    renamed = {
        name: tables[name].assign(finding_id=[shown.get(each, each) for each in tables[name]["finding_id"]])
        for name in ("findings", "finding_lines")
    }
    return {**tables, **renamed}


def stored_findings(workspace: Workspace, names: Pseudonyms) -> dict[str, str]:
    """Return ids of findings about persons as stored, by the id that a pack shows, over all scored months."""
    found: dict[str, str] = {}
    for month in scored_months(workspace):
        findings = ScoredRun.of_folder(workspace.run(month)).table("findings")
        about_persons = findings.loc[findings["subject_type"] == "patient", "finding_id"]
        found.update({_shown(names, stored): stored for stored in about_persons})
    return found
