"""Where MLflow's database says that files lie: relative to the workspace, so that it may be moved and copied."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from fraud.registry.artifacts import SCHEME

if TYPE_CHECKING:
    from pathlib import Path

# In this order: runs and models lie below their experiment. An experiment of ours keeps its folder, which has its name;
# those that MLflow makes by itself have none yet.
_STATEMENTS = (
    f"""UPDATE experiments SET artifact_location = '{SCHEME}' ||
        CASE WHEN artifact_location LIKE '%/mlartifacts/' || name THEN name ELSE experiment_id END
        WHERE artifact_location LIKE '/%' OR artifact_location LIKE 'file:%'""",
    """UPDATE runs SET artifact_uri =
        (SELECT artifact_location FROM experiments WHERE experiment_id = runs.experiment_id)
        || '/' || run_uuid || '/artifacts'
        WHERE artifact_uri LIKE '/%' OR artifact_uri LIKE 'file:%'""",
    """UPDATE logged_models SET artifact_location =
        (SELECT artifact_location FROM experiments WHERE experiment_id = logged_models.experiment_id)
        || '/models/' || model_id || '/artifacts'
        WHERE artifact_location LIKE '/%' OR artifact_location LIKE 'file:%'""",
    """UPDATE model_versions SET storage_location =
        COALESCE((SELECT artifact_location FROM logged_models WHERE 'models:/' || model_id = source), source)
        WHERE storage_location LIKE '/%' OR storage_location LIKE 'file:%'""",
    "UPDATE tags SET value = 'fraud' WHERE key = 'mlflow.source.name' AND value LIKE '%/%'",
    "UPDATE logged_model_tags SET tag_value = 'fraud' WHERE tag_key = 'mlflow.source.name' AND tag_value LIKE '%/%'",
)


def make_relative(database: Path) -> int:
    """Replace absolute paths in MLflow's database, as one step; return how many there were.

    A database that has none is only read.
    """
    with closing(sqlite3.connect(database, timeout=20)) as connection:
        with connection:
            n_changed = sum(connection.execute(statement).rowcount for statement in _STATEMENTS)
        if n_changed:
            # What was replaced would stay readable in the file's free space.
            connection.execute("VACUUM")
    return n_changed
