"""The manifest of a scored month: what went in, what came out, nothing that differs between equal runs."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from features.claims import TABLES
from features.errors import InputError
from fraud.runs.tables import output_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from features.claims import ClaimsStore

FORMAT = 1


def canonical(value: object) -> str:
    """Write a value as JSON in one way only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def digest_of(content: bytes | str) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def claims_fingerprint(store: ClaimsStore, months: Sequence[str]) -> dict[str, Any]:
    """Digests of what a run reads of the store: its months, and the tables without months except labels.

    Labels count by what was known on the day of the run, so that later ones do not make an old run unrepeatable.
    """
    tables = [name for name, table in TABLES.items() if not table.has_month and name != "labels"]
    return {
        "months": {month: store.month_digest(month) for month in months},
        "registers": store.dimension_digest(*tables),
    }


def frame_digest(frame: pd.DataFrame) -> str:
    """Digest of a frame with its index, as CSV."""
    return digest_of(frame.to_csv(date_format="%Y-%m-%d"))


def catalogue_digests(features: Mapping[str, object], rules: Sequence[object]) -> dict[str, str]:
    """Digests of what is declared: input columns, output columns, features, rules.

    Declarations are frozen dataclasses of plain values, so that their text is what they say.
    """
    return {
        "columns": digest_of(files("features.claims").joinpath("columns.csv").read_bytes()),
        "outputs": digest_of(files("fraud.runs").joinpath("outputs.csv").read_bytes()),
        "features": digest_of("\n".join(repr(features[name]) for name in sorted(features))),
        "rules": digest_of("\n".join(sorted(repr(rule) for rule in rules))),
    }


def describe_outputs(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and rows of every output table in a folder."""
    described = {}
    for name in sorted(output_tables()):
        file = folder / f"{name}.parquet"
        if file.is_file():
            described[name] = {"sha256": digest_of(file.read_bytes()), "rows": pq.read_metadata(file).num_rows}
    return described


def write_manifest(folder: Path, inputs: Mapping[str, Any], not_checked: Mapping[str, Any]) -> dict[str, Any]:
    """Write `manifest.json`, last of all files.

    Parameters
    ----------
    folder : Path
        With the output tables.
    inputs : mapping
        Everything the run depended on.
    not_checked : mapping
        Rules and exemptions that could not be checked, and what they lack.
    """
    manifest = {
        "format": FORMAT,
        "tool_version": version("claims-fraud-toolkit"),
        **inputs,
        "not_checked": not_checked,
        "outputs": describe_outputs(folder),
    }
    (folder / "manifest.json").write_text(canonical(manifest), encoding="utf-8")
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest, given as file or as the folder that holds it.

    Raises
    ------
    InputError
        It cannot be read, or is not a manifest of a scored month.
    """
    file = path / "manifest.json" if path.is_dir() else path
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        hint = "give the manifest.json of a scored month"
        raise InputError.of("manifest", f"at {file}", "not readable JSON", hint) from error
    needed = {"format", "month", "window_months", "as_of", "engine", "inputs", "settings", "outputs"}
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not needed <= set(manifest):
        got = "not a manifest of a scored month in this format"
        raise InputError.of("manifest", f"at {file}", got, "give the manifest.json of a scored month")
    return manifest
