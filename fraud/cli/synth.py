"""`fraud synth`: write an invented claims source and its truth."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fraud.cli.session import out, progress, say


class ScaleName(StrEnum):
    """Sizes of city by name."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


def synth(
    *,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to write; the truth goes beside it, in DIR-truth.")],
    scale: Annotated[ScaleName, typer.Option(help="Size of the city.")] = ScaleName.SMALL,
    persons: Annotated[int | None, typer.Option(min=1, help="Insured persons, instead of the scale's.")] = None,
    providers: Annotated[int | None, typer.Option(min=1, help="Providers, instead of the scale's.")] = None,
    months: Annotated[int, typer.Option(help="Claims months.")] = 6,
    start: Annotated[str, typer.Option(help="First claims month, YYYY-MM.")] = "2026-01",
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal bytes.")] = 7,
    schemes: Annotated[str, typer.Option(help="all, none, or CODE[:small|:medium|:large],…")] = "all",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Write an invented claims source with planted schemes, and its truth."""
    from fraud.synthetic import SCALES, make_city, write_city
    from fraud.synthetic.write import check_target, truth_folder

    check_target(out_folder)
    began = time.monotonic()
    size = SCALES[scale.value]
    with progress() as bar:
        bar.add_task("inventing the city", total=None)
        city = make_city(persons or size.persons, providers or size.providers, months, start, seed, schemes=schemes)
        write_city(city, out_folder)
    say(f"{out_folder}: written in {time.monotonic() - began:.1f} s")
    rows = {name: table.num_rows for name, table in {**city.tables, **city.truth}.items()}
    if as_json:
        typer.echo(json.dumps({"out": str(out_folder), "truth": str(truth_folder(out_folder)), "rows": rows}))
        return
    console = out()
    console.print(
        f"{city.persons:,} persons, {city.providers:,} providers, {city.months[0]} to {city.months[-1]}, seed {seed}: "
        f"{rows['settlements']:,} settlements, {rows['claim_lines']:,} lines in {out_folder}"
    )
    console.print(
        f"planted: {rows['truth_providers']} providers, {rows['truth_patients']} patients, "
        f"{rows['truth_lines']:,} lines or settlements; truth in {truth_folder(out_folder)}"
    )
