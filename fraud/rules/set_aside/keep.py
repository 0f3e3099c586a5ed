"""The set-asides of a workspace: one JSON object a line, never changed; an end is a line of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import plain_line, read_bytes
from fraud.durable import append_lines, json_line, parsed_object, write_whole
from fraud.rules.set_aside.declare import SetAside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fraud.workspace import Workspace

# Whoever wants a rule to be silent for longer changes the rule.
MOST_DAYS = 731
_MOST_CHARACTERS, _MOST_ITEMS, _MOST_BYTES = 500, 200, 16 * 1024 * 1024
_DAMAGED = "restore it from a backup; it says which findings are not shown"


@dataclass(frozen=True)
class KeptSetAside:
    """A set-aside as it is kept: with the day on which it was ended early, and why; both empty where it was not."""

    set_aside: SetAside
    ended: str = ""
    ended_reason: str = ""

    def status(self, today: date) -> str:
        """Return `in force`, `not yet`, `ended` early, or `past`, on a day; what is past holds for months before it."""
        if self.ended:
            return "ended"
        if today > self.set_aside.until:
            return "past"
        return "in force" if self.set_aside.is_in_force(today) else "not yet"


def kept_set_asides(workspace: Workspace) -> tuple[KeptSetAside, ...]:
    """Read the set-asides of a workspace, ended ones too, in the order in which they were begun.

    Raises
    ------
    InputError
        The file cannot be read, or a line of it is damaged.
    """
    path = workspace.set_asides
    if not path.exists():
        return ()
    found: dict[str, KeptSetAside] = {}
    content = read_bytes(path, f"set-asides in {path.name}", _DAMAGED, _MOST_BYTES)
    # What a killed writer left half-written at the end was never said to be done.
    whole = content[: content.rfind(b"\n") + 1]
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            entry = parsed_object(line) or {}
            name = str(entry["name"])
            if entry["did"] == "ended":
                found[name] = replace(found[name], ended=str(entry["on"]), ended_reason=str(entry["reason"]))
            else:
                found[name] = KeptSetAside(_read(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError.of("set-asides", f"in {path.name}", f"line {number} is damaged", _DAMAGED) from error
    return tuple(found.values())


def set_asides_on(workspace: Workspace, day: date) -> tuple[SetAside, ...]:
    """Return the set-asides of a workspace that are in force for what is looked at as of a day."""
    return tuple(
        each.set_aside for each in kept_set_asides(workspace) if not each.ended and each.set_aside.is_in_force(day)
    )


def begin_set_aside(workspace: Workspace, asked: SetAside, today: date) -> SetAside:
    """Keep a set-aside under the next name, and record it in the audit log first.

    The caller holds `workspace.writer()`, and has named persons by their pseudonym.

    Raises
    ------
    InputError
        It has no reason, ends before it begins, or lies too far ahead.
    """
    _check(asked, today)
    names = [int(each.set_aside.name.removeprefix("S-")) for each in kept_set_asides(workspace)]
    kept = replace(asked, name=f"S-{max(names, default=0) + 1}", items=tuple(sorted(set(asked.items))))
    workspace.record("set-aside begun", **_facts(kept))
    _append(workspace.set_asides, {"did": "begun", **_facts(kept)})
    return kept


def end_set_aside(workspace: Workspace, name: str, reason: str, today: date) -> SetAside:
    """End a set-aside before its day; the caller holds `workspace.writer()`.

    Raises
    ------
    InputError
        There is none of that name, it has ended, or there is no reason.
    """
    known = {each.set_aside.name: each for each in kept_set_asides(workspace)}
    if name not in known:
        raise InputError.unknown_name("set-aside", "of the workspace", plain_line(name), known)
    if known[name].ended:
        hint = "`fraud rules list` shows which are in force"
        raise InputError.of(f"set-aside '{name}'", "of the workspace", "it was ended before", hint)
    entry = {"did": "ended", "name": name, "on": today.isoformat(), "reason": _checked_reason(reason)}
    workspace.record("set-aside ended", **{key: value for key, value in entry.items() if key != "did"})
    _append(workspace.set_asides, entry)
    return known[name].set_aside


def forget_subject(workspace: Workspace, subject_id: str, *, dry_run: bool = False) -> int:
    """Remove the set-asides about a subject, by its id as they name it; return how many lines that are, or would be."""
    path = workspace.set_asides
    names = {each.set_aside.name for each in kept_set_asides(workspace) if each.set_aside.subject_id == subject_id}
    lines = path.read_bytes().splitlines(keepends=True) if names else []
    left = [line for line in lines if (parsed_object(line) or {}).get("name") not in names]
    if names and not dry_run:
        write_whole(path, b"".join(left))
    return len(lines) - len(left)


def _check(asked: SetAside, today: date) -> None:
    _checked_reason(asked.reason)
    where = "of a set-aside"
    if asked.since is not None and asked.since > asked.until:
        got = f"{asked.until} is before {asked.since}"
        raise InputError.of("--until", where, got, "give the last day, no earlier than the first")
    if (asked.until - today).days > MOST_DAYS:
        hint = f"name a day within {MOST_DAYS} days; what is to be silent for good is to be changed in the rule"
        raise InputError.of("--until", where, f"{asked.until} is too far ahead", hint)
    if len(asked.items) > _MOST_ITEMS:
        raise InputError.of("--item", where, f"{len(asked.items)} items", f"name at most {_MOST_ITEMS}")


def _checked_reason(reason: str) -> str:
    if not reason.strip() or len(reason) > _MOST_CHARACTERS or plain_line(reason) != reason:
        got = "empty" if not reason.strip() else "longer than a line, or not plain text"
        hint = f"say why in one line of at most {_MOST_CHARACTERS} characters; every pack shows it"
        raise InputError.of("--reason", "of a set-aside", got, hint)
    return reason


def _facts(one: SetAside) -> dict[str, Any]:
    return {
        "name": one.name,
        "rule": one.rule,
        "until": one.until.isoformat(),
        "reason": one.reason,
        "subject_type": one.subject_type,
        "subject_id": one.subject_id,
        "items": list(one.items),
        "since": None if one.since is None else one.since.isoformat(),
    }


def _read(entry: dict[str, Any]) -> SetAside:
    since = entry["since"]
    items: Iterable[Any] = entry["items"]
    return SetAside(
        name=str(entry["name"]),
        rule=str(entry["rule"]),
        until=date.fromisoformat(entry["until"]),
        reason=str(entry["reason"]),
        subject_type=str(entry["subject_type"]),
        subject_id=str(entry["subject_id"]),
        items=tuple(str(item) for item in items),
        since=None if since is None else date.fromisoformat(since),
    )


def _append(path: Path, entry: dict[str, Any]) -> None:
    append_lines(path, [json_line(entry)])
