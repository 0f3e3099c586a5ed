"""Trainings and evaluations, each written as one MLflow run."""

from __future__ import annotations

import io
import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fraud.registry._client import connected
from fraud.registry.records import model_name
from fraud.registry.versions import CHALLENGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import lightgbm
    import pandas as pd

    from fraud.registry.records import RunRecord
    from fraud.workspace import Workspace


def log_run(workspace: Workspace, record: RunRecord) -> int:
    """Write one training as an MLflow run and register its model as challenger.

    Returns
    -------
    int
        Version of the registered model.
    """
    name = model_name(record.entity)
    with connected(workspace) as mlflow:
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
        registered = client.create_model_version(name, uri, run_id=run.info.run_id).version
        for key, value in _version_tags(record).items():
            client.set_model_version_tag(name, registered, key, value)
        client.set_registered_model_alias(name, CHALLENGER, registered)
    workspace.record("model registered", entity=record.entity, version=int(registered))
    return int(registered)


def log_evaluation(
    workspace: Workspace,
    *,
    name: str,
    parameters: Mapping[str, str],
    metrics: Mapping[str, float],
    files: Sequence[Path],
) -> None:
    """Write one evaluation as an MLflow run of the experiment `detection`: aggregates only, never a subject's id."""
    with connected(workspace) as mlflow:
        _enter_experiment(mlflow, workspace, "detection")
        with mlflow.start_run(run_name=name):
            mlflow.log_params(dict(parameters))
            mlflow.log_metrics(dict(metrics))
            for file in files:
                mlflow.log_artifact(str(file))


def _enter_experiment(mlflow: Any, workspace: Workspace, name: str) -> None:
    if mlflow.get_experiment_by_name(name) is None:
        location = (workspace.artifacts / name).absolute()
        mlflow.create_experiment(name, artifact_location=location.as_uri())
    mlflow.set_experiment(name)


def _log_booster(mlflow: Any, booster: lightgbm.Booster) -> str:
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


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
