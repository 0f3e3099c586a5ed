"""`fraud features`: the feature catalogue, from the declarations."""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from features.errors import InputError
from fraud.cli.session import out, show_json, show_text

if TYPE_CHECKING:
    from features.declare import Feature


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
    about: Annotated[str | None, typer.Option(help="One feature's name: all that is known of it.")] = None,
) -> None:
    """Show the feature catalogue."""
    from features.catalogue import SECTIONS, render_markdown

    if about is not None:
        _tell(about, entity)
        return
    wanted = tuple(SECTIONS) if entity is None else (entity.value,)
    if shown is Format.markdown:
        show_text(render_markdown(wanted))
        return
    rows = [(each, family, feature) for each in wanted for family in SECTIONS[each] for feature in family.features]
    if shown is Format.json:
        records = [{"entity": each, "family": family.name, **_as_record(feature)} for each, family, feature in rows]
        show_json(records)
        return
    table = Table("entity", "family", "feature", "中文名", "unit", "window", "suspicious end", "schemes")
    for each, family, feature in rows:
        tail = feature.direction or "–"
        table.add_row(
            each,
            family.name,
            feature.name,
            feature.title.zh,
            feature.unit,
            feature.window,
            tail,
            " ".join(feature.schemes),
        )
    out().print(table)


def _as_record(feature: Feature) -> dict[str, object]:
    """Return a feature under the keys that programs know."""
    from features.declare import spelled
    from features.engine import DuckDBDialect

    return {
        "name": feature.name,
        "label": feature.title.en,
        "name_zh": feature.title.zh,
        "unit": feature.unit,
        "sql": spelled(feature.sql, DuckDBDialect()),
        "why": feature.why.en,
        "why_zh": feature.why.zh,
        "direction": feature.direction,
        "typologies": feature.schemes,
        "window": feature.window,
        "missing_means": feature.missing_means,
        "needs": feature.needs,
    }


def _tell(name: str, entity: Subject | None) -> None:
    """Print whatever is declared of a feature, once for each kind of subject that has it."""
    from features.catalogue import SECTIONS
    from features.declare import spelled
    from features.engine import DuckDBDialect

    wanted = tuple(SECTIONS) if entity is None else (entity.value,)
    known = [(each, family, feature) for each in wanted for family in SECTIONS[each] for feature in family.features]
    found = [row for row in known if row[2].name == name]
    if not found:
        near = difflib.get_close_matches(name, sorted({feature.name for _, _, feature in known}), n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "'fraud features' lists them"
        raise InputError.of(f"feature '{name}'", "of the feature catalogue", "an unknown name", hint)
    for each, family, feature in found:
        table = Table(f"{each} · {family.name} {family.name_zh}", feature.name, box=None, title_justify="left")
        for label, text in (
            ("name", f"{feature.title.en} · {feature.title.zh}"),
            ("unit, window", f"{feature.unit}, {feature.window}"),
            ("suspicious", feature.direction or "–"),
            ("why", feature.why.en),
            ("", feature.why.zh),
            ("missing means", feature.missing_means),
            ("needs", ", ".join(dict.fromkeys((*family.needs, *feature.needs))) or "–"),
            ("schemes", " ".join(feature.schemes) or "–"),
            ("computed", " ".join(spelled(feature.sql, DuckDBDialect()).split())),
            ("over", " ".join(family.relation.split())),
        ):
            table.add_row(label, text)
        out().print(table)
