"""The plot of one feature: a strip of peers with the subject marked, as inline SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from fraud.cases.case import PeerView

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 640, 46, 8, 8
_BASE = 26


def peer_plot(view: PeerView) -> Markup:
    """Draw one feature of a subject among its peers.

    The scale is linear, and logarithmic from zero (log1p) where the largest value is over twenty times the median.

    Parameters
    ----------
    view : PeerView
        Values of the peers and of the subject.

    Returns
    -------
    Markup
        SVG of numbers only; nothing in it comes from the claims as text.
    """
    position = _scale(view)
    ticks = sorted({round(position(value), 1) for value in view.values})
    path = "".join(f"M{x} {_BASE - 8}v16" for x in ticks)
    median, p90, own = position(view.median), position(view.p90), position(view.value)
    parts = [
        f'<line class="axis" x1="{_LEFT}" y1="{_BASE}" x2="{_WIDTH - _RIGHT}" y2="{_BASE}"/>',
        f'<path class="peers" d="{path}"/>',
        f'<line class="median" x1="{median:.1f}" y1="{_BASE - 13}" x2="{median:.1f}" y2="{_BASE + 13}"/>',
        f'<line class="p90" x1="{p90:.1f}" y1="{_BASE - 13}" x2="{p90:.1f}" y2="{_BASE + 13}"/>',
        f'<circle class="own" cx="{own:.1f}" cy="{_BASE}" r="6"/>',
    ]
    return Markup(f'<svg class="strip" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S704 - numbers only


def _scale(view: PeerView) -> Callable[[float], float]:
    known = [value for value in (*view.values, view.value, view.median, view.p90) if math.isfinite(value)]
    low, high = min(known), max(known)
    is_long = low >= 0 and high > 20 * max(view.median, 1e-9)

    def warp(value: float) -> float:
        return math.log1p(value / max(view.median, high / 1000, 1e-9)) if is_long else value

    first, last = warp(low), warp(high)
    width = _WIDTH - _LEFT - _RIGHT

    def position(value: float) -> float:
        if not math.isfinite(value) or last == first:
            return _LEFT + width / 2
        return _LEFT + width * (warp(value) - first) / (last - first)

    return position
