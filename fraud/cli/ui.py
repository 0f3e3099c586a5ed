"""`fraud ui`: MLflow's own page on the workspace."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from features.errors import InputError
from fraud.cli.session import say, session


def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 5000,
) -> None:
    """Open MLflow's own page on the workspace; nobody else on the network can reach it."""
    from fraud.registry.database import reading

    workspace = session(context).workspace
    with reading(workspace) as registry:
        if registry is None:
            got = "nothing tracked yet"
            raise InputError.of("model tracking", f"in {workspace.root}", got, "run `fraud train` first")
    say(f"serving http://127.0.0.1:{port} until interrupted")
    command = [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", workspace.tracking_uri]
    # Runs say where their files lie relative to this folder, wherever the workspace is.
    command += ["--serve-artifacts", "--artifacts-destination", workspace.artifacts.absolute().as_uri()]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    # Reading runs needs none of MLflow's background jobs.
    quiet = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    try:
        done = subprocess.run(command, check=False, env=quiet)  # noqa: S603 - our own interpreter and constant words
    except KeyboardInterrupt:
        return
    if done.returncode:
        raise typer.Exit(1)
