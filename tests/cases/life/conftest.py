"""A small workspace that has issued a pack of three cases, and the pack's workbook."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from fraud.cases.pack.workbook import write_workbook
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.workspace import Workspace
from tests.support.claims import make_store
from tests.support.packs import issue, make_case

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def issued(tmp_path_factory) -> Path:
    """Folder with the workspace `w` and the workbook `pack.xlsx`; tests leave both as they are."""
    root = tmp_path_factory.mktemp("issued")
    make_store(root / "w", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2", "person_id": "P2"}]})
    workspace = Workspace(root / "w")
    of_person = {"subject_type": "patient", "kind": "", "region": "", "subject_name": ""}
    shown = {subject: Pseudonyms(workspace).of(subject, CASES) for subject in ("P1", "P2")}
    drawn = {"selection_reason": "random_audit", "selection_probability": 0.04}
    pack = issue(
        workspace,
        make_case(case_id="C-H1"),
        make_case(case_id="C-1", subject_id="P2", shown_id=shown["P2"], **of_person, **drawn),
        make_case(case_id="C-2", subject_id="P1", shown_id=shown["P1"], **of_person),
    )
    write_workbook(pack, root / "pack.xlsx")
    return root


@pytest.fixture
def workspace(issued: Path, tmp_path: Path) -> Workspace:
    """A copy that a test may change."""
    shutil.copytree(issued / "w", tmp_path / "w", symlinks=True)
    return Workspace(tmp_path / "w")


@pytest.fixture(scope="session")
def book(issued: Path) -> bytes:
    """The pack's workbook as it went out."""
    return (issued / "pack.xlsx").read_bytes()
