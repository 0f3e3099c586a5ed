"""Whether the registry can be followed and holds what was registered, without running a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.errors import ToolkitError
from features.vocabulary.entities import SCORED
from fraud.registry._client import connected
from fraud.registry.artifacts import read_model_files
from fraud.registry.champions import CHAMPION, champion_history, champion_number
from fraud.registry.database import reading
from fraud.registry.pins import check_pins, pin_version
from fraud.registry.recorded import PROMOTED, read_recorded
from fraud.registry.records import model_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.registry.database import Registry
    from fraud.workspace import Workspace


def check_registry(workspace: Workspace) -> list[str]:
    """Read every version, alias and digest, and say what is wrong with them.

    Returns
    -------
    list of str
        One line a finding, each with the way out; empty for a healthy registry and for a workspace without one.
    """
    try:
        with reading(workspace) as registry:
            return [line for entity in SCORED for line in _findings(workspace, registry, entity)]
    except ToolkitError as error:
        return [str(error)]


def pin_versions(workspace: Workspace, *, reason: str) -> list[str]:
    """Record digests of versions, and the champions, that an older release registered without; the caller is writer.

    What is recorded is what stands there now: call it once, when a workspace of an older release is taken over.

    Returns
    -------
    list of str
        What was recorded, in words; a version that cannot be used is left, and `check_registry` says why.
    """
    done = []
    for entity in SCORED:
        name = model_name(entity)
        recorded = read_recorded(workspace, entity)
        with reading(workspace) as registry:
            if registry is None:
                return []
            found = [version for number in registry.numbers(name) if (version := registry.version(name, number))]
            pointed = registry.aliases(name).get(CHAMPION)
            history = champion_history(registry, entity, recorded.moves())
        with connected(workspace) as client:
            for version in found:
                try:
                    if pin_version(workspace, client, entity, version, reason=reason):
                        done.append(f"model {version}: SHA-256 of its files recorded")
                except ToolkitError:
                    continue
        if pointed is not None and not recorded.moves():
            kept = [*(past for past in history if past != pointed), pointed]
            workspace.record(PROMOTED, entity=entity, version=pointed, reason=reason, history=kept)
            done.append(f"model {name}: champion {pointed} recorded")
    return done


def _findings(workspace: Workspace, registry: Registry | None, entity: str) -> Iterator[str]:
    name = model_name(entity)
    recorded = read_recorded(workspace, entity)
    try:
        champion_number(registry, entity, recorded.moves())
        if registry is not None:
            champion_history(registry, entity, recorded.moves())
    except ToolkitError as error:
        yield str(error)
    if registry is None:
        return
    numbers = registry.numbers(name)
    for alias, number in registry.aliases(name).items():
        if number not in numbers:
            got = f"it is version {number}, which is not in the registry"
            yield f"{alias} of {name}: {got}. Hint: restore mlflow.db from a backup"
    for number in numbers:
        version = registry.version(name, number)
        if version is None:
            continue
        try:
            check_pins(version, entity, read_model_files(workspace, version), recorded.digests(version))
        except ToolkitError as error:
            yield str(error)
