"""`fraud features`: the feature catalogue, from the declarations."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from fraud.cli.session import out


class Subject(StrEnum):
    """Whose features."""

    provider = "provider"
    patient = "patient"
    pharmacy = "pharmacy"
    practitioner = "practitioner"


class Format(StrEnum):
    """How they are shown."""

    table = "table"
    json = "json"
    markdown = "markdown"


def features(
    entity: Annotated[Subject | None, typer.Option(help="Whose features; default all.")] = None,
    shown: Annotated[Format, typer.Option("--format", help="How they are shown.")] = Format.table,
) -> None:
    """Show the feature catalogue."""
    from features.catalogue import SECTIONS, render_markdown

    wanted = tuple(SECTIONS) if entity is None else (entity.value,)
    if shown is Format.markdown:
        typer.echo(render_markdown(wanted), nl=False)
        return
    rows = [(each, family, feature) for each in wanted for family in SECTIONS[each] for feature in family.features]
    if shown is Format.json:
        records = [
            {"entity": each, "family": family.name, **dataclasses.asdict(feature)} for each, family, feature in rows
        ]
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    table = Table("entity", "family", "feature", "中文名", "unit", "window", "suspicious", "schemes")
    for each, family, feature in rows:
        tail = feature.direction or "–"
        table.add_row(
            each,
            family.name,
            feature.name,
            feature.name_zh,
            feature.unit,
            feature.window,
            tail,
            " ".join(feature.typologies),
        )
    out().print(table)
