"""docs/settings.md, rendered from the typed settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from fraud.settings import Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_SIGNS = {Ge: ("≥", "ge"), Gt: (">", "gt"), Le: ("≤", "le"), Lt: ("<", "lt")}


def render_settings() -> str:
    """Return docs/settings.md: every section, key, type, default and limit."""
    lines = [
        "# Settings",
        "",
        "Generated from `fraud/settings.py`; a test compares. Given as TOML with `fraud --config FILE.toml`; what is",
        "left out has its default, and an unknown key is an error that names the nearest one.",
    ]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            raise TypeError(f"settings key {name!r} is no section")
        lines += ["", f"## [{name}]", "", (section.__doc__ or "").strip().splitlines()[0], ""]
        lines += ["| key | type | default | limits |", "|---|---|---|---|"]
        lines += [_row(key, value) for key, value in section.model_fields.items()]
    return "\n".join(lines) + "\n"


def _row(key: str, field: FieldInfo) -> str:
    kind = field.annotation.__name__ if isinstance(field.annotation, type) else str(field.annotation)
    kind = kind.replace("typing.", "").replace("|", "or")
    default = "none" if field.default is None else json.dumps(field.default)
    limits = [
        f"{sign} {getattr(limit, attribute)}"
        for limit in field.metadata
        for known, (sign, attribute) in _SIGNS.items()
        if isinstance(limit, known)
    ]
    return f"| `{key}` | {kind} | {default} | {', '.join(limits) or '–'} |"
