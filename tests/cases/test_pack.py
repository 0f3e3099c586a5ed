"""Packs of a scored city: complete, pseudonymous, repeatable, and any change is noticed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from features.errors import InputError
from fraud.cases import export_cases, verify_pack
from fraud.cases.build import build_pack
from fraud.cases.keyed_ids import stored_findings
from fraud.pseudonyms import Pseudonyms
from fraud.runs.tables import read_output
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

MONTH = "2026-03"
SETTINGS = Settings(cases=CaseSettings(top=12))


@pytest.fixture(scope="module")
def pack(scored_city):
    return build_pack(scored_city[0], MONTH, settings=SETTINGS)


def test_a_case_carries_what_an_investigator_needs(pack) -> None:
    assert len(pack.cases) == 12
    for case in pack.cases:
        assert case.reasons
        assert case.innocent
        assert case.records
        assert len(case.lines) > 0
        assert case.priority.total_amount == pytest.approx(
            case.priority.expected_recovery_amount
            * case.priority.severity
            * case.priority.recency
            * case.priority.actionability
            - case.priority.cost_amount,
            abs=1,
        )


def test_exposure_counts_each_line_once(pack, scored_city) -> None:
    findings = read_output(scored_city[0].run(MONTH), "findings")
    lines = read_output(scored_city[0].run(MONTH), "finding_lines")
    for case in pack.cases:
        own = findings[(findings["subject_id"] == case.subject_id) & (findings["source"] == "rule")]
        named = lines[lines["finding_id"].isin(own["finding_id"]) & (lines["exposure_amount"] > 0)]
        once = named.groupby(["settlement_id", "line_number"], dropna=False)["exposure_amount"].max().sum()
        rings = max((f.exposure_amount for f in case.findings if f.source == "ring"), default=0)
        assert case.exposure_amount == max(once, rings)
        assert case.exposure_gross_amount >= case.exposure_amount
        assert case.is_ring_money == (rings > once)


def test_persons_are_shown_under_pseudonyms_only(pack, own_copy: Workspace, tmp_path: Path) -> None:
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


def test_two_exports_are_equal_to_the_byte(own_copy: Workspace, tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        out = export_cases(own_copy, MONTH, settings=SETTINGS, out=tmp_path / name)
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()})
    assert digests[0] == digests[1]


def test_verify_notices_every_kind_of_change(own_copy: Workspace, tmp_path: Path) -> None:
    out = export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json",), out=tmp_path / "pack")
    assert verify_pack(out) == ()
    cases = out / "cases.json"
    cases.write_text(cases.read_text(encoding="utf-8").replace('"rank": ', '"rank":  '), encoding="utf-8")
    (out / "extra.txt").write_text("x")
    assert verify_pack(out) == ("cases.json: changed", "extra.txt: not in the manifest")
    cases.write_text("{", encoding="utf-8")
    told = ("cases.json: changed", "extra.txt: not in the manifest", "cases.json: its totals cannot be read")
    assert verify_pack(out) == told
    cases.unlink()
    assert "cases.json: missing" in verify_pack(out)


def test_a_manifest_cannot_send_verify_elsewhere(own_copy: Workspace, tmp_path: Path) -> None:
    out = export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json",), out=tmp_path / "pack")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"]["../../etc/passwd"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert "../../etc/passwd: missing" in verify_pack(out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"lang": "fr"}, "language 'fr'"),
        ({"formats": ("pdf",)}, "format 'pdf'"),
        ({"formats": ()}, "--formats .*none named"),
        ({"unmask": True}, "--unmask .*without a reason"),
    ],
)
def test_bad_usage_is_refused(scored_city, arguments: dict, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        export_cases(scored_city[0], MONTH, settings=SETTINGS, out=tmp_path / "pack", **arguments)
    assert not (tmp_path / "pack").exists()


def test_a_folder_with_other_things_is_left_alone(scored_city, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no review pack"):
        export_cases(scored_city[0], MONTH, settings=SETTINGS, out=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_scored_month_is_not_taken_for_an_earlier_pack(own_copy: Workspace) -> None:
    for target in (own_copy.run(MONTH), own_copy.run(MONTH).resolve()):
        before = sorted(path.name for path in target.iterdir())
        with pytest.raises(InputError, match="no review pack"):
            export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json",), out=target)
        assert sorted(path.name for path in target.iterdir()) == before


def test_a_folder_below_a_file_is_refused(scored_city, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is no folder"):
        export_cases(scored_city[0], MONTH, settings=SETTINGS, out=tmp_path / "file" / "pack")


def test_a_month_that_is_not_scored_is_refused(scored_city, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not scored"):
        export_cases(scored_city[0], "2030-01", settings=SETTINGS, out=tmp_path / "pack")


def test_pseudonyms_differ_by_purpose_and_workspace(tmp_path: Path) -> None:
    one, other = Pseudonyms(Workspace(tmp_path / "a")), Pseudonyms(Workspace(tmp_path / "b"))
    assert one.of("P1", "cases") == Pseudonyms(Workspace(tmp_path / "a")).of("P1", "cases")
    assert len({one.of("P1", "cases"), one.of("P1", "tracking"), other.of("P1", "cases"), one.of("P2", "cases")}) == 4
    assert one.resolve(["P1", "P2"], "cases")[one.of("P2", "cases")] == "P2"
    assert (tmp_path / "a" / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
