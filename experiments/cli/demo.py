"""`fraud demo`: an invented city through every job, as a transcript of the commands a user would type."""

from __future__ import annotations

import shlex
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.synth import MOST_PERSONS, MOST_PROVIDERS
from features.errors import InputError
from features.vocabulary.months import last_day
from fraud.cli.options import MOST_SEED
from fraud.cli.session import out, say, session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Reviews take months: by then decisions on what the demo's months planted have come in.
_REVIEW_DAYS = 120


def demo(
    context: typer.Context,
    *,
    persons: Annotated[int, typer.Option(min=1000, max=MOST_PERSONS, help="Insured persons.")] = 20_000,
    providers: Annotated[int, typer.Option(min=30, max=MOST_PROVIDERS, help="Providers.")] = 300,
    months: Annotated[int, typer.Option(min=3, max=60, help="Claims months.")] = 6,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Equal seeds give equal cities.")] = 7,
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
    as_of = last_day(month) + timedelta(days=_REVIEW_DAYS)
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
    _run(base, ["evaluate", "--month", month, "--truth", str(truth)])
    console = out()
    console.print()
    console.print(f"Review pack: {folder / 'cases-en' / 'cases.html'} (中文: {folder / 'cases-zh' / 'cases.html'})")
    console.print(f"All of it took {time.monotonic() - began:.0f} s.")


def _run(base: Sequence[str], words: Sequence[str]) -> None:
    """Show a command line and run it, as `main` would."""
    from fraud.cli.main import build_app

    console = out()
    console.print()
    console.print(f"$ fraud {shlex.join([*base, *words])}", style="bold")
    began = time.monotonic()
    build_app(words)(args=[*base, *words], prog_name="fraud", standalone_mode=False)
    say(f"({words[0]}: {time.monotonic() - began:.1f} s)")


def _last_month(source: Path) -> str:
    """Last month in which anything was settled."""
    return max(folder.name for folder in (source / "settlements").iterdir()).removeprefix("month=")


def _write_dispositions(source: Path, path: Path, as_of: date, seed: int) -> None:
    from experiments.synthetic import make_labels, write_labels

    labels = make_labels(source, seed=seed, until=as_of)
    write_labels(labels, path)
    say(f"invented {labels.num_rows:,} dispositions known by {as_of}, some of them wrong: {path}")
