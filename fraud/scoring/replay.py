"""Repeat a past month with what it used then, and say whether the result is the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from features.catalogue import features
from features.claims import ClaimsStore
from features.errors import InputError
from features.vocabulary.entities import PROFILED, SCORED
from features.vocabulary.months import window
from fraud.labels import labels_as_of
from fraud.registry.runs import load_model
from fraud.rules import rules_of
from fraud.runs.manifest import catalogue_digests, claims_fingerprint, frame_digest, read_manifest
from fraud.scoring.month import NO_MODEL, score_month
from fraud.scoring.previous import recorded_run
from fraud.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fraud.scoring.month import ScoredMonth
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Replay:
    """A repeated month.

    Parameters
    ----------
    scored : ScoredMonth
        What came out now.
    differing : tuple of str
        Tables whose bytes differ; empty when identical.
    """

    scored: ScoredMonth
    differing: tuple[str, ...]


def replay_month(
    workspace: Workspace,
    path: Path,
    *,
    settings: Settings,
    threads: int | None = None,
    memory_limit: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Replay:
    """Score a month again with the window, day, models, settings and ring ledger of its manifest.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer.
    path : Path
        The manifest, or the folder with it.
    settings : Settings
        Of these only the engine's count; all others come from the manifest.
    threads, memory_limit : optional
        Of the engine.
    progress : callable, optional
        Told what is being done.

    Raises
    ------
    InputError
        The claims, labels, model versions, catalogues or the month before are not what they were.
    """
    manifest = read_manifest(path)
    inputs = manifest["inputs"]
    previous = recorded_run(workspace, inputs["previous_run"])
    _check_inputs(workspace, manifest)
    then = {**settings.model_dump(include={"engine", "cases"}), **manifest["settings"]}
    scored = score_month(
        workspace,
        manifest["month"],
        settings=Settings.model_validate(then),
        window_months=manifest["window_months"],
        as_of=date.fromisoformat(manifest["as_of"]),
        model_alias=_versions(inputs),
        threads=threads,
        memory_limit=memory_limit,
        engine=manifest["engine"],
        previous=previous,
        progress=progress,
    )
    before, now = manifest["outputs"], scored.manifest["outputs"]
    return Replay(scored, tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name)))


def _versions(inputs: dict[str, Any]) -> dict[str, str]:
    models = inputs["models"]
    return {entity: NO_MODEL if models[entity] is None else str(models[entity]["version"]) for entity in SCORED}


def _check_inputs(workspace: Workspace, manifest: dict[str, Any]) -> None:
    store, month, inputs = ClaimsStore.open(workspace.store), manifest["month"], manifest["inputs"]
    now = claims_fingerprint(store, window(store.months(), month, manifest["window_months"]))
    _same("claims months", now["months"], inputs["claims"]["months"], "restore the store as it was")
    _same("registers", now["registers"], inputs["claims"]["registers"], "restore the store as it was")
    day = date.fromisoformat(manifest["as_of"])
    labels = {entity: frame_digest(labels_as_of(store, entity, day)) for entity in SCORED}
    then = {entity: inputs["labels"][entity]["sha256"] for entity in SCORED}
    _same("labels known then", labels, then, "restore the store as it was")
    declared = {f"{entity}.{name}": feature for entity in PROFILED for name, feature in features(entity).items()}
    hint = f"use version {manifest['tool_version']} of the tool as it was"
    _same("catalogues", catalogue_digests(declared, rules_of(workspace)), manifest["catalogues"], hint)
    for entity, version in _versions(inputs).items():
        if version != NO_MODEL:
            model = load_model(workspace, entity, version)
            digest = None if model is None else model.digest
            _same(f"{entity} model", digest, inputs["models"][entity]["sha256"], "restore the registry")


def _same(what: str, now: object, then: object, hint: str) -> None:
    if now != then:
        raise InputError.of(what, "of the run to replay", "not what they were", hint)
