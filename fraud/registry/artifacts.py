"""Files of runs and models: where they lie below `mlartifacts`, read within bounds, and never through MLflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.errors import ToolkitError
from features.outside import plain_line, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.registry.database import Version
    from fraud.workspace import Workspace

MODEL_FILE, CARD_FILE = "model.lgb", "card.json"
# MLflow's own scheme for files that its server keeps: relative to whatever folder `fraud ui` serves, so a workspace
# may be moved and copied.
SCHEME = "mlflow-artifacts:/"
# The largest text of a model that is read at all; a thousand trees of 64 leaves have 8 MB.
_MAX_BYTES = {MODEL_FILE: 64 * 1024 * 1024, CARD_FILE: 8 * 1024 * 1024}
_RUN_ID = re.compile(r"[0-9a-f]{32}")
# How MLflow's own `log_model` named what it logged, before the registry wrote models itself.
_LOGGED_MODEL = re.compile(r"models:/(m-[0-9a-f]{32})")


def run_location(experiment: str, run_id: str) -> str:
    """Where MLflow is told that the files of a run lie.

    Examples
    --------
    >>> run_location("detection", "3f" * 16)
    'mlflow-artifacts:/detection/3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f/artifacts'
    """
    return f"{SCHEME}{experiment}/{run_id}/artifacts"


def write_run_files(workspace: Workspace, experiment: str, run_id: str, files: Mapping[str, bytes]) -> None:
    """Write the files of a run where `run_location` says."""
    folder = workspace.artifacts / experiment / run_id / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def read_model_files(workspace: Workspace, version: Version) -> dict[str, bytes]:
    """Read the files of a version: the Booster's text and the card.

    Raises
    ------
    ToolkitError
        The version says that its files lie elsewhere than in the workspace, or one of them is not there, no regular
        file, a link, or too large.
    """
    hint = "restore the workspace's mlartifacts folder, or train again"
    content = {}
    for name, place in _places(version).items():
        path = workspace.artifacts / place
        what = f"file '{name}' of model {version}"
        if path.resolve() != workspace.artifacts.resolve() / place:
            raise ToolkitError(f"{what}: it is reached through a link. Hint: {hint}")
        content[name] = read_bytes(path, what, hint, _MAX_BYTES[name])
    return content


def _places(version: Version) -> dict[str, str]:
    """Path of each file below `mlartifacts`, made of checked identifiers alone."""
    if version.run_id is None or not _RUN_ID.fullmatch(version.run_id):
        hint = "restore mlflow.db from a backup, or train again"
        raise ToolkitError(f"model {version}: the run that made it is not in the registry. Hint: {hint}")
    folder = f"{version.name}/{version.run_id}/artifacts"
    places = {MODEL_FILE: f"{folder}/{MODEL_FILE}", CARD_FILE: f"{folder}/{CARD_FILE}"}
    if version.source == run_location(version.name, version.run_id):
        return places
    logged = _LOGGED_MODEL.fullmatch(version.source)
    if logged is None:
        got = f"its source is {plain_line(repr(version.source[:200]))}, not files of its run in this workspace"
        raise ToolkitError(f"model {version}: {got}. Hint: only what `fraud train` registered is scored with")
    return {**places, MODEL_FILE: f"{version.name}/models/{logged[1]}/artifacts/{MODEL_FILE}"}
