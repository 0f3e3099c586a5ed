"""`fraud score`: the monthly batch."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from features.errors import InputError
from features.vocabulary.money import money_text
from features.vocabulary.months import check_month
from fraud.cli.chinese import language, told
from fraud.cli.options import AsJson, WindowMonths
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, progress, say, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from fraud.cases.keyed_ids import ShownPersons
    from fraud.scoring import Replay, ScoredMonth
    from fraud.settings import Settings

_SHOWN = 10
# A table is an overview; the whole sentence stands in the scores.
_REASON_LENGTH = 80


class EngineName(StrEnum):
    """Where the SQL runs."""

    duckdb = "duckdb"
    spark = "spark"


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
    threads: Annotated[int | None, typer.Option(min=1, help="Of the engine; results do not depend on them.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Manifest of a past run, to repeat it as it was.")] = None,
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Score a month: profiles, findings, rings, scores, explanations."""
    shared = session(context)
    settings = _with_memory(shared.settings(), memory_limit)
    _check_one_way(month, first, last, replay)

    from fraud.scoring import replay_month, score_month

    persons = persons_on_screen(shared.workspace, show_ids, "score", month=month, first=first, last=last)
    with shared.workspace.writer(), progress() as bar:
        task = bar.add_task("scoring", total=None)

        def tell(what: str) -> None:
            bar.update(task, description=what)
            if bar.disable:
                say(f"score: {what}")

        if replay is not None:
            repeated = replay_month(shared.workspace, replay, settings=settings, threads=threads, progress=tell)
            done = [repeated.scored]
        else:
            repeated, done = None, []
            for each in [month] if month else _months(shared.workspace.store, str(first), str(last)):
                done.append(
                    score_month(
                        shared.workspace,
                        each,
                        settings=settings,
                        window_months=window_months,
                        as_of=as_of.date() if as_of else None,
                        model_alias=model,
                        threads=threads,
                        engine=engine.value,
                        progress=_named(tell, each),
                    )
                )
    if as_json:
        typer.echo(json.dumps([_as_record(one, repeated) for one in done], ensure_ascii=False, indent=2))
        return
    for one in done:
        _show(one, persons)
    if repeated is not None:
        _say_replay(repeated)


def _check_one_way(month: str | None, first: str | None, last: str | None, replay: Path | None) -> None:
    for given in (month, first, last):
        if given is not None:
            check_month(given)
    ways = [month is not None, first is not None or last is not None, replay is not None]
    if sum(ways) != 1 or (first is None) != (last is None):
        hint = "give --month, or --from and --to, or --replay"
        raise InputError.of("fraud score", "on the command line", "no month, or more than one way to name it", hint)


def _with_memory(settings: Settings, memory_limit: str | None) -> Settings:
    """Return the settings with the engine's memory as the command line gives it."""
    from pydantic import ValidationError

    from fraud.settings import EngineSettings

    if memory_limit is None:
        return settings
    try:
        engine = EngineSettings(**{**settings.engine.model_dump(), "memory_limit": memory_limit})
    except ValidationError as error:
        hint = "write it as 4GB or 800MB"
        raise InputError.of("--memory-limit", "on the command line", f"'{memory_limit}'", hint) from error
    return settings.model_copy(update={"engine": engine})


def _months(store_folder: Path, first: str, last: str) -> list[str]:
    from features.claims import ClaimsStore

    known = ClaimsStore.open(store_folder).months()
    chosen = [each for each in known if first <= each <= last]
    if not chosen:
        got = f"no month of the store lies in it; it holds {', '.join(known)}"
        raise InputError.of(f"--from {first} --to {last}", "of a backfill", got, "name months that the store holds")
    return chosen


def _named(tell: Callable[[str], None], month: str) -> Callable[[str], None]:
    return lambda what: tell(f"{month} {what}")


def _as_record(one: ScoredMonth, repeated: Replay | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "month": one.month,
        "version": one.folder.name,
        "providers": len(one.providers),
        "patients": len(one.patients),
        "findings": len(one.findings),
        "rings": len(one.rings),
        **one.manifest.model_dump(mode="json", include={"score_modes", "not_checked", "outputs"}),
    }
    if repeated is not None:
        record["replay"] = {"identical": not repeated.differing, "differing": list(repeated.differing)}
    return record


def _show(one: ScoredMonth, persons: ShownPersons) -> None:
    modes = one.manifest.score_modes
    console, reasons = out(), f"reasons_{language()}"
    console.print(
        f"{one.month}: {len(one.providers):,} providers (model: {modes['provider']}), {len(one.patients):,} patients "
        f"(model: {modes['patient']}), {len(one.findings):,} findings, {len(one.rings):,} rings; "
        f"version {one.folder.name}",
        highlight=False,
    )
    for name, frame, key in (("provider", one.providers, "provider_id"), ("patient", one.patients, "person_id")):
        table = Table("rank", "before", name, "risk", "rule exposure", "expected recovery", "strongest reason")
        for row in frame.sort_values("rank").head(_SHOWN).to_dict("records"):
            table.add_row(
                str(row["rank"]),
                _rank(row["previous_rank"]),
                persons.subject(name, row[key]),
                f"{row['risk_score']:.1f}",
                money_text(row["rule_exposure_amount"]),
                money_text(row["expected_recovery_amount"]),
                _shortened(row[reasons][0]) if row[reasons] else "",
            )
        console.print(table)
    counts = one.findings.loc[one.findings["source"] == "rule", "code"].value_counts().sort_index()
    rules = [f"{code} {n:,}" for code, n in counts.items()]
    console.print(f"rule findings: {', '.join(rules) or 'none'}", highlight=False)
    for code, missing in one.manifest.not_checked.rules.items():
        say(f"not checked: {code} needs {', '.join(missing)}")
    for code, missing in one.manifest.not_checked.exemptions.items():
        say(f"exemptions of {code} not checked, so nothing is called definite: {', '.join(missing)} absent")
    if one.manifest.rings_withheld:
        say(f"rings: {one.manifest.rings_withheld} candidates withheld: residence is known too coarsely")


def _rank(before: Any) -> str:
    import pandas as pd  # --help has no use for it

    return told("new") if pd.isna(before) else f"{before:,}"


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _REASON_LENGTH else f"{reason[: _REASON_LENGTH - 1]}…"


def _say_replay(repeated: Replay) -> None:
    if repeated.differing:
        out().print(f"replay: not identical; {', '.join(repeated.differing)} differ", highlight=False)
        raise typer.Exit(1)
    out().print("replay: identical, every table to the byte", highlight=False)
