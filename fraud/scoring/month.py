"""Score a claims month: from the store to published tables."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.build import build_profiles
from features.catalogue import families, features
from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.engine.spark_engine import SparkEngine, spark_session
from features.errors import InputError
from features.links import person_provider_links
from features.vocabulary.entities import PROFILED, SCORED
from features.vocabulary.months import check_month, last_day
from fraud.findings import Findings
from fraud.labels import labels_as_of
from fraud.registry.runs import load_model
from fraud.rings import find_rings, ring_findings, ring_scores
from fraud.rules import RULES, run_rules
from fraud.runs.manifest import (
    catalogue_digests,
    claims_fingerprint,
    digest_of,
    frame_digest,
    write_manifest,
)
from fraud.runs.publish import publish, staged
from fraud.runs.tables import write_output
from fraud.scoring.previous import previous_run
from fraud.scoring.subjects import EntityMonth, EntityScores, score_subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from features.build import Profile, Profiles
    from features.engine import Engine
    from fraud.rings import Rings
    from fraud.rules import RuleRun
    from fraud.scoring.previous import PreviousRun
    from fraud.settings import Settings
    from fraud.workspace import Workspace

NO_MODEL = "none"
ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class ScoredMonth:
    """A published month.

    Parameters
    ----------
    month : str
        YYYY-MM.
    folder : Path
        Its version.
    manifest : dict
        As written.
    providers, patients : DataFrame
        Score tables, money in minor units.
    findings : DataFrame
        All findings.
    rings : DataFrame
        Rings of the month.
    """

    month: str
    folder: Path
    manifest: dict[str, Any]
    providers: pd.DataFrame
    patients: pd.DataFrame
    findings: pd.DataFrame
    rings: pd.DataFrame


def score_month(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    window_months: int | None = None,
    as_of: date | None = None,
    model_alias: str | Mapping[str, str] = "champion",
    threads: int | None = None,
    memory_limit: str | None = None,
    engine: str = "duckdb",
    previous: PreviousRun | None = None,
    progress: Callable[[str], None] | None = None,
) -> ScoredMonth:
    """Build profiles, run rules, rings and models, fuse them, and publish the month in one step.

    The caller holds `workspace.writer()`.

    Parameters
    ----------
    workspace : Workspace
        Holds the store, the registry and the runs.
    month : str
        YYYY-MM, a month of the store.
    settings : Settings
        All settings.
    window_months : int, optional
        Length of the window; by default the setting.
    as_of : date, optional
        Labels known later do not exist; by default the last day of the month.
    model_alias : str or mapping of entity to str
        Alias or version in the registry, or `none`.
    threads, memory_limit : optional
        Of the engine; the result does not depend on them.
    engine : {"duckdb", "spark"}
        Where profiles are built; rules and links stay on DuckDB. Results agree within 1e-9.
    previous : PreviousRun, optional
        The month before; by default what its link points at.
    progress : callable, optional
        Told what is being done.

    Raises
    ------
    InputError
        The month is not in the store, a model version is not in the registry, or the engine is not there.
    """
    tell = progress or (lambda _: None)
    check_month(month)
    if engine not in ENGINES:
        raise InputError.unknown_name("engine", "of the scoring", engine, ENGINES)
    store = ClaimsStore.open(workspace.store)
    window, day = window_months or settings.scoring.window_months, as_of or last_day(month)
    before = previous or previous_run(workspace, month)
    tell("profiles")
    spill = Path(settings.engine.spill_folder) if settings.engine.spill_folder else None
    with DuckDBEngine(memory_limit or settings.engine.memory_limit, threads or settings.engine.threads, spill) as sql:
        with _engine_of_profiles(engine, sql, workspace) as place:
            profiles = build_profiles(
                store,
                month,
                place,
                window_months=window,
                facts_folder=workspace.facts,
                min_peers=settings.scoring.min_peers,
            )
        tell("rules")
        rules = run_rules(store, sql, month, window_months=window, settings=settings.rules)
        tell("links")
        store.attach(sql, months=list(profiles.months))
        links = person_provider_links(sql)
    tell("rings")
    rings = find_rings(links, month, settings.rings, previous=before.rings())
    found = Findings.concat([rules.findings, ring_findings(rings)])
    membership = ring_scores(rings)
    labels = {entity: labels_as_of(store, entity, day) for entity in SCORED}
    aliases = {entity: model_alias if isinstance(model_alias, str) else model_alias[entity] for entity in SCORED}
    models = {
        entity: None if alias == NO_MODEL else load_model(workspace, entity, alias) for entity, alias in aliases.items()
    }
    scored: dict[str, EntityScores] = {}
    for entity in SCORED:
        tell(f"scores of {entity}s")
        given = EntityMonth(
            entity,
            month,
            profiles.of(entity),
            families(entity),
            found,
            membership,
            labels[entity]["is_positive"],
            models[entity],
            before.ranks(entity),
        )
        scored[entity] = score_subjects(given, settings.scoring)
    all_findings = Findings.concat([found, *(scored[entity].findings for entity in SCORED)])
    declared = {f"{entity}.{name}": feature for entity in PROFILED for name, feature in features(entity).items()}
    inputs = {
        "month": month,
        "window_months": window,
        "as_of": day.isoformat(),
        "engine": engine,
        "inputs": {
            "claims": claims_fingerprint(store, profiles.months),
            "labels": {
                entity: {"known": len(labels[entity]), "sha256": frame_digest(labels[entity])} for entity in SCORED
            },
            "models": {
                entity: None
                if model is None
                else {"name": model.name, "version": model.version, "sha256": model.digest, "mode": model.card["mode"]}
                for entity, model in models.items()
            },
            "previous_run": before.reference,
        },
        "settings": settings.model_dump(mode="json", exclude={"engine", "cases"}),
        "settings_sha256": digest_of(settings.model_dump_json(exclude={"engine", "cases"})),
        "catalogues": catalogue_digests(declared, RULES),
        "score_modes": {entity: scored[entity].mode for entity in SCORED},
        "rings_withheld": rings.n_withheld,
    }
    tell("writing")
    with staged(workspace, month) as folder:
        _write_tables(folder, profiles, rings, all_findings, scored)
        manifest = write_manifest(folder, inputs, _not_checked(rules))
        version = publish(workspace, month, folder, keep=settings.scoring.keep_versions)
    workspace.record("month scored", month=month, version=version.name)
    return ScoredMonth(
        month,
        version,
        manifest,
        scored["provider"].scores,
        scored["patient"].scores,
        all_findings.findings,
        rings.rings,
    )


def _engine_of_profiles(name: str, embedded: DuckDBEngine, workspace: Workspace) -> AbstractContextManager[Engine]:
    if name == "duckdb":
        return nullcontext(embedded)
    return SparkEngine(spark_session(), workspace.staging)


def _write_tables(
    folder: Path, profiles: Profiles, rings: Rings, findings: Findings, scored: Mapping[str, EntityScores]
) -> None:
    write_output(findings.findings, "findings", folder)
    write_output(findings.lines, "finding_lines", folder)
    write_output(rings.rings, "rings", folder)
    write_output(rings.members, "ring_members", folder)
    write_output(rings.edges, "ring_edges", folder)
    for entity in SCORED:
        write_output(scored[entity].scores, f"{entity}_scores", folder)
    for profiled in PROFILED:
        write_output(_with_group(profiles.of(profiled)), f"{profiled}_profiles", folder)
    write_output(pd.concat([scored[entity].explanations for entity in SCORED]), "explanations", folder)


def _with_group(profile: Profile) -> pd.DataFrame:
    return profile.features.assign(peer_group=profile.peers.group).reset_index()


def _not_checked(rules: RuleRun) -> dict[str, Any]:
    return {
        "rules": {entry.code: list(entry.missing) for entry in rules.not_checked},
        "exemptions": {entry.code: list(entry.missing) for entry in rules.unchecked_exemptions},
    }
