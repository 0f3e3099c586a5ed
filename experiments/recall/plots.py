"""Plots as inline SVG: plain numbers and escaped labels, equal bytes for equal input."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WIDTH, _LEFT, _RIGHT, _ROW = 760, 190, 150, 22
_SPAN = _WIDTH - _LEFT - _RIGHT
DELAY_COLOURS = ("#2f6f4f", "#6aa37f", "#c9b458", "#d08a3c", "#b9c0c8")


@dataclass(frozen=True)
class Bar:
    """One share 0..1 with what is written beside it.

    Parameters
    ----------
    label, text : str
        Left and right of the bar.
    value : float or None
        None where nothing can be said.
    mark : float, optional
        The most that was attainable.
    low, high : float, optional
        Ends of the interval.
    """

    label: str
    text: str
    value: float | None
    mark: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Point:
    """One dot: where it lies along the scale (positive), how high (0..1), and whether it is filled."""

    x: float
    y: float
    is_filled: bool


def bars(rows: Sequence[Bar], name: str) -> Markup:
    """Draw one bar per row on a common scale of 0 to 1, with interval and attainable maximum where known."""
    parts = []
    for place, row in enumerate(rows):
        top = 6 + place * _ROW
        parts.append(_text(_LEFT - 8, top + 13, row.label, "end"))
        parts.append(f'<rect class="track" x="{_LEFT}" y="{top + 3}" width="{_SPAN}" height="12"/>')
        if row.value is not None:
            parts.append(f'<rect class="bar" x="{_LEFT}" y="{top + 3}" width="{_SPAN * row.value:.1f}" height="12"/>')
        if row.low is not None and row.high is not None:
            low, high = _LEFT + _SPAN * row.low, _LEFT + _SPAN * row.high
            parts.append(f'<path class="whisker" d="M{low:.1f} {top + 9}H{high:.1f}"/>')
        if row.mark is not None:
            x = _LEFT + _SPAN * row.mark
            parts.append(f'<path class="mark" d="M{x:.1f} {top}v18"/>')
        parts.append(_text(_LEFT + _SPAN + 8, top + 13, row.text, "start"))
    bottom = 6 + len(rows) * _ROW
    parts += [
        _text(_LEFT + _SPAN * tick, bottom + 14, f"{tick:.0%}", "middle", "tick") for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    return _svg(name, bottom + 22, parts)


def stacked(rows: Sequence[tuple[str, Sequence[int], str]], name: str) -> Markup:
    """Draw label, counts and text of each row; counts as parts of a bar of one length, coloured in order."""
    parts = []
    for place, (label, counts, text) in enumerate(rows):
        top, x, total = 6 + place * _ROW, float(_LEFT), max(sum(counts), 1)
        parts.append(_text(_LEFT - 8, top + 13, label, "end"))
        for count, colour in zip(counts, DELAY_COLOURS, strict=True):
            width = _SPAN * count / total
            if count:
                parts.append(f'<rect x="{x:.1f}" y="{top + 2}" width="{width:.1f}" height="15" fill="{colour}"/>')
            if width > 16:
                parts.append(_text(x + width / 2, top + 13, str(count), "middle", "count"))
            x += width
        parts.append(_text(_LEFT + _SPAN + 8, top + 13, text, "start"))
    return _svg(name, 12 + len(rows) * _ROW, parts)


def scatter(points: Sequence[Point], name: str, x_label: str, line: float) -> Markup:
    """Draw dots over a logarithmic scale, with a horizontal line at a limit."""
    height, top = 190, 10
    low, high = _decades([point.x for point in points])
    parts = [
        f'<path class="axis" d="M{_LEFT} {top}V{top + height}H{_LEFT + _SPAN}"/>',
        f'<path class="limit" d="M{_LEFT} {top + height * (1 - line):.1f}h{_SPAN}"/>',
        _text(_LEFT + _SPAN / 2, top + height + 34, x_label, "middle", "tick"),
    ]
    parts += [_text(_LEFT - 8, top + height * (1 - tick) + 4, f"{tick:.1f}", "end", "tick") for tick in (0, 0.5, 1)]
    parts += _ticks(low, high, top + height + 16, lambda power: f"{10**power:,}")
    for point in points:
        x, y = _along(point.x, low, high), top + height * (1 - point.y)
        parts.append(_dot(x, y, is_filled=point.is_filled))
    return _svg(name, top + height + 42, parts)


def strips(rows: Sequence[tuple[str, Sequence[Point], str]], name: str, x_label: str) -> Markup:
    """Draw one strip of dots per row over a common logarithmic scale of shares."""
    low, high = _decades([point.x for _, points, _ in rows for point in points])
    parts = []
    for place, (label, points, text) in enumerate(rows):
        top = 6 + place * _ROW
        parts.append(_text(_LEFT - 8, top + 13, label, "end"))
        parts.append(f'<path class="track" d="M{_LEFT} {top + 9}h{_SPAN}"/>')
        parts += [_dot(_along(point.x, low, high), top + 9, is_filled=point.is_filled) for point in points]
        parts.append(_text(_LEFT + _SPAN + 8, top + 13, text, "start"))
    bottom = 6 + len(rows) * _ROW
    parts += _ticks(low, high, bottom + 14, lambda power: f"{100 * 10.0**power:g} %")
    parts.append(_text(_LEFT + _SPAN / 2, bottom + 32, x_label, "middle", "tick"))
    return _svg(name, bottom + 40, parts)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    known = [value for value in values if value > 0] or [1.0]
    low = math.floor(math.log10(min(known)))
    return low, max(low + 1, math.ceil(math.log10(max(known))))


def _along(value: float, low: int, high: int) -> float:
    place = (math.log10(value) - low) / (high - low) if value > 0 else 0.0
    return _LEFT + _SPAN * min(max(place, 0.0), 1.0)


def _ticks(low: int, high: int, y: float, write: Callable[[int], str]) -> list[str]:
    return [_text(_along(10.0**p, low, high), y, write(p), "middle", "tick") for p in range(low, high + 1)]


def _dot(x: float, y: float, *, is_filled: bool) -> str:
    return f'<circle class="{"found" if is_filled else "missed"}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'


def _text(x: float, y: float, text: str, anchor: str, name: str = "label") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(name: str, height: float, parts: Sequence[str]) -> Markup:
    head = f'<svg class="plot" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(name)}">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704 - numbers, and labels escaped above
