"""Repeat a past month with what it used then, and say whether the result is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.errors import InputError
from features.vocabulary.entities import SCORED
from features.vocabulary.months import window
from fraud.labels import labels_as_of
from fraud.registry.versions import load_model
from fraud.rules import rules_of, with_rule_numbers
from fraud.runs.manifest import Manifest
from fraud.runs.read import recorded_run
from fraud.scoring.inputs import catalogue_digests, claims_fingerprint, labels_known
from fraud.scoring.month import score_request
from fraud.scoring.request import NO_MODEL, MonthRequest
from fraud.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from features.vocabulary.entities import ScoredEntity
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
    threads : int, optional
        Of the engine; by default the setting.
    progress : callable, optional
        Told what is being done.

    Raises
    ------
    InputError
        The manifest is of another format, or the claims, labels, model versions, catalogues or the month before are
        not what they were.
    """
    manifest = Manifest.read(path)
    previous = recorded_run(workspace, manifest.inputs.previous_run)
    _check_inputs(workspace, manifest)
    then = {**settings.model_dump(include={"engine", "cases"}), **manifest.settings}
    rules = rules_of(workspace)
    asked = MonthRequest(
        month=manifest.month,
        window_months=manifest.window_months,
        as_of=manifest.as_of,
        models=_versions(manifest),
        engine=manifest.engine,
        previous=previous,
        settings=with_rule_numbers(Settings.model_validate(then), rules, f"in {path}"),
        rules=rules,
    )
    scored = score_request(workspace, asked, threads=threads, progress=progress)
    before, now = manifest.outputs, scored.manifest.outputs
    return Replay(scored, tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name)))


def _versions(manifest: Manifest) -> dict[ScoredEntity, str]:
    models = manifest.inputs.models
    return {entity: NO_MODEL if (used := models[entity]) is None else str(used.version) for entity in SCORED}


def _check_inputs(workspace: Workspace, manifest: Manifest) -> None:
    store, then = ClaimsStore.open(workspace.store), manifest.inputs
    now = claims_fingerprint(store, window(store.months(), manifest.month, manifest.window_months))
    _same("claims months", now.months, then.claims.months, "restore the store as it was")
    _same("registers", now.registers, then.claims.registers, "restore the store as it was")
    labels = labels_known({entity: labels_as_of(store, entity, manifest.as_of) for entity in SCORED})
    _same("labels known then", labels, then.labels, "restore the store as it was")
    digests = catalogue_digests(rules_of(workspace))
    for name, then_declared in manifest.catalogues.items():
        rules = " and the files of the workspace's folder rules" if name == "rules" else ""
        hint = f"restore version {manifest.tool_version} of the tool{rules} as they were"
        _same(f"{name} of the catalogues", digests.get(name), then_declared, hint)
    for entity, used in then.models.items():
        if used is not None:
            model = load_model(workspace, entity, str(used.version))
            digest = None if model is None else model.digest
            _same(f"{entity} model", digest, used.sha256, "restore the registry")


def _same(what: str, now: object, then: object, hint: str) -> None:
    if now != then:
        raise InputError.of(what, "of the run to replay", "not what they were", hint)
