"""Versions of the registered models: the one in use, the one before, and what is written onto each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.errors import InputError, ToolkitError
from features.outside import plain_line
from features.vocabulary.entities import SCORED
from fraud.registry._client import connected
from fraud.registry.artifacts import read_model_files
from fraud.registry.champions import (
    CHAMPION,
    apply_move,
    champion_history,
    champion_number,
    settle_champion,
    unsettled_move,
)
from fraud.registry.database import reading
from fraud.registry.load import read_model
from fraud.registry.pins import check_pins, pin_version
from fraud.registry.recorded import PROMOTED, ROLLED_BACK, Move, Recorded, read_recorded
from fraud.registry.records import LoadedModel, model_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.registry.database import Registry, Version
    from fraud.workspace import Workspace

__all__ = ["CHALLENGER", "CHAMPION", "load_model", "promote", "rollback", "tag_version", "version_tags"]

CHALLENGER = "challenger"
# MLflow keeps longer ones, and nobody reads them.
_MAX_REASON = 1_000


def load_model(workspace: Workspace, entity: str, alias: str = CHAMPION) -> LoadedModel | None:
    """Load a model from the registry, without MLflow and without running anything.

    Parameters
    ----------
    workspace : Workspace
        Whose registry.
    entity : str
        `provider` or `patient`.
    alias : str
        `champion`, `challenger`, another alias, or the number of a version.

    Returns
    -------
    LoadedModel or None
        None where the workspace has no champion or no challenger yet.

    Raises
    ------
    InputError
        The version or the alias is not in the registry.
    ToolkitError
        The registry is damaged or cannot be followed, or the version's files are not those that were registered.
    """
    model_name(entity)
    recorded = read_recorded(workspace, entity)
    with reading(workspace) as registry:
        version = _find(registry, entity, alias, recorded)
    if version is None:
        return None
    content = read_model_files(workspace, version)
    check_pins(version, entity, content, recorded.digests(version))
    return read_model(entity, version, content)


def promote(workspace: Workspace, entity: str, version: int, *, reason: str) -> None:
    """Make a version the champion, and record why.

    A version that was registered without digests (by an older release) is pinned as it stands, which is recorded too.

    Raises
    ------
    InputError
        The version is not in the registry, or no reason is given.
    ToolkitError
        The version cannot be used, or the change cannot be recorded; then the champion stays.
    """
    _check_reason(reason)
    with reading(workspace) as registry:
        chosen = _numbered(registry, model_name(entity), str(version))
        history = champion_history(registry, entity, read_recorded(workspace, entity).moves()) if registry else ()
    with connected(workspace) as client:
        pin_version(workspace, client, entity, chosen, reason=reason)
        _check_usable(workspace, entity, version)
        settle_champion(workspace, client, entity)
        move = Move(version, (*(past for past in history if past != version), version))
        workspace.record(PROMOTED, entity=entity, version=version, reason=reason, history=list(move.history))
        apply_move(client, model_name(entity), move)
        client.set_model_version_tag(model_name(entity), str(version), "promoted_because", reason)


def rollback(workspace: Workspace, entity: str, *, reason: str) -> int:
    """Go back to the champion before, and record why; a rollback that was broken off is finished, not repeated.

    Returns
    -------
    int
        Version that is champion now.

    Raises
    ------
    InputError
        There is no champion before, or no reason is given.
    ToolkitError
        The champion before cannot be used, or the change cannot be recorded; then the champion stays.
    """
    _check_reason(reason)
    name = model_name(entity)
    begun = unsettled_move(workspace, entity)
    if begun is not None and begun.is_rollback:
        with connected(workspace) as client:
            apply_move(client, name, begun)
        return begun.version
    with reading(workspace) as registry:
        history = champion_history(registry, entity, read_recorded(workspace, entity).moves()) if registry else ()
    if len(history) < 2:
        hint = "promote another version with `fraud promote`"
        raise InputError.of("rollback", f"of {name}", "there is no champion before this one", hint)
    *_, before, left = history
    _check_usable(workspace, entity, before)
    with connected(workspace) as client:
        settle_champion(workspace, client, entity)
        move = Move(before, history[:-1], is_rollback=True)
        facts = {"version": before, "left": left, "reason": reason, "history": list(move.history)}
        workspace.record(ROLLED_BACK, entity=entity, **facts)
        client.set_model_version_tag(name, str(left), "rolled_back_because", reason)
        # Last, since a rollback whose alias has followed would go back one more when it is repeated.
        apply_move(client, name, move)
    return before


def tag_version(workspace: Workspace, entity: str, version: int, tags: Mapping[str, str]) -> None:
    """Write a decision and its reasons onto a version."""
    with connected(workspace) as client:
        for key, value in tags.items():
            client.set_model_version_tag(model_name(entity), str(version), key, value)


def version_tags(workspace: Workspace, entity: str, version: int) -> dict[str, str]:
    """Tags of a version: mode, features, months, digests, decision."""
    with reading(workspace) as registry:
        return dict(_numbered(registry, model_name(entity), str(version)).tags)


def _find(registry: Registry | None, entity: str, alias: str, recorded: Recorded) -> Version | None:
    """Follow an alias or a number; None only where nothing of that name was ever there."""
    name = model_name(entity)
    if alias.isascii() and alias.isdigit():
        return _numbered(registry, name, alias)
    if alias == CHAMPION:
        number = champion_number(registry, entity, recorded.moves())
    else:
        aliases: dict[str, dict[str, int]] = {}
        if registry is not None:
            aliases = {each: registry.aliases(model_name(each)) for each in SCORED}
        number = aliases.get(entity, {}).get(alias)
        known = {CHAMPION, CHALLENGER}.union(*aliases.values())
        # An alias that one entity's models have may be missing from the other's; one of nobody's is misspelt.
        if alias not in known:
            hint = f"known are {', '.join(sorted(known))}, and the versions that `fraud ui` shows"
            raise InputError.of(f"model alias '{plain_line(alias[:50])}'", f"of {name}", "no such model", hint)
    if registry is None or number is None:
        return None
    found = registry.version(name, number)
    if found is None:
        got = f"it is version {number}, which is not in the registry"
        raise ToolkitError(f"{alias} of {name}: {got}. Hint: restore mlflow.db from a backup")
    return found


def _numbered(registry: Registry | None, name: str, number: str) -> Version:
    what, where = f"model version '{number[:20]}'", f"of {name}"
    if registry is None:
        raise InputError.of(what, where, "the registry is empty", "run `fraud train`")
    found = registry.version(name, int(number)) if len(number) < 10 else None
    if found is None:
        raise InputError.of(what, where, "not in the registry", "see `fraud ui` for the versions there are")
    return found


def _check_usable(workspace: Workspace, entity: str, number: int) -> None:
    load_model(workspace, entity, str(number))


def _check_reason(reason: str) -> None:
    what, where = "--reason", "of a change of champion"
    if not reason.strip():
        raise InputError.of(what, where, "empty", "say why; it is kept in the audit log")
    if len(reason) > _MAX_REASON:
        raise InputError.of(what, where, f"{len(reason):,} characters", f"say it in {_MAX_REASON:,}")
