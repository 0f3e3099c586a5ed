"""Versions of the registered models: the one in use, the one before, and what is written onto each."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from features.errors import InputError, ToolkitError
from fraud.registry._client import connected
from fraud.registry.records import LoadedModel, model_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.workspace import Workspace

CHAMPION, CHALLENGER = "champion", "challenger"
_HISTORY = "champion_history"


def load_model(workspace: Workspace, entity: str, alias: str = CHAMPION) -> LoadedModel | None:
    """Load a model from the registry.

    Parameters
    ----------
    workspace : Workspace
        Whose registry.
    entity : str
        `provider` or `patient`.
    alias : str
        `champion`, `challenger`, or the number of a version.

    Returns
    -------
    LoadedModel or None
        None when the alias points at nothing; a version that is not there is refused.

    Raises
    ------
    InputError
        The version is not in the registry.
    ToolkitError
        The registry has the version but its files are gone.
    """
    name = model_name(entity)
    if not workspace.tracking_database.exists():
        if alias.isdigit():
            raise InputError.of(f"model version '{alias}'", f"of {name}", "the registry is empty", "run `fraud train`")
        return None
    with connected(workspace) as mlflow:
        found = _find_version(mlflow, name, alias)
        if found is None:
            return None
        try:
            booster = mlflow.lightgbm.load_model(f"models:/{name}/{found.version}")
            text = mlflow.artifacts.load_text(f"runs:/{found.run_id}/card.json")
        except (OSError, mlflow.exceptions.MlflowException) as error:
            hint = "restore the workspace's mlartifacts folder, or train again"
            raise ToolkitError(f"model {name}/{found.version}: its files cannot be read. Hint: {hint}") from error
    digest = hashlib.sha256((booster.model_to_string() + text).encode()).hexdigest()
    return LoadedModel(entity, int(found.version), booster, json.loads(text), digest)


def promote(workspace: Workspace, entity: str, version: int, *, reason: str) -> None:
    """Make a version the champion, and record why.

    Raises
    ------
    InputError
        The version is not in the registry, or no reason is given.
    """
    _check_reason(reason)
    name = model_name(entity)
    with connected(workspace) as mlflow:
        found = _find_version(mlflow, name, str(version))
        client = mlflow.MlflowClient()
        history = [past for past in _history(client, name) if past != version]
        client.set_registered_model_alias(name, CHAMPION, found.version)
        client.set_registered_model_tag(name, _HISTORY, json.dumps([*history, version]))
        client.set_model_version_tag(name, found.version, "promoted_because", reason)
    workspace.record("model promoted", entity=entity, version=version, reason=reason)


def rollback(workspace: Workspace, entity: str, *, reason: str) -> int:
    """Go back to the champion before, and record why.

    Returns
    -------
    int
        Version that is champion now.

    Raises
    ------
    InputError
        There is no champion before, or no reason is given.
    """
    _check_reason(reason)
    name = model_name(entity)
    with connected(workspace) as mlflow:
        client = mlflow.MlflowClient()
        history = _history(client, name)
        if len(history) < 2:
            hint = "promote another version with `fraud promote`"
            raise InputError.of("rollback", f"of {name}", "there is no champion before this one", hint)
        *_, before, left = history
        client.set_registered_model_alias(name, CHAMPION, str(before))
        client.set_registered_model_tag(name, _HISTORY, json.dumps(history[:-1]))
        client.set_model_version_tag(name, str(left), "rolled_back_because", reason)
    workspace.record("model rolled back", entity=entity, version=int(before), left=int(left), reason=reason)
    return int(before)


def tag_version(workspace: Workspace, entity: str, version: int, tags: Mapping[str, str]) -> None:
    """Write a decision and its reasons onto a version."""
    with connected(workspace) as mlflow:
        client = mlflow.MlflowClient()
        for key, value in tags.items():
            client.set_model_version_tag(model_name(entity), str(version), key, value)


def version_tags(workspace: Workspace, entity: str, version: int) -> dict[str, str]:
    """Tags of a version: mode, features, months, decision."""
    with connected(workspace) as mlflow:
        return dict(_find_version(mlflow, model_name(entity), str(version)).tags)


def _find_version(mlflow: Any, name: str, alias: str) -> Any:
    client = mlflow.MlflowClient()
    try:
        if alias.isdigit():
            return client.get_model_version(name, alias)
        return client.get_model_version_by_alias(name, alias)
    except mlflow.exceptions.MlflowException as error:
        if alias.isdigit():
            hint = "see `fraud ui` for the versions there are"
            raise InputError.of(f"model version '{alias}'", f"of {name}", "not in the registry", hint) from error
        return None


def _history(client: Any, name: str) -> list[int]:
    registered = client.search_registered_models(f"name = '{name}'")
    return list(json.loads(registered[0].tags.get(_HISTORY, "[]"))) if registered else []


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InputError.of("--reason", "of a change of champion", "empty", "say why; it is kept in the audit log")
