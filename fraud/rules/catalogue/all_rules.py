"""All rules: ours, in the order in which they are shown, and the payer's own behind them."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line, read_text, refusing
from fraud.rules.catalogue.library import LIBRARY, LIBRARY_FOLDER
from fraud.rules.catalogue.load import load_rule
from fraud.rules.search.trial import try_out

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fraud.rules.declare import Rule
    from fraud.workspace import Workspace

# A rule is a page; a payer has dozens.
_MOST_BYTES, _MOST_FILES = 262_144, 500


@cache
def library_rules() -> tuple[Rule, ...]:
    """Our own rules.

    Examples
    --------
    >>> library_rules()[0].name.en
    'Service billed again'
    """
    folder = files("fraud.rules").joinpath("library")
    texts = {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in LIBRARY}
    return checked(load_rule(text, f"{LIBRARY_FOLDER}/{name}.toml") for name, text in texts.items())


def rules_of(workspace: Workspace) -> tuple[Rule, ...]:
    """Our rules and those of the payer: one TOML file each in the workspace's folder `rules`, sorted by file name.

    A payer's rule takes the place of ours of the same code where it was proposed and accepted.

    Raises
    ------
    InputError
        A file cannot be read or is no rule, the engine cannot run it, or two rules have one code.
    """
    own = [_read(path) for path in _files(workspace.rules)]
    accepted = {rule.code: rule for rule in own if (workspace.accepted_rules / rule.code).is_dir()}
    ours = [accepted.get(rule.code, rule) for rule in library_rules()]
    rules = checked([*ours, *(rule for rule in own if rule not in ours)])
    try_out(own)
    return rules


def with_rule(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules with one more, in the place of the one that has its code.

    Raises
    ------
    InputError
        It declares a parameter of theirs in another way.
    """
    known = {each.code: each for each in rules}
    return checked({**known, rule.code: rule}.values())


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules that can stand side by side.

    Raises
    ------
    InputError
        Two have one code, or declare one parameter in two ways.
    """
    codes: dict[str, Rule] = {}
    owners: dict[str, Rule] = {}
    for rule in rules:
        first = codes.setdefault(rule.code, rule)
        if first is not rule:
            got = f"the code of {first.origin} too"
            raise InputError.of(f"rule '{rule.code}'", f"in {rule.origin}", got, "give one of them another code")
        for parameter in rule.parameters:
            owner = owners.setdefault(parameter.name, rule)
            if parameter not in owner.parameters:
                got = f"declared otherwise in {owner.origin}"
                where, hint = f"in {rule.origin} (rule {rule.code})", "declare it alike, or give it another name"
                raise InputError.of(f"rule key 'parameters.{parameter.name}'", where, got, hint)
    return tuple(codes.values())


def find_rule(code: str, rules: Iterable[Rule] | None = None) -> Rule:
    """Return the rule of that code, by default one of ours, or refuse the name with the nearest that is one."""
    known = {rule.code: rule for rule in (library_rules() if rules is None else rules)}
    if code not in known:
        raise InputError.unknown_name("rule", "in the catalogue", code, known)
    return known[code]


def _files(folder: Path) -> list[Path]:
    """Return the rule files of a folder, sorted; one that cannot be listed is no folder without rules."""
    if not os.path.lexists(folder):
        return []
    with refusing("rule folder", folder.name, "make it a folder that can be read"):
        found = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    if len(found) > _MOST_FILES:
        raise InputError.of("rule folder", folder.name, f"{len(found):,} files", f"keep at most {_MOST_FILES}")
    return found


def _read(path: Path) -> Rule:
    origin = plain_line(f"{path.parent.name}/{path.name}")
    content = read_text(path, f"rule file {origin}: cannot be read at", "give a readable TOML file", _MOST_BYTES)
    return load_rule(content, origin)
