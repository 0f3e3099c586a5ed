"""Backfill: score months in their order, each published by itself, those left as they are that would come out so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.errors import InputError, ToolkitError
from features.vocabulary.entities import PROFILED
from features.vocabulary.months import check_month, window
from fraud.labels import labels_as_of
from fraud.registry.versions import CHAMPION
from fraud.runs.manifest import Inputs, describe_outputs
from fraud.runs.read import ScoredRun
from fraud.scoring.inputs import catalogue_digests, claims_fingerprint, labels_known, models_used
from fraud.scoring.models import load_models
from fraud.scoring.month import month_request, score_request
from fraud.scoring.set_aside import set_asides_then
from fraud.scoring.write import settings_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from fraud.scoring.month import ScoredMonth
    from fraud.scoring.request import MonthRequest
    from fraud.settings import Settings
    from fraud.workspace import Workspace


class Outcome(StrEnum):
    """What became of a month of a backfill."""

    scored = "scored"
    unchanged = "unchanged"
    failed = "failed"
    left_out = "left out"


@dataclass(frozen=True)
class Backfilled:
    """One month of a backfill.

    Parameters
    ----------
    month : str
        YYYY-MM.
    outcome : Outcome
        Scored, left as it was, failed, or left out after a failure.
    scored : ScoredMonth or None
        The result of a month that was scored.
    error : ToolkitError or None
        Why it failed.
    """

    month: str
    outcome: Outcome
    scored: ScoredMonth | None = None
    error: ToolkitError | None = None


def months_of(store: ClaimsStore, first: str, last: str) -> tuple[str, ...]:
    """Return the months of a store from one to another.

    Raises
    ------
    InputError
        There are none.
    """
    known = store.months()
    chosen = tuple(each for each in known if check_month(first) <= each <= check_month(last))
    if not chosen:
        got = f"no month of the store lies in it; it holds {', '.join(known) or 'none'}"
        raise InputError.of(f"--from {first} --to {last}", "of a backfill", got, "name months that the store holds")
    return chosen


def backfill_months(
    workspace: Workspace,
    months: Sequence[str],
    *,
    settings: Settings,
    window_months: int | None = None,
    as_of: date | None = None,
    model_alias: str = CHAMPION,
    threads: int | None = None,
    engine: str = "duckdb",
    resume: bool = False,
    keep_going: bool = False,
    progress: Callable[[str, str], None] | None = None,
) -> Iterator[Backfilled]:
    """Score months in their order, holding the workspace for one month at a time.

    Parameters
    ----------
    workspace, settings, window_months, as_of, model_alias, threads, engine
        As in `score_month`.
    months : sequence of str
        Sorted, since ranks and rings of a month follow from the month before.
    resume : bool
        Whether a month is left as it is where its inputs are those it was scored with and its tables are whole: equal
        inputs give equal bytes.
    keep_going : bool
        Whether to go on after a month that failed; the next one then follows from what is published before it.
    progress : callable, optional
        Told month and what is being done.

    Yields
    ------
    Backfilled
        As each month ends.
    """
    tell = progress or (lambda _month, _what: None)
    has_failed = False
    for month in months:
        if has_failed and not keep_going:
            yield Backfilled(month, Outcome.left_out)
            continue
        try:
            with workspace.writer():
                asked = month_request(
                    workspace,
                    month,
                    settings=settings,
                    window_months=window_months,
                    as_of=as_of,
                    model_alias=model_alias,
                    engine=engine,
                )
                if resume and is_current(workspace, asked):
                    done = Backfilled(month, Outcome.unchanged)
                else:
                    scored = score_request(workspace, asked, threads=threads, progress=partial(tell, month))
                    done = Backfilled(month, Outcome.scored, scored)
        except ToolkitError as error:
            has_failed = True
            done = Backfilled(month, Outcome.failed, error=error)
        yield done


def is_current(workspace: Workspace, asked: MonthRequest) -> bool:
    """Whether a published month was scored with the inputs it would be scored with now, and its tables are whole.

    A month that is damaged, or that another version of the tool scored, is not current.
    """
    try:
        run = ScoredRun.open(workspace, asked.month)
        then, outputs = run.manifest, describe_outputs(run.folder)
    except (ToolkitError, OSError, ValueError):  # pyarrow's errors are of these
        return False
    tool = version("claims-fraud-toolkit")
    known = (then.month, then.window_months, then.as_of, then.engine, then.settings_sha256, then.tool_version)
    now = (asked.month, asked.window_months, asked.as_of, asked.engine, settings_digest(asked.settings), tool)
    return (
        known == now
        and then.outputs == outputs
        and then.catalogues == catalogue_digests(asked.rules)
        and set_asides_then(then) == asked.set_asides
        and then.inputs == _inputs(workspace, asked)
    )


def _inputs(workspace: Workspace, asked: MonthRequest) -> Inputs:
    store = ClaimsStore.open(workspace.store)
    return Inputs(
        claims=claims_fingerprint(store, window(store.months(), asked.month, asked.window_months)),
        labels=labels_known({entity: labels_as_of(store, entity, asked.as_of) for entity in PROFILED}),
        models=models_used(load_models(workspace, asked)),
        previous_run=None if asked.previous is None else asked.previous.reference,
    )
