"""Any change of a pack is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from features.errors import InputError
from fraud.cases import export_cases, verify_pack
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

MONTH = "2026-03"
SETTINGS = Settings(cases=CaseSettings(top=12))


def test_verify_notices_every_kind_of_change(own_copy: Workspace, tmp_path: Path) -> None:
    out = export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json",), out=tmp_path / "pack")
    assert verify_pack(out) == ()
    cases = out / "cases.json"
    cases.write_text(cases.read_text(encoding="utf-8").replace('"rank": ', '"rank":  '), encoding="utf-8")
    (out / "extra.txt").write_text("x")
    assert verify_pack(out) == ("cases.json: changed", "extra.txt: not in the manifest")
    cases.unlink()
    assert "cases.json: missing" in verify_pack(out)


def test_a_manifest_cannot_send_verify_elsewhere(own_copy: Workspace, tmp_path: Path) -> None:
    out = export_cases(own_copy, MONTH, settings=SETTINGS, formats=("json",), out=tmp_path / "pack")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"]["../../etc/passwd"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert "../../etc/passwd: no name of a file of the pack" in verify_pack(out)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_folder_without_a_manifest_of_a_pack_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match="no readable manifest"):
        verify_pack(tmp_path)
