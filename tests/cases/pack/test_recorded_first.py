"""No pack without its record: what cannot be recorded is not written, and the pack's digest is in the log."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from features.errors import ToolkitError
from fraud import audit
from fraud.audit import read_audit
from fraud.cases import export_cases
from fraud.cases.pack import write
from fraud.cases.scopes import PackScope, recorded_scopes
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

MONTH = "2026-03"


def _settings(reach: str = "workspace") -> Settings:
    return Settings(cases=CaseSettings(top=12, pseudonyms=reach))


def _export(
    workspace: Workspace, out: Path, *, unmask: bool = False, reach: str = "workspace", lang: str = "en"
) -> Path:
    return export_cases(
        workspace,
        MONTH,
        settings=_settings(reach),
        formats=("json",),
        out=out,
        unmask=unmask,
        reason="court order" if unmask else None,
        lang=lang,
    )


def _entries(workspace: Workspace) -> list[dict]:
    return [e for e in read_audit(workspace.audit_log, workspace.key()).entries if e["action"].startswith("cases")]


@pytest.mark.parametrize("unmask", [True, False])
def test_the_record_stands_first_and_names_the_pack_afterwards(own_copy, tmp_path, unmask):
    out = _export(own_copy, tmp_path / "pack", unmask=unmask)
    begun, done = _entries(own_copy)
    assert (begun["action"], done["action"]) == ("cases export begun", "cases export")
    assert done["manifest_sha256"] == hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    assert begun["unmasked"] is unmask
    assert begun["reason"] == ("court order" if unmask else None)
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("unmask", [True, False])
def test_without_a_log_there_is_no_pack(own_copy, tmp_path, unmask):
    own_copy.audit_log.unlink()
    own_copy.audit_log.mkdir()
    with pytest.raises(ToolkitError, match="audit log"):
        _export(own_copy, tmp_path / "out" / "pack", unmask=unmask)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("nth", [1, 2])
def test_a_full_disk_at_either_record_leaves_no_pack(own_copy, tmp_path, monkeypatch, nth):
    append, calls = audit.append_all, []

    def full(descriptor, content):
        calls.append(content)
        if len(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(descriptor, content)

    monkeypatch.setattr(audit, "append_all", full)
    with pytest.raises(ToolkitError, match="No space left on device; 'cases export"):
        _export(own_copy, tmp_path / "out" / "pack", unmask=True)
    assert not any((tmp_path / "out").glob("**/*")) if (tmp_path / "out").exists() else True
    assert len(_entries(own_copy)) == nth - 1


def test_killed_before_its_second_record_an_export_leaves_no_pack_but_the_first_record(own_copy, tmp_path, monkeypatch):
    def killed(*_):
        os._exit(9)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(write, "digest_of_file", killed)
        _export(own_copy, tmp_path / "pack", unmask=True)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (tmp_path / "pack").exists()
    assert [(e["action"], e["unmasked"]) for e in _entries(own_copy)] == [("cases export begun", True)]


def _persons(pack: Path) -> set[str]:
    cases = json.loads((pack / "cases.json").read_text(encoding="utf-8"))
    return {line["person"] for case in cases for line in case["lines"]}


def _ids(pack: Path) -> set[str]:
    """Everything keyed in a pack: persons, ids of cases and findings about persons, digests of rows."""
    cases = json.loads((pack / "cases.json").read_text(encoding="utf-8"))
    about = [case for case in cases if case["subject_type"] == "patient"]
    hashes = {line["row_hash"] for case in cases for line in case["lines"] if line["row_hash"]}
    return (
        _persons(pack)
        | {case["case_id"] for case in about}
        | hashes
        | {finding["finding_id"] for case in about for finding in case["findings"]}
    )


@pytest.mark.parametrize(("reach", "is_shared"), [("month", True), ("pack", False)])
def test_pseudonyms_reach_as_far_as_the_setting_says(own_copy, tmp_path, reach, is_shared):
    one, other = (_export(own_copy, tmp_path / lang, reach=reach, lang=lang) for lang in ("en", "zh"))
    assert _ids(one)
    assert (_ids(one) == _ids(other)) is is_shared
    assert bool(_ids(one) & _ids(other)) is is_shared
    told = json.loads((one / "manifest.json").read_text())["pseudonyms"]
    assert told["reach"] == reach
    assert PackScope(**told) in recorded_scopes(own_copy)
    packs = [json.loads((each / "manifest.json").read_text()) for each in (one, other)]
    for manifest in packs:
        assert recorded_scopes(own_copy, {manifest["pack_id"]})[0] == PackScope(**manifest["pseudonyms"])
