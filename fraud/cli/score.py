"""`fraud score`: the monthly batch."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from features.errors import InputError
from features.vocabulary.entities import ID_COLUMNS
from features.vocabulary.money import money_text
from features.vocabulary.months import check_month
from fraud.cli.chinese import language, told
from fraud.cli.options import MOST_THREADS, AsJson, WindowMonths
from fraud.cli.other_names import say_other_named
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, say, session, show_json, steps
from fraud.cli.set_aside import hidden_records, say_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from fraud.cases.keyed_ids import ShownPersons
    from fraud.cli.session import Session
    from fraud.scoring import Replay, ScoredMonth
    from fraud.settings import Settings

_SHOWN = 10
# A table is an overview; the whole sentence stands in the scores.
_REASON_LENGTH = 80


class EngineName(StrEnum):
    """Where the SQL runs."""

    duckdb = "duckdb"
    spark = "spark"


Resume = Annotated[
    bool, typer.Option("--resume", help="Of a backfill: leave months that were scored with the same inputs.")
]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Of a backfill: go on after a month that fails.")]


def score(
    context: typer.Context,
    *,
    month: Annotated[str | None, typer.Option(help="Claims month, YYYY-MM.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month of a backfill.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last month of a backfill.")] = None,
    window_months: WindowMonths = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Labels known later do not exist."),
    ] = None,
    model: Annotated[str, typer.Option(help="Alias or version in the registry, or none.")] = "champion",
    engine: Annotated[EngineName, typer.Option(help="Where profiles are built.")] = EngineName.duckdb,
    memory_limit: Annotated[str | None, typer.Option(help="Of the engine, such as 4GB.")] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, max=MOST_THREADS, help="Of the engine; results do not depend on them.")
    ] = None,
    replay: Annotated[Path | None, typer.Option(help="Manifest of a past run, to repeat it as it was.")] = None,
    show_ids: ShowIds = None,
    resume: Resume = False,
    keep_going: KeepGoing = False,
    as_json: AsJson = False,
) -> None:
    """Score a month: profiles, findings, rings, scores, explanations."""
    shared = session(context)
    settings = _with_memory(shared.settings_of_rules(), memory_limit)
    _check_one_way(month, first, last, replay, is_of_backfill=resume or keep_going)
    if replay is not None:
        _refuse_ignored(context)
    persons = persons_on_screen(shared.workspace, show_ids, "score", month=month, first=first, last=last)
    asked: dict[str, Any] = {
        "settings": settings,
        "window_months": window_months,
        "as_of": as_of.date() if as_of else None,
        "model_alias": model,
        "threads": threads,
        "engine": engine.value,
    }
    if first is not None:
        _backfill(shared, first, str(last), {**asked, "resume": resume, "keep_going": keep_going}, as_json=as_json)
        return

    from fraud.scoring import replay_month, score_month

    repeated = None
    with shared.workspace.writer(), steps("score") as tell:
        if replay is not None:
            repeated = replay_month(shared.workspace, replay, settings=settings, threads=threads, progress=tell)
            done = repeated.scored
        else:
            done = score_month(shared.workspace, str(month), **asked, progress=_named(tell, str(month)))
    if as_json:
        show_json([_as_record(done, repeated)])
    else:
        _show(done, persons)
        if repeated is not None:
            _say_replay(repeated)
    # What could be scored is published; a scheduler must notice all the same.
    if done.manifest.rules_failed:
        raise typer.Exit(1)


def _backfill(shared: Session, first: str, last: str, asked: Mapping[str, Any], *, as_json: bool) -> None:
    from features.claims import ClaimsStore
    from fraud.cli.backfill import tell_months
    from fraud.scoring import backfill_months, months_of

    months = months_of(ClaimsStore.open(shared.workspace.store), first, last)
    with steps("score") as tell:
        done = backfill_months(shared.workspace, months, **asked, progress=lambda month, what: tell(f"{month} {what}"))
        ended = tell_months(done, _headline, _as_record)
    if as_json:
        show_json(ended.records)
    else:
        for line in ended.lines:
            out().print(line)
    if ended.exit_code:
        raise typer.Exit(ended.exit_code)


def _check_one_way(
    month: str | None, first: str | None, last: str | None, replay: Path | None, *, is_of_backfill: bool
) -> None:
    for given in (month, first, last):
        if given is not None:
            check_month(given)
    ways = [month is not None, first is not None or last is not None, replay is not None]
    if is_of_backfill and first is None:
        hint = "give --from and --to with it"
        raise InputError.of("--resume or --keep-going", "on the command line", "not a backfill", hint)
    if sum(ways) != 1 or (first is None) != (last is None):
        hint = "give --month, or --from and --to, or --replay"
        raise InputError.of("fraud score", "on the command line", "no month, or more than one way to name it", hint)


def _refuse_ignored(context: typer.Context) -> None:
    """Refuse options beside --replay whose values the manifest gives."""
    ignored = {"window_months": "--window-months", "as_of": "--as-of", "model": "--model", "engine": "--engine"}
    sources = {option: context.get_parameter_source(name) for name, option in ignored.items()}
    given = [option for option, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if given:
        got = "given with --replay, which takes its value from the manifest"
        raise InputError.of(" and ".join(given), "of fraud score", got, f"leave out {' and '.join(given)}")


def _with_memory(settings: Settings, memory_limit: str | None) -> Settings:
    """Return the settings with the engine's memory as the command line gives it."""
    from pydantic import ValidationError

    from fraud.engine_settings import EngineSettings

    if memory_limit is None:
        return settings
    try:
        engine = EngineSettings(**{**settings.engine.model_dump(), "memory_limit": memory_limit})
    except ValidationError as error:
        hint = "write it as 4GB or 800MB"
        raise InputError.of("--memory-limit", "on the command line", f"'{memory_limit}'", hint) from error
    return settings.model_copy(update={"engine": engine})


def _named(tell: Callable[[str], None], month: str) -> Callable[[str], None]:
    return lambda what: tell(f"{month} {what}")


def _as_record(one: ScoredMonth, repeated: Replay | None = None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "month": one.month,
        "version": None if one.folder is None else one.folder.name,
        "providers": len(one.providers),
        "patients": len(one.patients),
        "practitioners": len(one.practitioners),
        "findings": len(one.findings),
        "rings": len(one.rings),
        **one.manifest.model_dump(mode="json", include={"score_modes", "not_checked", "rules_failed", "outputs"}),
        "set_aside": hidden_records(one.hidden),
    }
    if repeated is not None:
        record["replay"] = {"identical": not repeated.differing, "differing": list(repeated.differing)}
    return record


def _headline(one: ScoredMonth) -> str:
    modes, n_rings = one.manifest.score_modes, len(one.rings)
    return (
        f"{one.month}: {len(one.providers):,} providers (model: {modes['provider']}), {len(one.patients):,} patients "
        f"(model: {modes['patient']}), {len(one.practitioners):,} practitioners, {len(one.findings):,} findings, "
        f"{n_rings:,} ring{'' if n_rings == 1 else 's'}; "
        f"{'not published' if one.folder is None else f'version {one.folder.name}'}"
    )


def _show(one: ScoredMonth, persons: ShownPersons) -> None:
    console, reasons = out(), f"reasons_{language()}"
    console.print(_headline(one))
    frames = {"provider": one.providers, "patient": one.patients, "practitioner": one.practitioners}
    for entity, name in (
        ("provider", "provider"),
        ("provider", "pharmacy"),
        ("patient", "patient"),
        ("practitioner", "practitioner"),
    ):
        table = Table(
            "place", "with it", "rank", "before", name, "risk", "rule exposure", "expected recovery", "strongest reason"
        )
        for row in _places(frames[entity], name):
            table.add_row(
                str(row["list_place"]),
                f"+{row['n_folded']}" if row["n_folded"] else "",
                str(row["rank"]),
                _rank(row["previous_rank"]),
                persons.subject(entity, row[ID_COLUMNS[entity]]),
                f"{row['risk_score']:.1f}",
                money_text(row["rule_exposure_amount"]),
                money_text(row["expected_recovery_amount"]),
                _shortened(row[reasons][0]) if row[reasons] else "",
            )
        console.print(table)
    counts = one.findings.loc[one.findings["source"] == "rule", "code"].value_counts().sort_index()
    rules = [f"{code} {n:,}" for code, n in counts.items()]
    console.print(f"rule findings: {', '.join(rules) or 'none'}")
    for code, missing in one.manifest.not_checked.rules.items():
        say(f"not checked: {code} needs {', '.join(missing)}")
    for code, missing in one.manifest.not_checked.exemptions.items():
        say(f"exemptions of {code} not checked, so nothing is called definite: {', '.join(missing)} absent")
    say_other_named(one.manifest.not_checked.items)
    for code, why in one.manifest.rules_failed.items():
        say(f"failed: rule {code} could not run, and {one.month} is scored without it: {why}")
    say_hidden(one.hidden)
    if one.manifest.rings_withheld:
        say(f"rings: {one.manifest.rings_withheld} candidates withheld: residence is known too coarsely")


def _places(frame: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """Return the leads of a list's first places in order, each with how many others share its place."""
    own = frame[frame["list"] == name].sort_values(["list_place", "rank"])
    leads = own.drop_duplicates("list_place").head(_SHOWN)
    n_folded = own["list_place"].value_counts()[leads["list_place"]].to_numpy() - 1
    return list(leads.assign(n_folded=n_folded).to_dict("records"))


def _rank(before: Any) -> str:
    import pandas as pd  # --help has no use for it

    return told("new") if pd.isna(before) else f"{before:,}"


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _REASON_LENGTH else f"{reason[: _REASON_LENGTH - 1]}…"


def _say_replay(repeated: Replay) -> None:
    if repeated.differing:
        names = ", ".join(repeated.differing)
        out().print(f"replay: not identical, and not published; {names} differ")
        raise typer.Exit(1)
    out().print("replay: identical, every table to the byte")
