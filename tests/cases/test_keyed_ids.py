"""Ids of persons, their cases and their findings: pseudonymous in a pack, known again when they come back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from fraud.cases import export_cases
from fraud.cases.build import build_pack
from fraud.cases.keyed_ids import stored_findings
from fraud.pseudonyms import Pseudonyms
from fraud.runs.tables import read_output
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

MONTH = "2026-03"
SETTINGS = Settings(cases=CaseSettings(top=12))


def test_persons_are_shown_under_pseudonyms_only(own_copy: Workspace, tmp_path: Path) -> None:
    persons = set(read_output(own_copy.run(MONTH), "patient_scores")["person_id"])
    out = export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json", "graphml"), out=tmp_path / "pack")
    text = "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert not [person for person in persons if person in text]
    out = export_cases(
        own_copy, MONTH, settings=SETTINGS, formats=("json",), out=tmp_path / "open", unmask=True, reason="court order"
    )
    text = (out / "cases.json").read_text(encoding="utf-8")
    assert [person for person in persons if person in text]
    entry = json.loads(own_copy.audit_log.read_text().splitlines()[-1])
    assert (entry["unmasked"], entry["reason"]) == (True, "court order")


def test_no_digest_of_a_persons_id_can_be_guessed_from_a_list_of_ids(own_copy: Workspace, tmp_path: Path) -> None:
    settings = Settings(cases=CaseSettings(top=40))
    out = export_cases(own_copy, MONTH, settings=settings, formats=("json",), out=tmp_path / "pack")
    text = (out / "cases.json").read_text(encoding="utf-8")
    persons = list(read_output(own_copy.run(MONTH), "patient_scores")["person_id"])
    plain = [f"{MONTH}\tpatient\t{person}" for person in persons]
    guesses = {f"C-{hashlib.sha256(each.encode()).hexdigest()[:12]}" for each in plain}
    findings = read_output(own_copy.run(MONTH), "findings")
    guesses |= set(findings.loc[findings["subject_type"] == "patient", "finding_id"])
    assert '"subject_type": "patient"' in text
    assert not [guess for guess in guesses if guess in text]


def test_findings_about_persons_come_back_by_the_id_shown(own_copy: Workspace) -> None:
    names = Pseudonyms(own_copy)
    pack = build_pack(own_copy, MONTH, settings=Settings(cases=CaseSettings(top=40)))
    shown = {f.finding_id for case in pack.cases if case.subject_type == "patient" for f in case.findings}
    stored = stored_findings(own_copy, names)
    assert shown
    findings = read_output(own_copy.run(MONTH), "findings")
    assert {stored[each] for each in shown} <= set(findings.loc[findings["subject_type"] == "patient", "finding_id"])


def test_pseudonyms_differ_by_purpose_and_workspace(tmp_path: Path) -> None:
    one, other = Pseudonyms(Workspace(tmp_path / "a")), Pseudonyms(Workspace(tmp_path / "b"))
    assert one.of("P1", "cases") == Pseudonyms(Workspace(tmp_path / "a")).of("P1", "cases")
    assert len({one.of("P1", "cases"), one.of("P1", "tracking"), other.of("P1", "cases"), one.of("P2", "cases")}) == 4
    assert one.resolve(["P1", "P2"], "cases")[one.of("P2", "cases")] == "P2"
    assert (tmp_path / "a" / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
