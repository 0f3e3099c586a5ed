"""What the claims of a window say before anybody is scored: profiles, findings of rules, links."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.build import build_profiles
from features.engine.spark_engine import SparkEngine, spark_session
from features.links import person_provider_links
from features.vocabulary.months import window
from fraud.pseudonyms import shown_by
from fraud.rules import pooled_identifiers, run_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from features.build import Profiles
    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine, Engine
    from features.links import Links
    from fraud.rules import RuleRun
    from fraud.scoring.request import MonthRequest
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class WindowClaims:
    """What was made of the claims of a window.

    Parameters
    ----------
    profiles : Profiles
        Of every entity.
    rules : RuleRun
        Findings of the month, and what could not be checked.
    links : Links
        Who went where.
    pooled : DataFrame
        Identifiers of practitioners under which the work of many is pooled.
    """

    profiles: Profiles
    rules: RuleRun
    links: Links
    pooled: pd.DataFrame


def read_window(
    workspace: Workspace,
    store: ClaimsStore,
    asked: MonthRequest,
    *,
    threads: int | None = None,
    tell: Callable[[str], None],
) -> WindowClaims:
    """Build profiles where they are asked for; run the rules and link persons with providers on DuckDB.

    Raises
    ------
    InputError
        The month is not in the store, or the engine is not there.
    """
    settings = asked.settings
    months = window(store.months(), asked.month, asked.window_months)
    # An engine for each, because memory is given back in full only when an engine is closed; profiles come last,
    # because their frames are the largest that stay.
    tell("rules")
    with settings.engine.open(threads) as embedded:
        rules = run_rules(
            store,
            embedded,
            asked.month,
            window_months=asked.window_months,
            settings=settings.rules,
            rules=asked.rules,
            set_asides=asked.set_asides,
            shown=shown_by(workspace),
        )
    tell("links")
    with settings.engine.open(threads) as embedded:
        store.attach(embedded, months=list(months))
        links = person_provider_links(embedded)
        pooled = pooled_identifiers(embedded)
    tell("profiles")
    with settings.engine.open(threads) as embedded, _engine_of_profiles(asked.engine, embedded, workspace) as place:
        profiles = build_profiles(
            store,
            asked.month,
            place,
            window_months=asked.window_months,
            facts_folder=workspace.facts,
            min_peers=settings.scoring.min_peers,
            progress=tell,
        )
    return WindowClaims(profiles, rules, links, pooled)


def _engine_of_profiles(name: str, embedded: DuckDBEngine, workspace: Workspace) -> AbstractContextManager[Engine]:
    if name == "duckdb":
        return nullcontext(embedded)
    return SparkEngine(spark_session(), workspace.staging)
