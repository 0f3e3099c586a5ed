"""A pack is what went out only where the workspace's chained log says so; damage of any kind is said in words."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from features.errors import InputError
from fraud.audit import read_audit
from fraud.cases.issued import keep_issued, named_pack
from fraud.cases.pack.for_programs import write_cases_json
from fraud.cases.pack.manifest import MANIFEST, digest_of_file, is_pack, write_pack_manifest
from fraud.cases.pack.recorded import record_of
from fraud.cases.pack.verify import verify_pack
from fraud.cli.main import main
from fraud.workspace import Workspace
from tests.support.packs import make_case, make_pack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    """A workspace `w` with an exported pack `pack`; tests copy both."""
    root = tmp_path_factory.mktemp("exported")
    workspace = Workspace(root / "w")
    pack = named_pack(make_pack(make_case()), workspace.key())
    folder = root / "pack"
    folder.mkdir()
    write_cases_json(pack.cases, pack.pack_id, folder)
    (folder / "notes.txt").write_text("a second file")
    write_pack_manifest(pack, folder, {})
    keep_issued(workspace, pack)
    workspace.record("cases export", manifest_sha256=digest_of_file(folder / MANIFEST))
    workspace.record("score", month="2026-06")
    return root


@pytest.fixture
def here(exported: Path, tmp_path: Path) -> Path:
    for name in ("w", "pack"):
        shutil.copytree(exported / name, tmp_path / name)
    return tmp_path


def _verify(here: Path, capsys, pack: str = "pack", workspace: str = "w") -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(here / workspace), "cases", "verify", str(here / pack)])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return left.value.code or 0, shown.out + shown.err


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _edit(pack: Path, **changes: object) -> None:
    """Change entries of the manifest; with None a file is taken out of it."""
    told = json.loads((pack / MANIFEST).read_text())
    for name, value in changes.items():
        told["files"].pop(name, None) if value is None else told.__setitem__(name, value)
    (pack / MANIFEST).write_text(json.dumps(told))


def _change_both(pack: Path) -> None:
    (pack / "notes.txt").write_text("another file")
    files = json.loads((pack / MANIFEST).read_text())["files"]
    _edit(pack, files=files | {"notes.txt": _sha256(b"another file")})


def _remove_both(pack: Path) -> None:
    (pack / "notes.txt").unlink()
    _edit(pack, **{"notes.txt": None})


def test_what_went_out_is_what_the_log_says(here: Path, capsys) -> None:
    code, told = _verify(here, capsys)
    assert (code, "as recorded at the export of 20" in told) == (0, True)


def test_without_a_workspace_only_agreement_is_claimed(here: Path, capsys) -> None:
    for change in (lambda pack: None, _change_both):
        change(here / "pack")
        code, told = _verify(here, capsys, workspace="none")
        assert code == 0
        assert "agrees with its manifest" in told
        assert "No workspace at hand: whoever changed a file and its manifest alike is not noticed" in told
    assert not (here / "none").exists()


@pytest.mark.parametrize("change", [_change_both, _remove_both, lambda pack: _edit(pack, month="2026-05")])
def test_a_manifest_that_was_changed_with_its_files_is_noticed(here: Path, capsys, change) -> None:
    change(here / "pack")
    assert verify_pack(here / "pack") == ()
    code, told = _verify(here, capsys)
    assert (code, "manifest.json: not one that workspace" in told) == (1, True)


def test_a_line_of_the_log_that_was_changed_proves_nothing(here: Path, capsys) -> None:
    _change_both(here / "pack")
    log = here / "w" / "audit.jsonl"
    was, now = (_sha256((root / "pack" / MANIFEST).read_bytes()) for root in (here, here))
    lines = log.read_text().splitlines()
    entry = json.loads(lines[-1])
    log.write_text("\n".join([*lines[:-1], json.dumps(entry | {"manifest_sha256": now})]) + "\n")
    assert was == now
    code, told = _verify(here, capsys)
    assert code == 1
    assert f"line {len(lines)}: changed, or not after the line it was written after" in told
    assert "manifest.json: not one that workspace" in told


def test_a_line_without_chain_proves_nothing(here: Path, capsys) -> None:
    log = here / "w" / "audit.jsonl"
    entry = json.loads(log.read_text().splitlines()[0])
    del entry["chain"]
    log.write_text(json.dumps(entry) + "\n")
    assert read_audit(log, Workspace(here / "w").key()).n_unchained == 1
    assert _verify(here, capsys)[0] == 1


def test_another_damage_of_the_log_is_said(here: Path, capsys) -> None:
    log = here / "w" / "audit.jsonl"
    log.write_text(log.read_text().replace('"score"', '"other"'))
    code, told = _verify(here, capsys)
    assert (code, "line 2: changed" in told, "as recorded" in told) == (0, True, True)


def test_a_key_that_is_gone_is_not_made_anew(here: Path) -> None:
    (here / "w" / "pseudonyms.key").unlink()
    assert not record_of(here / "pack", Workspace(here / "w")).is_asked
    assert not (here / "w" / "pseudonyms.key").exists()


def _linked(pack: Path) -> None:
    (pack / "notes.txt").rename(pack.parent / "elsewhere")
    (pack / "notes.txt").symlink_to(pack.parent / "elsewhere")


def _pipe(pack: Path) -> None:
    (pack / "notes.txt").unlink()
    os.mkfifo(pack / "notes.txt")


def _folder(pack: Path) -> None:
    (pack / "notes.txt").unlink()
    (pack / "notes.txt").mkdir()


FILES = {"notes.txt": _sha256(b"a second file")}
DAMAGES = {
    "link": (_linked, "notes.txt: a link to something else"),
    "link to nothing": (lambda pack: (_linked(pack), (pack.parent / "elsewhere").unlink()), "notes.txt: a link to"),
    "hard link": (lambda pack: os.link(pack / "notes.txt", pack.parent / "x"), "notes.txt: has a second name"),
    "pipe": (_pipe, "notes.txt: no plain file"),
    "folder": (_folder, "notes.txt: no plain file"),
    "gone": (lambda pack: (pack / "notes.txt").unlink(), "notes.txt: missing"),
    "changed": (lambda pack: (pack / "notes.txt").write_text("x"), "notes.txt: changed"),
    "further file": (lambda pack: (pack / "[red]x\x1b[31m").write_text("x"), "[red]x\\x1b[31m: not in the manifest"),
    "further folder": (lambda pack: (pack / "x").mkdir(), "x: not in the manifest"),
    "further link": (lambda pack: (pack / "x").symlink_to("/etc/passwd"), "x: not in the manifest"),
    "name not in UTF-8": (
        lambda pack: os.close(os.open(os.fsencode(pack) + b"/\xff", os.O_CREAT)),
        "\\udcff: not in the manifest",
    ),
    "name that leads out": (lambda pack: _edit(pack, files=FILES | {"../x": "0" * 64}), "../x: no name of a file"),
    "absolute name": (lambda pack: _edit(pack, files=FILES | {"/etc/passwd": "0" * 64}), "/etc/passwd: no name of a"),
    "name with a line": (lambda pack: _edit(pack, files=FILES | {"a\nb": "0" * 64}), "a\\nb: missing"),
    "name too long": (lambda pack: _edit(pack, files=FILES | {"n" * 300: "0" * 64}), "File name too long"),
    "digest of another type": (lambda pack: _edit(pack, files={"notes.txt": 7}), "notes.txt: without a digest"),
    "total of another type": (lambda pack: _edit(pack, totals={"exposure_amount": "x"}), "total of exposure_amount: "),
    "total unknown": (lambda pack: _edit(pack, totals={"foo": 1}), "cases.json: its totals cannot be read"),
    "total changed": (
        lambda pack: _edit(pack, totals={"exposure_amount": 1}),
        "total of exposure_amount: 801 in cases",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_said_in_words(here: Path, capsys, name: str) -> None:
    change, told = DAMAGES[name]
    change(here / "pack")
    assert any(told in fault for fault in verify_pack(here / "pack"))
    code, shown = _verify(here, capsys)
    assert (code, told in shown) == (1, True)


def _manifest(content: bytes):
    return lambda pack: (pack / MANIFEST).write_bytes(content)


def _manifest_linked(pack: Path) -> None:
    (pack / MANIFEST).unlink()
    (pack / MANIFEST).symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (shutil.rmtree, "No such file"),
        (lambda pack: (pack / MANIFEST).unlink(), "No such file"),
        (_manifest_linked, "a link to something else"),
        (lambda pack: ((pack / MANIFEST).unlink(), os.mkfifo(pack / MANIFEST)), "no plain file"),
        (lambda pack: ((pack / MANIFEST).unlink(), (pack / MANIFEST).mkdir()), "no plain file"),
        (_manifest(b"[]"), "not a JSON object"),
        (_manifest(b"{}"), "not that of a review pack"),
        (_manifest(b'{"kind": "run"}'), "not that of a review pack"),
        (_manifest(b"\xff"), "utf-8"),
        (_manifest(b"[" * 100_000), "nested deeper"),
        (_manifest(b'{"a":' + b"9" * 5_000 + b"}"), "a number of 5,000 digits"),
        (_manifest(b" " * 9_000_000), "larger than"),
        (lambda pack: _edit(pack, files=[1, 2]), "its files and totals"),
        (_manifest(b'{"kind": "review pack", "files": {}}'), "its files and totals"),
    ],
)
def test_what_is_no_pack_is_bad_usage(here: Path, capsys, change, told: str) -> None:
    change(here / "pack")
    with pytest.raises(InputError, match="no readable manifest"):
        verify_pack(here / "pack")
    code, shown = _verify(here, capsys)
    assert (code, told in shown, shown.count("\n")) == (2, True, 1)
    assert not is_pack(here / "pack") or "files" in told


def test_a_link_to_a_pack_says_where_it_leads(here: Path, capsys) -> None:
    (here / "latest").symlink_to(here / "pack")
    code, told = _verify(here, capsys, pack="latest")
    assert (code, f"latest, a link to {here / 'pack'}" in told) == (0, True)
