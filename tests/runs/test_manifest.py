"""The manifest: what is written comes back, and what another version wrote is refused with the way out."""

from __future__ import annotations

import json
from datetime import date

import pytest

from features.errors import InputError
from fraud.runs.manifest import MANIFEST, ClaimsRead, Inputs, LabelsKnown, Manifest, NotChecked, OutputFile


@pytest.fixture
def manifest():
    return Manifest(
        month="2026-03",
        window_months=2,
        as_of=date(2026, 3, 31),
        engine="duckdb",
        inputs=Inputs(
            claims=ClaimsRead(months={"2026-03": "b" * 64, "2026-02": "a" * 64}, registers="c" * 64),
            labels={"provider": LabelsKnown(known=2, sha256="d" * 64)},
            models={"provider": None},
            previous_run=None,
        ),
        settings={"scoring": {"seed": 7}},
        settings_sha256="e" * 64,
        catalogues={"rules": "f" * 64},
        score_modes={"provider": "none"},
        rings_withheld=0,
        not_checked=NotChecked(rules={"practitioner_day": ("ref_items.standard_minutes",)}, exemptions={}),
        outputs={"rings": OutputFile(sha256="0" * 64, rows=1)},
    )


def changed(file, **given):
    record = json.loads(file.read_text())
    file.write_text(json.dumps({**record, **given}))


def test_what_is_written_comes_back(manifest, tmp_path):
    file = manifest.write(tmp_path)
    assert file == tmp_path / MANIFEST
    assert Manifest.read(tmp_path) == Manifest.read(file) == manifest
    assert manifest.window == ("2026-02", "2026-03")


def test_keys_in_the_file_are_those_that_programs_know(manifest, tmp_path):
    record = json.loads(manifest.write(tmp_path).read_text())
    assert list(record) == [
        "as_of", "catalogues", "engine", "format", "inputs", "month", "not_checked", "outputs", "rings_withheld",
        "rules_failed", "score_modes", "set_aside", "settings", "settings_sha256", "tool_version", "window_months",
    ]  # fmt: skip
    assert record["format"] == 2
    assert record["as_of"] == "2026-03-31"
    assert record["not_checked"]["rules"] == {"practitioner_day": ["ref_items.standard_minutes"]}


def test_an_earlier_format_is_refused_with_the_way_out(manifest, tmp_path):
    changed(manifest.write(tmp_path), format=1)
    refusal = r"of format 1, .*; this one reads format 2. Hint: score the month again .*`fraud score --month 2026-03`"
    with pytest.raises(InputError, match=refusal):
        Manifest.read(tmp_path)


def test_a_newer_format_is_refused_as_such(manifest, tmp_path):
    changed(manifest.write(tmp_path), format=3)
    with pytest.raises(InputError, match=r"of format 3, written by a newer version .* Hint: upgrade the tool"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "not that of a scored month"),
        ('{"format": 2}', "not that of a scored month"),
        ('{"format": 1, "kind": "review pack", "month": "2026-03"}', "not that of a scored month"),
        ("{", "not readable JSON"),
        ("[" * 100_000, "nested deeper"),
        (" " * 9_000_000, "larger than"),
        ("\ud800".encode("utf-8", "surrogatepass"), "manifest"),
    ],
)
def test_what_is_no_manifest_of_a_scored_month(tmp_path, content, message):
    (tmp_path / MANIFEST).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("given", [{"month": 3}, {"outputs": {"rings": {"rows": 1}}}, {"unheard_of": 1}])
def test_a_value_that_is_not_of_its_kind(manifest, tmp_path, given):
    changed(manifest.write(tmp_path), **given)
    with pytest.raises(InputError, match="not that of a scored month"):
        Manifest.read(tmp_path)


def test_no_manifest_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        Manifest.read(tmp_path / "absent.json")
