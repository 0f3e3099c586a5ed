"""The doctor: every kind of damage is seen, said with the way out, and mended only where that is safe."""

import json
import re
import shutil

import pytest

from features.errors import InputError, ToolkitError
from fraud.doctor import State, examine, repair
from fraud.workspace import Workspace
from tests.support.program import run

MONTH = "2026-03"


def part(workspace, kind="parts/claim_lines/2026-03"):
    return next((workspace.store / kind).glob("*.parquet"))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def edit(path, change):
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


def linked(workspace):
    file = part(workspace)
    file.rename(workspace.root / "elsewhere.parquet")
    file.symlink_to(workspace.root / "elsewhere.parquet")


def fact(workspace):
    return next(workspace.facts.glob("settlement_facts/2026-03*.parquet"))


def link(workspace, target):
    path = workspace.runs / MONTH
    path.unlink()
    path.symlink_to(target)


def copied_without_links(workspace):
    version = (workspace.runs / MONTH).resolve()
    (workspace.runs / MONTH).unlink()
    shutil.copytree(version, workspace.runs / MONTH)


def current(workspace):
    return workspace.run(MONTH).resolve()


def first_line_changed(workspace):
    lines = workspace.audit_log.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if '"chain"' in line)
    lines[at] = lines[at].replace("repaired", "looked at")
    workspace.audit_log.write_text("\n".join(lines) + "\n")


def broken_rule(workspace):
    workspace.rules.mkdir(exist_ok=True)
    (workspace.rules / "own.toml").write_text("code = 'own'x")


# Damage, the check that sees it, what it says, and whether --quick sees it too.
DAMAGE = {
    "part missing": (lambda w: part(w).unlink(), "store", r"claim_lines, month 2026-03\): missing", True),
    "part flipped": (lambda w: flip(part(w)), "store", "changed or cut", False),
    "part cut": (lambda w: cut(part(w)), "store", "changed or cut|not readable", True),
    "part a link": (linked, "store", "a link or a folder", True),
    "codes missing": (lambda w: part(w, "codes/person").unlink(), "store", "codes of person", True),
    "quarantine flipped": (lambda w: flip(part(w, "quarantine/settlements")), "store", "quarantine of settl", False),
    "rows not as told": (
        lambda w: edit(w.store / "catalog.json", lambda c: c["tables"]["persons"][0].update(rows=47)),
        "store",
        "48 rows, where the catalogue says 47",
        True,
    ),
    "catalogue cut": (lambda w: cut(w.store / "catalog.json"), "store", "unreadable catalogue", True),
    "fact flipped": (lambda w: flip(fact(w)), "facts", "1 of 24 are not as they were written", False),
    "fact without seal": (lambda w: fact(w).with_suffix(".json").unlink(), "facts", "1 of 24", True),
    "a rule that is none": (broken_rule, "rules", r"own\.toml", True),
    "dangling link": (lambda w: shutil.rmtree(current(w)), "runs", "its version 2026-03-.* is gone", True),
    "link outside": (lambda w: link(w, "/"), "runs", "leads to no version", True),
    "copied without links": (copied_without_links, "runs", "is a folder, not the link", True),
    "table gone": (lambda w: (current(w) / "rings.parquet").unlink(), "runs", "rings missing", True),
    "table flipped": (lambda w: flip(current(w) / "patient_scores.parquet"), "runs", "patient_scores not what", False),
    "manifest a list": (
        lambda w: (current(w) / "manifest.json").write_text("[]"),
        "runs",
        "not that of a scored",
        True,
    ),
    "manifest changed": (
        lambda w: edit(current(w) / "manifest.json", lambda m: m.update(engine="spark")),
        "runs",
        "not the one it was named after",
        True,
    ),
    "manifest of a newer version": (
        lambda w: edit(current(w) / "manifest.json", lambda m: m.update(format=3)),
        "runs",
        "newer version",
        True,
    ),
    "key gone": (lambda w: (w.root / "pseudonyms.key").unlink(), "key", "is gone", True),
    "key cut": (lambda w: (w.root / "pseudonyms.key").write_bytes(b"x"), "key", "1 bytes", True),
    "log changed": (first_line_changed, "key", "not the one under which audit.jsonl was begun", True),
    "open to others": (lambda w: w.audit_log.chmod(0o644), "permissions", r"1 files .*audit\.jsonl", True),
    "import broken off": (lambda w: (w.cases / "pending.json").write_text("{}"), "feedback", "broken off", True),
}


def faults(workspace, **options):
    found = examine(workspace, **options)
    return {
        name: [remark for remark in remarks if remark.state is State.wrong]
        for name, remarks in found.items()
        if any(remark.state is State.wrong for remark in remarks)
    }


def test_a_whole_workspace_is_well_and_is_only_read(small, capsys):
    content = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    said = run(capsys, small.root, "doctor")
    assert (said.code, said.out.splitlines()[-1]) == (0, "all is well")
    assert {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()} == content


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_seen_and_said(small, name):
    damage, check, told, is_seen_quickly = DAMAGE[name]
    damage(small)
    found = faults(small)
    assert any(re.search(told, remark.what) for remark in found[check]), found
    assert all(remark.hint for remarks in found.values() for remark in remarks)
    assert (check in faults(small, quick=True)) is is_seen_quickly


def test_one_thing_that_is_wrong_is_exit_code_1_and_json_says_it(small, capsys):
    part(small).unlink()
    said = run(capsys, small.root, "doctor", "--json")
    found = json.loads(said.out)
    assert (said.code, found["well"]) == (1, False)
    wrong = [remark for remark in found["remarks"] if remark["state"] == "wrong"]
    assert [remark["check"] for remark in wrong] == ["store"]
    assert "--replace-month 2026-03" in wrong[0]["hint"]


MENDED = ["fact flipped", "fact without seal", "copied without links", "open to others"]


@pytest.mark.parametrize("name", MENDED)
def test_what_is_safe_is_mended_and_recorded(small, capsys, name):
    tables = {path.name: path.read_bytes() for path in small.run(MONTH).iterdir()}
    DAMAGE[name][0](small)
    assert run(capsys, small.root, "doctor", "--repair").code == 0
    assert json.loads(small.audit_log.read_text().splitlines()[-1])["action"] == "workspace repaired"
    assert (small.runs / MONTH).is_symlink()
    assert {path.name: path.read_bytes() for path in small.run(MONTH).iterdir()} == tables


@pytest.mark.parametrize("name", sorted(set(DAMAGE) - {*MENDED, "key gone", "key cut", "import broken off"}))
def test_what_is_not_safe_is_left_as_it_is(small, name):
    DAMAGE[name][0](small)
    before = faults(small).keys()
    with small.writer():
        repair(small)
    assert faults(small).keys() == before


def test_nothing_is_repaired_that_cannot_be_recorded(small):
    DAMAGE["key cut"][0](small)
    fact(small).unlink()
    flip(next(small.facts.glob("work_facts/*.parquet")))
    with small.writer(), pytest.raises(ToolkitError, match="key of the workspace"):
        repair(small)
    assert next(small.facts.glob("work_facts/*.parquet")).exists()


def test_leftovers_of_a_killed_job_are_told_and_removed(small):
    (small.staging / MONTH).mkdir(parents=True)
    (small.staging / MONTH / "rings.parquet").write_bytes(b"half")
    (small.store / "catalog.json.new").write_text("{")
    notes = [remark.what for remark in examine(small, quick=True)["disk"] if remark.state is State.note]
    assert notes == ["0.0 MB that a killed job left half-written"]
    with small.writer():
        assert repair(small)["half-written files removed"] == 2
    assert not (small.store / "catalog.json.new").exists()


def test_a_month_without_its_link_gets_the_only_version_there_is(small):
    month = "2026-02"
    version = small.run(month).resolve()
    for other in small.versions.glob(f"{month}-*"):
        if other != version:
            shutil.rmtree(other)
    (small.runs / month).unlink()
    assert "no link" in faults(small, quick=True)["runs"][0].what
    with small.writer():
        assert repair(small) == {"links of scored months made again": 1}
    assert small.run(month).resolve() == version


@pytest.mark.parametrize("kind", ["nothing", "file", "link"])
def test_no_workspace_is_bad_usage(tmp_path, kind):
    root = tmp_path / "w"
    if kind == "file":
        root.write_text("")
    elif kind == "link":
        root.symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match=r"nothing there|not a folder"):
        examine(Workspace(root))
