"""Runs, models and their aliases: the only door to MLflow."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from features.errors import InputError, ToolkitError
from fraud.registry.records import LoadedModel, RunRecord, keyed_ids, model_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import lightgbm
    import pandas as pd

    from fraud.workspace import Workspace

__all__ = [
    "LoadedModel",
    "RunRecord",
    "keyed_ids",
    "load_model",
    "log_evaluation",
    "log_run",
    "model_name",
    "promote",
    "rollback",
    "tag_version",
    "version_tags",
]
CHAMPION, CHALLENGER = "champion", "challenger"
_HISTORY = "champion_history"


def tracking_uri(workspace: Workspace) -> str:
    """Address of the workspace's MLflow database."""
    return f"sqlite:///{workspace.tracking_database.absolute()}"


def log_run(workspace: Workspace, record: RunRecord) -> int:
    """Write one training as an MLflow run and register its model as challenger.

    Returns
    -------
    int
        Version of the registered model.
    """
    name = model_name(record.entity)
    with _mlflow(workspace) as mlflow:
        _enter_experiment(mlflow, workspace, name)
        with mlflow.start_run(run_name=f"{record.card['month']} {record.card['mode']}") as run:
            mlflow.log_params({key: str(value) for key, value in record.parameters.items()})
            mlflow.log_metrics(dict(record.metrics))
            mlflow.set_tags({f"data.{key}": str(value) for key, value in record.fingerprint.items()})
            mlflow.log_text(_canonical(record.card), "card.json")
            for file, table in record.tables.items():
                _log_bytes(mlflow, _parquet(table), f"{file}.parquet")
            for file, picture in record.pictures.items():
                _log_bytes(mlflow, picture, f"{file}.png")
            uri = _log_booster(mlflow, record.booster)
        client = mlflow.MlflowClient()
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name)
        version = client.create_model_version(name, uri, run_id=run.info.run_id).version
        for key, value in _version_tags(record).items():
            client.set_model_version_tag(name, version, key, value)
        client.set_registered_model_alias(name, CHALLENGER, version)
    workspace.record("model registered", entity=record.entity, version=int(version))
    return int(version)


def log_evaluation(
    workspace: Workspace,
    *,
    name: str,
    parameters: Mapping[str, str],
    metrics: Mapping[str, float],
    files: Sequence[Path],
) -> None:
    """Write one evaluation as an MLflow run of the experiment `detection`: aggregates only, never a subject's id."""
    with _mlflow(workspace) as mlflow:
        _enter_experiment(mlflow, workspace, "detection")
        with mlflow.start_run(run_name=name):
            mlflow.log_params(dict(parameters))
            mlflow.log_metrics(dict(metrics))
            for file in files:
                mlflow.log_artifact(str(file))


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
    with _mlflow(workspace) as mlflow:
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


def tag_version(workspace: Workspace, entity: str, version: int, tags: Mapping[str, str]) -> None:
    """Write a decision and its reasons onto a version."""
    with _mlflow(workspace) as mlflow:
        client = mlflow.MlflowClient()
        for key, value in tags.items():
            client.set_model_version_tag(model_name(entity), str(version), key, value)


def promote(workspace: Workspace, entity: str, version: int, *, reason: str) -> None:
    """Make a version the champion, and record why.

    Raises
    ------
    InputError
        The version is not in the registry, or no reason is given.
    """
    _check_reason(reason)
    name = model_name(entity)
    with _mlflow(workspace) as mlflow:
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
    with _mlflow(workspace) as mlflow:
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


def version_tags(workspace: Workspace, entity: str, version: int) -> dict[str, str]:
    """Tags of a version: mode, features, months, decision."""
    with _mlflow(workspace) as mlflow:
        return dict(_find_version(mlflow, model_name(entity), str(version)).tags)


@contextmanager
def _mlflow(workspace: Workspace) -> Iterator[Any]:
    """Import MLflow quietly, point it at the workspace, and leave no trace of that afterwards."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    workspace.root.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Deprecations inside MLflow and what it imports are not ours to mend.
        warnings.simplefilter("ignore")
        import mlflow
        import mlflow.lightgbm

        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
        mlflow.set_tracking_uri(tracking_uri(workspace))
        mlflow.set_registry_uri(tracking_uri(workspace))
        try:
            yield mlflow
        finally:
            mlflow.set_tracking_uri(before[0])
            mlflow.set_registry_uri(before[1])


def _enter_experiment(mlflow: Any, workspace: Workspace, name: str) -> None:
    if mlflow.get_experiment_by_name(name) is None:
        location = (workspace.artifacts / name).absolute()
        mlflow.create_experiment(name, artifact_location=location.as_uri())
    mlflow.set_experiment(name)


def _log_booster(mlflow: Any, booster: lightgbm.Booster) -> str:
    from importlib.metadata import version

    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    signature = ModelSignature(
        inputs=Schema([ColSpec("double", name) for name in booster.feature_name()]),
        outputs=Schema([ColSpec("double")]),
    )
    logged = mlflow.lightgbm.log_model(
        booster, name="model", signature=signature, pip_requirements=[f"lightgbm=={version('lightgbm')}"]
    )
    return str(logged.model_uri)


def _log_bytes(mlflow: Any, content: bytes, file: str) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.write_bytes(content)
        mlflow.log_artifact(str(path))


def _parquet(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream)
    return stream.getvalue()


def _version_tags(record: RunRecord) -> dict[str, str]:
    keys = ("mode", "month", "window_months", "as_of", "features_digest", "n_positives", "n_negatives")
    tags = {key: str(record.card[key]) for key in keys if key in record.card}
    return {
        **tags,
        "calibration": _canonical(record.card.get("platt")),
        "n_features": str(record.booster.num_feature()),
    }


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


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
