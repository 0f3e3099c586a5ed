"""Score a claims month: from the store to published tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.vocabulary.entities import PROFILED, SCORED
from features.vocabulary.months import check_month, last_day
from fraud.findings import Findings
from fraud.labels import labels_as_of
from fraud.registry.versions import CHAMPION
from fraud.rings import find_rings, ring_findings, ring_scores
from fraud.rules import rules_of, with_rule_numbers
from fraud.rules.set_aside import set_asides_on
from fraud.runs.manifest import Inputs
from fraud.runs.publish import finished_version, publish, staged
from fraud.runs.read import previous_run
from fraud.scoring.claims import read_window
from fraud.scoring.entity_month import EntityMonth
from fraud.scoring.inputs import claims_fingerprint, labels_known, models_used
from fraud.scoring.models import load_models
from fraud.scoring.request import MonthRequest
from fraud.scoring.review_list import make_lists
from fraud.scoring.set_aside import hidden_then
from fraud.scoring.shared_identifiers import shared_identifiers
from fraud.scoring.subjects import score_subjects
from fraud.scoring.write import MonthResults, write_month

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from features.vocabulary.entities import Entity, ScoredEntity
    from fraud.registry.records import LoadedModel
    from fraud.rings import Rings
    from fraud.rules.set_aside import Hidden
    from fraud.runs.manifest import Manifest
    from fraud.scoring.claims import WindowClaims
    from fraud.settings import Settings
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class ScoredMonth:
    """A scored month.

    Parameters
    ----------
    month : str
        YYYY-MM.
    folder : Path or None
        Its version; None when it was not published, as a replay that came out otherwise.
    manifest : Manifest
        As written.
    providers, patients, practitioners : DataFrame
        Score tables, money in minor units.
    findings : DataFrame
        All findings.
    rings : DataFrame
        Rings of the month.
    """

    month: str
    folder: Path | None
    manifest: Manifest
    providers: pd.DataFrame
    patients: pd.DataFrame
    practitioners: pd.DataFrame
    findings: pd.DataFrame
    rings: pd.DataFrame

    @property
    def hidden(self) -> tuple[Hidden, ...]:
        """What was set aside, and what that took out of the findings."""
        return hidden_then(self.manifest)


def score_month(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    window_months: int | None = None,
    as_of: date | None = None,
    model_alias: str = CHAMPION,
    threads: int | None = None,
    engine: str = "duckdb",
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
    model_alias : str
        Alias or version in the registry, or `none`.
    threads : int, optional
        Of the engine; by default the setting. The result does not depend on them.
    engine : {"duckdb", "spark"}
        Where profiles are built; rules and links stay on DuckDB. Results agree within 1e-9.
    progress : callable, optional
        Told what is being done.

    Raises
    ------
    InputError
        The month is not in the store, a model version is not in the registry or learned from another window, or the
        engine is not there.
    """
    asked = month_request(
        workspace,
        month,
        settings=settings,
        window_months=window_months,
        as_of=as_of,
        model_alias=model_alias,
        engine=engine,
    )
    return score_request(workspace, asked, threads=threads, progress=progress)


def month_request(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    window_months: int | None = None,
    as_of: date | None = None,
    model_alias: str = CHAMPION,
    engine: str = "duckdb",
) -> MonthRequest:
    """Fill in the defaults of what `score_month` is asked for."""
    rules = rules_of(workspace)
    day = as_of or last_day(check_month(month))
    return MonthRequest(
        month=month,
        window_months=window_months or settings.scoring.window_months,
        as_of=day,
        models=dict.fromkeys(SCORED, model_alias),
        engine=engine,
        previous=previous_run(workspace, month),
        settings=with_rule_numbers(settings, rules),
        rules=rules,
        set_asides=set_asides_on(workspace, day),
    )


def score_request(
    workspace: Workspace,
    asked: MonthRequest,
    *,
    store: ClaimsStore | None = None,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
    is_wanted: Callable[[Manifest], bool] = lambda _: True,
) -> ScoredMonth:
    """Score what is asked for and publish it; see `score_month`, which fills in the defaults.

    Parameters
    ----------
    workspace, asked, threads, progress
        As there.
    store : ClaimsStore, optional
        The claims, where they are to be read as they once were.
    is_wanted : callable
        Shown the manifest before anything is published: where it says no, nothing is, and the month has no folder.
    """
    tell = progress or (lambda _: None)
    store = store or ClaimsStore.open(workspace.store)
    models = load_models(workspace, asked)
    claims = read_window(workspace, store, asked, threads=threads, tell=tell)
    tell("rings")
    rings = find_rings(claims.links, asked.month, asked.settings.rings, previous=asked.previous_rings())
    labels = {entity: labels_as_of(store, entity, asked.as_of) for entity in PROFILED}
    results = _score_entities(asked, claims, rings, labels, models, tell=tell)
    inputs = Inputs(
        claims=claims_fingerprint(store, claims.profiles.months),
        labels=labels_known(labels),
        models=models_used(models),
        previous_run=None if asked.previous is None else asked.previous.reference,
    )
    tell("writing")
    version = None
    with staged(workspace, asked.month) as folder:
        manifest = write_month(folder, asked, inputs, results)
        if is_wanted(manifest):
            # Recorded first: what cannot be recorded is not published.
            named, failed = finished_version(asked.month, folder), sorted(manifest.rules_failed)
            workspace.record("month scored", month=asked.month, version=named, rules_failed=failed)
            version = publish(workspace, asked.month, folder, keep=asked.settings.scoring.keep_versions)
    return ScoredMonth(
        asked.month,
        version,
        manifest,
        results.lists["provider"].scores,
        results.lists["patient"].scores,
        results.lists["practitioner"].scores,
        results.findings.findings,
        rings.rings,
    )


def _score_entities(
    asked: MonthRequest,
    claims: WindowClaims,
    rings: Rings,
    labels: dict[Entity, pd.DataFrame],
    models: dict[ScoredEntity, LoadedModel | None],
    *,
    tell: Callable[[str], None],
) -> MonthResults:
    """Score the subjects of each entity by what rules, rings and models say of them."""
    found = Findings.concat([claims.rules.findings, ring_findings(rings)])
    membership = ring_scores(rings)
    scored, lists = {}, {}
    for entity in PROFILED:
        tell(f"scores of {entity}s")
        given = EntityMonth(
            entity,
            asked.month,
            claims.profiles.of(entity),
            found,
            membership,
            labels[entity]["is_positive"],
            models[entity] if entity in SCORED else None,
            asked.previous_ranks(entity),
            shared_identifiers(claims.profiles.of(entity), claims.pooled) if entity == "practitioner" else {},
        )
        scored[entity] = score_subjects(given, asked.settings.scoring)
    findings = Findings.concat([found, *(scored[entity].findings for entity in PROFILED)])
    for entity in PROFILED:
        lists[entity] = make_lists(
            entity,
            scored[entity].scores,
            findings=findings.findings,
            rings=rings,
            attributes=claims.profiles.of(entity).attributes,
            settings=asked.settings.review_list,
        )
    return MonthResults(claims.profiles, claims.rules, rings, findings, scored, lists)
