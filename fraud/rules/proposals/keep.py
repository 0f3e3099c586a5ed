"""Proposals of a workspace: a folder each, with rule, references and proof, written whole; what changed is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import parse_json, plain_line, read_bytes, read_text
from fraud.audit import read_audit
from fraud.rules.catalogue.load import load_rule
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fraud.rules.declare import Rule
    from fraud.rules.proposals.proposal import Proposal
    from fraud.workspace import Workspace

RULE, PROOF, REFERENCES = "rule.toml", "proof.json", "references"
PROPOSED = "rule proposed"
_MOST_BYTES = 4 * 1024 * 1024
_HINT = "propose it again: `fraud rules propose FILE`"


@dataclass(frozen=True)
class StoredProposal:
    """A proposal as it lies in the workspace, unchanged since it was proved.

    Parameters
    ----------
    rule : Rule
        As it would be in force.
    proof : mapping
        What was shown of it: examples, months, whom.
    folder : Path
        Where it lies.
    """

    rule: Rule
    proof: Mapping[str, Any]
    folder: Path


def write_proposal(workspace: Workspace, proposal: Proposal, proof: Mapping[str, Any]) -> Path:
    """Write rule, references and proof into `rules/proposed/<code>/`, in place of an earlier proposal of that code.

    The caller holds `workspace.writer()`. It is recorded first, with the digest of the proof, which has those of the
    other files.
    """
    files = {RULE: proposal.rule_toml.encode()}
    files |= {f"{REFERENCES}/{table}.csv": _csv(rows) for table, rows in proposal.reference_rows.items()}
    whole = {**proof, "files": {name: _digest(content) for name, content in files.items()}}
    files[PROOF] = (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    workspace.record(PROPOSED, code=proposal.code, row=proposal.where, proof_sha256=_digest(files[PROOF]))
    target = workspace.proposed_rules / proposal.code
    with replaced(target) as waiting:
        for name, content in files.items():
            path = waiting / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    return target


def proposed_codes(workspace: Workspace) -> tuple[str, ...]:
    """Return the codes of the proposals of a workspace, sorted."""
    return tuple(sorted(path.parent.name for path in workspace.proposed_rules.glob(f"[a-z]*/{PROOF}")))


def read_proposal(workspace: Workspace, code: str) -> StoredProposal:
    """Read a proposal.

    Raises
    ------
    InputError
        There is none of that code, or a file of it is not what was proved.
    """
    known = proposed_codes(workspace)
    if code not in known:
        if not known:
            raise InputError.of(f"proposal '{plain_line(code)}'", "of the workspace", "nothing is proposed", _HINT)
        raise InputError.unknown_name("proposal", "of the workspace", plain_line(code), known)
    folder = workspace.proposed_rules / code
    what = f"proposal '{code}'"
    content = read_bytes(folder / PROOF, what, _HINT, _MOST_BYTES)
    proved = [
        entry.get("proof_sha256")
        for entry in read_audit(workspace.audit_log, workspace.key()).entries
        if entry.get("action") == PROPOSED and entry.get("code") == code
    ]
    if proved[-1:] != [_digest(content)]:
        raise InputError.of(what, "of the workspace", "its proof is not the one that was recorded", _HINT)
    proof: dict[str, Any] = parse_json(content.decode(), what, f"{PROOF}: not JSON", _HINT)
    for name, digest in proof["files"].items():
        if _digest(read_bytes(folder / name, what, _HINT, _MOST_BYTES)) != digest:
            raise InputError.of(what, "of the workspace", f"{name} was changed after it was proved", _HINT)
    text = read_text(folder / RULE, what, _HINT, _MOST_BYTES)
    return StoredProposal(load_rule(text, f"rules/{code}.toml"), proof, folder)


def _csv(rows: tuple[Mapping[str, str], ...]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
