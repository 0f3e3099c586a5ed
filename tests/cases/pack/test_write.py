"""Packs of a scored city: repeatable to the byte, refused on bad usage, written over nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from features.errors import InputError
from fraud.cases import export_cases
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace

MONTH = "2026-03"
SETTINGS = Settings(cases=CaseSettings(top=12))


def test_two_exports_are_equal_to_the_byte(own_copy: Workspace, tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        out = export_cases(own_copy, MONTH, settings=SETTINGS, out=tmp_path / name)
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()})
    assert digests[0] == digests[1]


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
