"""Ids of natural persons, and of cases, findings and rows about them, made under the workspace's key.

A digest of a person's id without a key is no secret: whoever holds a list of ids can try them all. So nothing that a
pack, a screen or a log shows follows from a person's id without the key, and decisions come back through it. Natural
persons are patients and practitioners; providers are institutions and stand as they are.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from fraud.pseudonyms import CASES, NATURAL_PERSONS, Pseudonyms, shown_person
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fraud.workspace import Workspace

_DIGITS = 12


def case_id(names: Pseudonyms, month: str, entity: str, subject: str, purpose: str = CASES) -> str:
    """Name the case of a subject and month: equal in every pack of the scope."""
    text = f"{month}\t{entity}\t{subject}"
    is_person = entity in NATURAL_PERSONS
    digest = names.of(text, purpose)[1:] if is_person else hashlib.sha256(text.encode()).hexdigest()
    return f"C-{digest[:_DIGITS]}"


def shown_finding(names: Pseudonyms, kind: str, finding_id: str, purpose: str = CASES) -> str:
    """Return the id under which a finding about a subject of a kind is shown."""
    return f"F-{names.of(finding_id, purpose)[1:]}" if kind in NATURAL_PERSONS else finding_id


def shown_findings(
    tables: Mapping[str, pd.DataFrame], names: Pseudonyms, purpose: str = CASES
) -> dict[str, pd.DataFrame]:
    """Give findings about natural persons, and the rows behind all findings, the ids and digests that a pack shows.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Of a scored month; `findings` and `finding_lines` are renamed, the others kept.
    names : Pseudonyms
        Of the workspace.
    purpose : str
        Of the pack's scope.
    """
    findings, lines = tables["findings"], tables["finding_lines"]
    subjects = zip(findings["subject_type"], findings["finding_id"], strict=True)
    shown = {stored: shown_finding(names, kind, stored, purpose) for kind, stored in subjects}
    # The row of a settlement names its person, and all else of it may stand in the pack.
    hashes = {each: names.digest(each, f"{purpose}/row") for each in lines["row_hash"].dropna().unique()}
    return {
        **tables,
        "findings": findings.assign(finding_id=[shown[each] for each in findings["finding_id"]]),
        "finding_lines": lines.assign(
            finding_id=[shown.get(each, each) for each in lines["finding_id"]],
            row_hash=[hashes.get(each, each) for each in lines["row_hash"]],
        ),
    }


def stored_findings(workspace: Workspace, names: Pseudonyms, purpose: str = CASES) -> dict[str, str]:
    """Return ids of findings about natural persons as stored, by the id that a pack shows, over all scored months."""
    found: dict[str, str] = {}
    for month in scored_months(workspace):
        findings = ScoredRun.of_folder(workspace.run(month)).table("findings")
        about = findings.loc[findings["subject_type"].isin(NATURAL_PERSONS), ["subject_type", "finding_id"]]
        pairs = about.itertuples(index=False, name=None)
        found.update({shown_finding(names, kind, stored, purpose): stored for kind, stored in pairs})
    return found


class ShownPersons:
    """Shows natural persons on screens as the packs of the workspace do; its key is read when the first is met.

    Parameters
    ----------
    workspace : Workspace
        Holds the key.
    as_stored : bool
        Show ids as stored; the caller has recorded it.
    """

    def __init__(self, workspace: Workspace, *, as_stored: bool = False) -> None:
        self._workspace = workspace
        self._as_stored = as_stored

    def subject(self, kind: str, identifier: str) -> str:
        """Return what is shown of a subject, or of a member of a ring, of a kind."""
        return identifier if self._is_plain(kind) else shown_person(self._names, kind, identifier)

    def findings(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Return findings with their ids and subjects as they are shown."""
        kinds, ids, subjects = (list(findings[name]) for name in ("subject_type", "finding_id", "subject_id"))
        return findings.assign(
            finding_id=[self._finding(kind, each) for kind, each in zip(kinds, ids, strict=True)],
            subject_id=[self.subject(kind, each) for kind, each in zip(kinds, subjects, strict=True)],
        )

    def _finding(self, kind: str, finding_id: str) -> str:
        return finding_id if self._is_plain(kind) else shown_finding(self._names, kind, finding_id)

    def _is_plain(self, kind: str) -> bool:
        return self._as_stored or kind not in NATURAL_PERSONS

    @cached_property
    def _names(self) -> Pseudonyms:
        return Pseudonyms(self._workspace)
