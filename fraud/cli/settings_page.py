"""docs/settings.md, rendered from the typed settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from fraud.rules import library_rules
from fraud.rules.declare.parameters import Parameter
from fraud.rules.declare.rule_settings import parameters_of
from fraud.settings import RuleSettings, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_SIGNS = {Ge: ("≥", "ge"), Gt: (">", "gt"), Le: ("≤", "le"), Lt: ("<", "lt")}


def render_settings() -> str:
    """Return docs/settings.md: every section, key, type, default and limit."""
    lines = [
        "# Settings",
        "",
        "Generated from `fraud/settings.py` and, for [rules], from the parameters of our rules; a test compares. Given",
        "as TOML with `fraud --config FILE.toml`; what is left out has its default, and an unknown key is an error",
        "that names the nearest one. Parameters of a payer's own rules are keys of [rules] too.",
    ]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            raise TypeError(f"settings key {name!r} is no section")
        lines += ["", f"## [{name}]", "", (section.__doc__ or "").strip().splitlines()[0], ""]
        lines += ["| key | type | default | limits |", "|---|---|---|---|"]
        lines += [_row(key, value) for key, value in section.model_fields.items()]
        if section is RuleSettings:
            lines += [_parameter_row(parameter) for parameter in parameters_of(library_rules()).values()]
    return "\n".join(lines) + "\n"


def _row(key: str, field: FieldInfo) -> str:
    kind = field.annotation.__name__ if isinstance(field.annotation, type) else str(field.annotation)
    kind = kind.replace("typing.", "").replace("|", "or")
    default = "none" if field.default is None else json.dumps(field.default)
    limits = [
        f"{sign} {_number(getattr(limit, attribute))}"
        for limit in field.metadata
        for known, (sign, attribute) in _SIGNS.items()
        if isinstance(limit, known)
    ]
    return f"| `{key}` | {kind} | {default} | {field.description or ', '.join(limits) or '–'} |"


def _number(value: float) -> str:
    return f"{value:,}".removesuffix(".0")


def _parameter_row(parameter: Parameter) -> str:
    limits = f"≥ {parameter.least}" + ("" if parameter.most is None else f", ≤ {parameter.most}")
    return f"| `{parameter.name}` | int | {parameter.default} | {limits} |"
