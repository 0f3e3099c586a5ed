"""Repeat a past month with what it used then, and say whether the result is the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.claims.store.history import as_it_was
from features.errors import InputError
from features.outside import plain_line
from features.vocabulary.entities import PROFILED, SCORED
from features.vocabulary.months import MONTH_PATTERN, window
from fraud.labels import labels_as_of
from fraud.registry.versions import load_model
from fraud.rules import rules_of, with_rule_numbers
from fraud.runs.manifest import Manifest
from fraud.runs.read import recorded_run
from fraud.scoring.inputs import catalogue_digests, claims_fingerprint, labels_known
from fraud.scoring.month import score_request
from fraud.scoring.request import ENGINES, NO_MODEL, MonthRequest
from fraud.scoring.set_aside import set_asides_then
from fraud.scoring.write import NOT_OF_THE_RESULT, settings_digest
from fraud.sections import shown_value
from fraud.settings import Settings, checked_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from features.vocabulary.entities import ScoredEntity
    from fraud.rules import Rule
    from fraud.runs.manifest import ClaimsRead
    from fraud.scoring.month import ScoredMonth
    from fraud.workspace import Workspace

_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9a-f]{12}")


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
    """Score a month again with the claims, window, day, models, settings, set-asides and ring ledger of its manifest.

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

    Returns
    -------
    Replay
        Compared before anything is published: a result that differs, or was of an earlier store while the month was
        scored anew since, leaves the workspace as it was.

    Raises
    ------
    InputError
        The manifest is of another format or holds what no run writes, or the claims, labels, model versions,
        catalogues or the month before are not what they were.
    """
    manifest = Manifest.read(path)
    where = f"of the manifest at {plain_line(str(path))}"
    _check_values(manifest, where)
    rules = rules_of(workspace)
    previous = recorded_run(workspace, manifest.inputs.previous_run)
    store = _store_then(workspace, manifest)
    _check_inputs(workspace, manifest, rules)
    # Engine and packs change no table, and are no part of a manifest.
    own = {**manifest.settings, **settings.model_dump(include=NOT_OF_THE_RESULT)}
    then = with_rule_numbers(checked_settings(own, where), rules, where)
    if settings_digest(then) != manifest.settings_sha256:
        got, hint = "not those of settings_sha256", "give the manifest as it was written"
        raise InputError.of("key 'settings'", where, got, hint)
    asked = MonthRequest(
        month=manifest.month,
        window_months=manifest.window_months,
        as_of=manifest.as_of,
        models=_versions(manifest),
        engine=manifest.engine,
        previous=previous,
        settings=then,
        rules=rules,
        set_asides=set_asides_then(manifest),
    )
    scored = score_request(
        workspace,
        asked,
        store=store,
        threads=threads,
        progress=progress,
        is_wanted=lambda now: not _differing(manifest, now) and _may_stand(workspace, store, manifest),
    )
    return Replay(scored, _differing(manifest, scored.manifest))


def _differing(then: Manifest, now: Manifest) -> tuple[str, ...]:
    """Names of the tables that differ, and of the manifest where it alone does: equal runs have equal manifests."""
    names = sorted({*then.outputs, *now.outputs})
    tables = tuple(name for name in names if then.outputs.get(name) != now.outputs.get(name))
    # The tool's version may have changed and no table with it.
    is_same = then == now.model_copy(update={"tool_version": then.tool_version})
    return tables or (() if is_same else ("manifest",))


def _may_stand(workspace: Workspace, store: ClaimsStore, manifest: Manifest) -> bool:
    """Whether what was known then may be published: in place of what a later store says of the month it may not."""
    if store.catalog == ClaimsStore.open(workspace.store).catalog:
        return True
    link = workspace.runs / manifest.month
    try:
        return not link.exists() or Manifest.read(link) == manifest
    except InputError:  # what is published cannot be read: the replay mends it
        return True


def _check_values(manifest: Manifest, where: str) -> None:
    """Refuse what no run of ours can have written, though it is of the right type."""
    inputs, hint = manifest.inputs, "give the manifest.json of a scored month as it was written"
    most = 60
    previous = inputs.previous_run
    sections = set(Settings.model_fields) - NOT_OF_THE_RESULT
    refusals = {
        "settings": set(manifest.settings) != sections and f"not of {', '.join(sorted(sections))}",
        "month": not MONTH_PATTERN.fullmatch(manifest.month) and shown_value(manifest.month),
        "window_months": not 1 <= manifest.window_months <= most
        and f"{shown_value(manifest.window_months)}; a window has 1 to {most} months",
        "engine": manifest.engine not in ENGINES and shown_value(manifest.engine),
        "inputs.models": set(inputs.models) != set(SCORED) and f"not of {' and '.join(SCORED)}",
        "inputs.models.version": any(each and each.version < 1 for each in inputs.models.values()) and "none",
        "inputs.labels": set(inputs.labels) not in (set(PROFILED), set(SCORED)) and f"not of {', '.join(PROFILED)}",
        "inputs.previous_run.version": previous is not None
        and not _VERSION.fullmatch(previous.version)
        and shown_value(previous.version),
    }
    for key, got in refusals.items():
        if got:
            raise InputError.of(f"key '{key}'", where, got, hint)


def _versions(manifest: Manifest) -> dict[ScoredEntity, str]:
    models = manifest.inputs.models
    return {entity: NO_MODEL if (used := models[entity]) is None else str(used.version) for entity in SCORED}


def _store_then(workspace: Workspace, manifest: Manifest) -> ClaimsStore:
    """Return the store as the run found it: as it is, or as a catalogue that is kept has it.

    Raises
    ------
    InputError
        Nothing is kept of what the run found; it names what is no longer what it was.
    """
    now, then = ClaimsStore.open(workspace.store), manifest.inputs
    found = as_it_was(now, lambda store: _claims_of(store, manifest) == then.claims and _is_labelled(store, manifest))
    if found is not None:
        return found
    claims = claims_fingerprint(now, window(now.months(), manifest.month, manifest.window_months))
    hint = "restore the store as it was: what was known then has expired, or a person was erased since"
    _same("claims months", claims.months, then.claims.months, hint)
    _same("registers", claims.registers, then.claims.registers, hint)
    _same("labels known then", _is_labelled(now, manifest), True, hint)
    return now


def _claims_of(store: ClaimsStore, manifest: Manifest) -> ClaimsRead | None:
    months = store.months()
    if manifest.month not in months:
        return None
    return claims_fingerprint(store, window(months, manifest.month, manifest.window_months))


def _is_labelled(store: ClaimsStore, manifest: Manifest) -> bool:
    then = manifest.inputs.labels
    known = labels_known({entity: labels_as_of(store, entity, manifest.as_of) for entity in PROFILED if entity in then})
    return known == then


def _check_inputs(workspace: Workspace, manifest: Manifest, rules: Sequence[Rule]) -> None:
    then = manifest.inputs
    digests = catalogue_digests(rules)
    for name, then_declared in manifest.catalogues.items():
        files = " and the files of the workspace's folder rules" if name == "rules" else ""
        hint = f"restore version {plain_line(manifest.tool_version)[:40]} of the tool{files} as they were"
        _same(f"{name} of the catalogues", digests.get(name), then_declared, hint)
    for entity, used in then.models.items():
        if used is not None:
            model = load_model(workspace, entity, str(used.version))
            digest = None if model is None else model.digest
            _same(f"{entity} model", digest, used.sha256, "restore the registry")


def _same(what: str, now: object, then: object, hint: str) -> None:
    if now != then:
        raise InputError.of(what, "of the run to replay", "not what they were", hint)
