"""Put a proposed rule in force: for a reason, recorded, and only as it was proved."""

from __future__ import annotations

import shutil
from pathlib import PurePath
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line
from fraud.durable import write_whole
from fraud.rules.catalogue import LIBRARY_FOLDER, with_rule
from fraud.rules.proposals.keep import PROOF, RULE, proposed_codes, read_proposal
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from fraud.rules.declare import Rule
    from fraud.workspace import Workspace

_MOST_CHARACTERS = 500


def accept(workspace: Workspace, code: str, reason: str, rules: tuple[Rule, ...]) -> Rule:
    """Move a proposal among the rules in force, in place of the version that is; its proof and references are kept.

    The caller holds `workspace.writer()`. What is recorded first is then done in an order in which an acceptance that
    was broken off can be repeated: the proposal goes last.

    Parameters
    ----------
    workspace : Workspace
        Holds the proposal.
    code : str
        Of the rule.
    reason : str
        Why; recorded.
    rules : tuple of Rule
        Those in force.

    Raises
    ------
    InputError
        There is no reason or no such proposal, it was changed after it was proved, or the rules in force are others
        than those beside which it was proved.
    """
    if not reason.strip() or len(reason) > _MOST_CHARACTERS or plain_line(reason) != reason:
        hint = f"say why in one line of at most {_MOST_CHARACTERS} characters; it is recorded"
        raise InputError.of("--reason", "of fraud rules accept", "empty, or no line of plain text", hint)
    before = next((each for each in rules if each.code == code), None)
    if before is not None and code not in proposed_codes(workspace):
        hint = "propose a new version of it: `fraud rules propose FILE`"
        raise InputError.of(f"rule '{code}'", "of the workspace", "in force already", hint)
    proposal = read_proposal(workspace, code)
    rule = proposal.rule
    now, then = None if before is None else before.version, proposal.proof["in_force"]
    # What was broken off after the rule was in force is repeated.
    if now != then and before != rule:
        got = f"proved beside version {then or 'none'}, while version {now or 'none'} is in force"
        hint = "propose it again: `fraud rules propose FILE`"
        raise InputError.of(f"proposal '{code}'", "of the workspace", got, hint)
    with_rule(rule, rules)
    digest = proposal.proof["files"][RULE]
    workspace.record("rule accepted", code=code, version=rule.version, before=then, reason=reason, rule_sha256=digest)
    with replaced(workspace.accepted_rules / code) as waiting:
        shutil.copytree(proposal.folder, waiting, dirs_exist_ok=True)
    write_whole(workspace.rules / _file_of(code, before), (proposal.folder / RULE).read_bytes())
    # The proof first: without it the folder is no proposal.
    (proposal.folder / PROOF).unlink()
    shutil.rmtree(proposal.folder)
    return rule


def _file_of(code: str, before: Rule | None) -> str:
    """Return the file of a payer's rule that is in force, or the one that the rule gets."""
    if before is None or before.origin.startswith(LIBRARY_FOLDER):
        return f"{code}.toml"
    return PurePath(before.origin).name
