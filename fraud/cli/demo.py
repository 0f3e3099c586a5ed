"""`fraud demo`: an invented city through every job, as a transcript of the commands a user would type."""

from __future__ import annotations

import shlex
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from features.errors import InputError
from fraud.cli.session import out, say, session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

# Reviews take months: by then decisions on what the demo's months planted have come in.
_REVIEW_DAYS = 120


def demo(
    context: typer.Context,
    *,
    persons: Annotated[int, typer.Option(min=1000, help="Insured persons.")] = 20_000,
    providers: Annotated[int, typer.Option(min=20, help="Providers.")] = 300,
    months: Annotated[int, typer.Option(min=3, max=60, help="Claims months.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal cities.")] = 7,
    schemes: Annotated[str, typer.Option(help="all, none, or CODE[:small|:medium|:large],…")] = "all",
) -> None:
    """Invent a city, run every job on it, print what was found and missed."""
    shared = session(context)
    root = shared.workspace.root
    if root.exists() and any(root.iterdir()) and not (root / "demo").is_dir():
        hint = "name another folder with --workspace"
        raise InputError.of("workspace", f"at {root}", "not empty, and not that of an earlier demo", hint)
    began = time.monotonic()
    folder = root / "demo"
    source, truth, dispositions = folder / "source", folder / "source-truth", folder / "dispositions.csv"
    base = ["--workspace", str(root), *(["--config", str(shared.config)] if shared.config else [])]
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {"--persons": persons, "--providers": providers, "--months": months, "--seed": seed, "--schemes": schemes}
    asked = [word for name, value in wanted.items() for word in (name, str(value))]
    _run(base, ["synth", "--out", str(source), *asked])
    month = _last_month(source)
    as_of = _last_day(month) + timedelta(days=_REVIEW_DAYS)
    _run(base, ["ingest", str(source)])
    _run(base, ["score", "--month", month])
    for lang in ("en", "zh"):
        _run(base, ["cases", "export", "--month", month, "--lang", lang, "--out", str(folder / f"cases-{lang}")])
    _run(base, ["cases", "verify", str(folder / "cases-en")])
    _write_dispositions(source, dispositions, as_of, seed)
    _run(base, ["feedback", "import", str(dispositions)])
    for entity in ("provider", "patient"):
        _run(base, ["retrain", "--entity", entity, "--as-of", as_of.isoformat()])
    _run(base, ["score", "--month", month])
    for entity in ("provider", "patient"):
        _run(base, ["evaluate", "--month", month, "--entity", entity, "--truth", str(truth)])
    console = out()
    _print_rings(console, shared.workspace.run(month), truth)
    console.print(f"\nReview pack: {folder / 'cases-en' / 'cases.html'} (中文: {folder / 'cases-zh' / 'cases.html'})")
    console.print(f"All of it took {time.monotonic() - began:.0f} s.", highlight=False)


def _run(base: Sequence[str], words: Sequence[str]) -> None:
    """Show a command line and run it, as `main` would."""
    from fraud.cli.main import build_app

    console = out()
    console.print(f"\n[bold]$ fraud {shlex.join([*base, *words])}[/bold]", highlight=False)
    began = time.monotonic()
    build_app(words)(args=[*base, *words], prog_name="fraud", standalone_mode=False)
    say(f"({words[0]}: {time.monotonic() - began:.1f} s)")


def _last_month(source: Path) -> str:
    """Last month in which anything was settled."""
    return max(folder.name for folder in (source / "settlements").iterdir()).removeprefix("month=")


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _write_dispositions(source: Path, path: Path, as_of: date, seed: int) -> None:
    from fraud.synthetic import invent_labels, write_labels

    labels = invent_labels(source, seed=seed, until=as_of)
    write_labels(labels, path)
    say(f"invented {labels.num_rows:,} dispositions known by {as_of}, some of them wrong: {path}")


def _print_rings(printer: Console, run: Path, truth: Path) -> None:
    """Say which planted rings were found: half of the members of either side in common."""
    import pandas as pd

    from fraud.outputs import read_output

    planted = _provider_members(pd.read_parquet(truth / "truth_rings.parquet"))
    found = _provider_members(read_output(run, "ring_members"))
    printer.print(f"\nRings: {len(planted)} planted, {len(found)} reported", highlight=False)
    for ring, members in planted.items():
        best = max((len(members & other) / len(members | other) for other in found.values()), default=0.0)
        if len(members) < 3:
            verdict = "a pair, which is no ring to this search: distance and popularity explain too many pairs"
        else:
            verdict = f"found, overlap {best:.2f}" if best >= 0.5 else f"missed, best overlap {best:.2f}"
        printer.print(f"  {ring}: {len(members)} providers: {verdict}", highlight=False)


def _provider_members(members: object) -> dict[str, frozenset[str]]:
    import pandas as pd

    frame = pd.DataFrame(members)
    chosen = frame.loc[~frame["member_type"].isin(["patient", "practitioner"])]
    return {str(ring): frozenset(group["member_id"].astype(str)) for ring, group in chosen.groupby("ring_id")}
