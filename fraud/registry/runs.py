"""Trainings and evaluations, each written as one MLflow run."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from fraud.registry._client import connected
from fraud.registry.artifacts import CARD_FILE, MODEL_FILE, SCHEME, run_location, write_run_files
from fraud.registry.champions import settle_champion
from fraud.registry.database import reading
from fraud.registry.pins import digests_of, pin_tags
from fraud.registry.recorded import REGISTERED
from fraud.registry.records import model_name
from fraud.registry.versions import CHALLENGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from fraud.registry.records import RunRecord
    from fraud.workspace import Workspace


def log_run(workspace: Workspace, record: RunRecord) -> int:
    """Write one training as an MLflow run and register its model as challenger.

    The digests of its files are recorded before the version is made: a job that is killed in between leaves a line
    about a version that is not there, and the next version, of another run, has a line of its own.

    Returns
    -------
    int
        Version of the registered model.

    Raises
    ------
    ToolkitError
        MLflow or the audit log cannot be written; then no version is registered.
    """
    name = model_name(record.entity)
    content = {
        MODEL_FILE: record.booster.model_to_string().encode(),
        CARD_FILE: _canonical(record.card).encode(),
        **{f"{file}.parquet": _parquet(table) for file, table in record.tables.items()},
        **{f"{file}.png": picture for file, picture in record.pictures.items()},
    }
    with connected(workspace) as client:
        settle_champion(workspace, client, record.entity)
        run_id = _write_run(
            workspace,
            client,
            name,
            title=f"{record.card['month']} {record.card['mode']}",
            parameters={key: str(value) for key, value in record.parameters.items()},
            metrics=record.metrics,
            tags={f"data.{key}": str(value) for key, value in record.fingerprint.items()},
            files=content,
        )
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name)
        with reading(workspace) as registry:
            number = registry.next_number(name) if registry else 1
        digests = digests_of({file: content[file] for file in (MODEL_FILE, CARD_FILE)})
        workspace.record(REGISTERED, entity=record.entity, version=number, run_id=run_id, files=digests)
        tags = {**_version_tags(record), **pin_tags(digests)}
        made = client.create_model_version(name, run_location(name, run_id), run_id=run_id, tags=tags)
        client.set_registered_model_alias(name, CHALLENGER, str(made.version))
    return int(made.version)


def log_evaluation(
    workspace: Workspace,
    *,
    name: str,
    parameters: Mapping[str, str],
    metrics: Mapping[str, float],
    files: Sequence[Path],
) -> None:
    """Write one evaluation as an MLflow run of the experiment `detection`: aggregates only, never a subject's id."""
    with connected(workspace) as client:
        _write_run(
            workspace,
            client,
            "detection",
            title=name,
            parameters=parameters,
            metrics=metrics,
            tags={},
            files={file.name: file.read_bytes() for file in files},
        )


def _write_run(
    workspace: Workspace,
    client: Any,
    experiment: str,
    *,
    title: str,
    parameters: Mapping[str, str],
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
    files: Mapping[str, bytes],
) -> str:
    """Write one finished run and its files; return its id."""
    from mlflow.entities import Metric, Param, RunTag

    run = client.create_run(_experiment_id(client, experiment), run_name=title, tags={"mlflow.source.name": "fraud"})
    run_id = str(run.info.run_id)
    try:
        write_run_files(workspace, experiment, run_id, files)
        client.log_batch(
            run_id,
            metrics=[Metric(key, value, run.info.start_time, 0) for key, value in metrics.items()],
            params=[Param(key, value) for key, value in parameters.items()],
            tags=[RunTag(key, value) for key, value in tags.items()],
        )
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)
    return run_id


def _experiment_id(client: Any, name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name, artifact_location=f"{SCHEME}{name}"))


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
