"""Set-asides as the manifest of a scored month holds them."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from fraud.rules.set_aside import Hidden, SetAside
from fraud.runs.manifest import SetAsideUsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.runs.manifest import Manifest


def recorded(hidden: Iterable[Hidden]) -> tuple[SetAsideUsed, ...]:
    """Bring what was set aside into the form of a manifest."""
    return tuple(
        SetAsideUsed(
            **asdict(each.set_aside), findings=each.n_findings, lines=each.n_lines, exposure_amount=each.exposure_amount
        )
        for each in hidden
    )


def hidden_then(manifest: Manifest) -> tuple[Hidden, ...]:
    """Return what was set aside when a month was scored, and what that took."""
    names = [each.name for each in fields(SetAside)]
    return tuple(
        Hidden(
            SetAside(**{name: getattr(each, name) for name in names}), each.findings, each.lines, each.exposure_amount
        )
        for each in manifest.set_aside
    )


def set_asides_then(manifest: Manifest) -> tuple[SetAside, ...]:
    """Return the set-asides that were in force when a month was scored."""
    return tuple(each.set_aside for each in hidden_then(manifest))
