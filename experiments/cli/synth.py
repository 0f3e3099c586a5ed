"""`fraud synth`: write an invented claims source and its truth."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fraud.cli.options import MOST_SEED
from fraud.cli.session import out, say, show_json, steps

# Eight times the large city; a larger one is more likely a slip than a wish.
MOST_PERSONS, MOST_PROVIDERS = 5_000_000, 25_000


class ScaleName(StrEnum):
    """Sizes of city by name."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


def synth(
    *,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to write; the truth goes beside it, in DIR-truth.")],
    scale: Annotated[ScaleName, typer.Option(help="Size of the city.")] = ScaleName.SMALL,
    persons: Annotated[
        int | None, typer.Option(min=1, max=MOST_PERSONS, help="Insured persons, instead of the scale's.")
    ] = None,
    providers: Annotated[
        int | None, typer.Option(min=1, max=MOST_PROVIDERS, help="Providers, instead of the scale's.")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=60, help="Claims months.")] = 6,
    start: Annotated[str, typer.Option(help="First claims month, YYYY-MM.")] = "2026-01",
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Equal seeds give equal bytes.")] = 7,
    schemes: Annotated[
        str, typer.Option(help="all (about one of each per 400 providers), none, or CODE[:small|:medium|:large],…")
    ] = "all",
    labels: Annotated[
        Path | None,
        typer.Option(help="CSV to write: how an investigation unit disposed of part of it, over the year after."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Write an invented claims source with planted schemes, and its truth."""
    from experiments.synthetic import SCALES, generate_city, make_labels, write_city, write_labels
    from experiments.synthetic.write import check_labels_target, check_target, truth_folder

    check_target(out_folder)
    if labels is not None:
        check_labels_target(labels, out_folder)
    began = time.monotonic()
    size = SCALES[scale.value]
    people, places = persons or size.persons, providers or size.providers
    with steps("synth") as tell:
        tell("inventing the city")
        with generate_city(people, places, months, start, seed, schemes=schemes, scratch=out_folder.parent) as city:
            written = write_city(city, out_folder, on_month=lambda month: tell(f"{month} settled"))
    rows = written.rows
    if labels is not None:
        decisions = make_labels(out_folder, seed=seed)
        write_labels(decisions, labels)
        say(f"{labels}: {decisions.num_rows:,} dispositions, some of them wrong, for `fraud feedback import`")
    say(f"{out_folder}: written in {time.monotonic() - began:.1f} s")
    for missing in written.not_planted:
        say(f"no room in a city of this size: {missing}")
    if as_json:
        answer = {"out": str(out_folder), "truth": str(truth_folder(out_folder)), "rows": rows}
        show_json({**answer, "schemes": written.schemes, "not_planted": written.not_planted}, indent=None)
        return
    console = out()
    console.print(
        f"{people:,} persons, {places:,} providers, {city.request.months[0]} to {city.request.months[-1]}, "
        f"seed {seed}: {rows['settlements']:,} settlements, {rows['claim_lines']:,} lines in {out_folder}"
    )
    console.print(
        f"planted: {', '.join(written.schemes) or 'nothing'}; {rows['truth_providers']} providers, "
        f"{rows['truth_patients']} patients, {rows['truth_lines']:,} lines or settlements; "
        f"truth in {truth_folder(out_folder)}"
    )
