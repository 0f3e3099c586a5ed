"""Ids of natural persons, and of cases, findings and rows about them, made under the workspace's key.

A digest of a person's id without a key is no secret: whoever holds a list of ids can try them all. So nothing that a
pack, a screen or a log shows follows from a person's id without the key, and decisions come back through it. Natural
persons are patients and practitioners; providers are institutions and stand as they are.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fraud.pseudonyms import CASES, Pseudonyms
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from fraud.workspace import Workspace

PATIENT, PRACTITIONER = "patient", "practitioner"
NATURAL_PERSONS = (PATIENT, PRACTITIONER)
_DIGITS = 12


def shown_person(names: Pseudonyms, kind: str, identifier: str, purpose: str = CASES) -> str:
    """Return what is shown of a subject: the pseudonym of a natural person, the id of anybody else.

    Parameters
    ----------
    names : Pseudonyms
        Of the workspace.
    kind : str
        Subject type, or member type of a ring.
    identifier : str
        As stored.
    purpose : str
        Of the pack's scope; by default that of all packs of the workspace.
    """
    if kind not in NATURAL_PERSONS:
        return identifier
    # A practitioner may be a patient under the same id; the two are not joined.
    return names.of(identifier, purpose if kind == PATIENT else f"{purpose}/{kind}")


def person_shower(workspace: Workspace, *, as_stored: bool = False) -> Callable[[str, str], str]:
    """Return what turns subject type and id into what a screen shows; the key is asked for when a person is met.

    Parameters
    ----------
    workspace : Workspace
        Holds the key.
    as_stored : bool
        Show ids as stored; the caller has recorded it.
    """
    found: list[Pseudonyms] = []

    def show(kind: str, identifier: str) -> str:
        if as_stored or kind not in NATURAL_PERSONS:
            return identifier
        if not found:
            found.append(Pseudonyms(workspace))
        return shown_person(found[0], kind, identifier)

    return show


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
