"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer


class Entity(StrEnum):
    """Whom a model scores."""

    provider = "provider"
    patient = "patient"


class Ranked(StrEnum):
    """Whom a scored month ranks."""

    provider = "provider"
    patient = "patient"
    practitioner = "practitioner"


EntityOption = Annotated[Entity, typer.Option(help="Whom the model scores.")]
AsOf = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="What became known later does not exist yet.")]
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read.")]
# What the settings allow; see `fraud.settings`, which --help does not load.
MOST_THREADS = 256
MOST_SEED = 2**31 - 1
MOST_CASES = 10_000
Month = Annotated[str, typer.Option(help="Claims month, YYYY-MM.")]
# None takes the setting: every job then looks at the same window.
WindowMonths = Annotated[
    int | None, typer.Option(min=1, max=60, help="Months looked at, the last included; default the setting.")
]
