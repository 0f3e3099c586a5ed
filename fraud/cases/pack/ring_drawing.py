"""The drawing of a ring as inline SVG: providers on a circle, their patients inside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from fraud.cases.case import RingView

_SIZE = 560
_RADIUS = 220
_MOST_PATIENTS = 60
_COLOURS = {"hospital": "#2f5d8a", "clinic": "#2f7d6b", "pharmacy": "#a8642a", "practitioner": "#6b4f8a"}


@dataclass(frozen=True)
class RingDrawing:
    """The drawing of a ring, and how many patients it leaves out."""

    svg: Markup
    n_left_out: int


def draw_ring(ring: RingView, subject: str) -> RingDrawing:
    """Draw a ring with one member marked.

    Parameters
    ----------
    ring : RingView
        The ring.
    subject : str
        Shown id of the member to mark.

    Notes
    -----
    Providers stand in the order of their ids on a circle, patients where networkx's spring layout puts them
    inside, with a fixed seed: equal rings give equal drawings.
    """
    graph: Any = ring.graph
    providers = sorted(node for node, data in graph.nodes(data=True) if data.get("member_type") != "patient")
    patients = sorted(
        (node for node, data in graph.nodes(data=True) if data.get("member_type") == "patient"),
        key=lambda node: (node != subject, -graph.degree(node), str(node)),
    )
    drawn = patients[:_MOST_PATIENTS]
    places = _places(graph, providers, drawn)
    lines = "".join(_edge(places, one, other, data) for one, other, data in _edges(graph, set(places)))
    dots = "".join(_patient(places[node], str(node) == subject) for node in drawn)
    boxes = "".join(_provider(places[node], str(node), graph.nodes[node], str(node) == subject) for node in providers)
    half = _SIZE / 2 + 70
    box = f"{-half:.0f} {-_SIZE / 2:.0f} {2 * half:.0f} {_SIZE}"
    # Every text in it went through escape.
    opening = f'<svg class="ring" viewBox="{box}" role="img" aria-label="{escape(ring.ring_id)}">'
    svg = Markup(f"{opening}{lines}{dots}{boxes}</svg>")  # noqa: S704
    return RingDrawing(svg, len(patients) - len(drawn))


def _places(graph: Any, providers: list[Any], patients: list[Any]) -> dict[Any, tuple[float, float]]:
    places = {}
    for number, node in enumerate(providers):
        angle = 2 * math.pi * number / max(len(providers), 1) - math.pi / 2
        places[node] = (_RADIUS * math.cos(angle), _RADIUS * math.sin(angle))
    if patients:
        part = nx.Graph()
        part.add_nodes_from([*providers, *patients])
        part.add_edges_from((a, b) for a, b, _ in _edges(graph, set(part)) if (a in places) != (b in places))
        start = {**places, **{node: (0.1 * i % 7 - 0.3, 0.1 * i % 5 - 0.2) for i, node in enumerate(patients)}}
        scale = {node: (x / _RADIUS, y / _RADIUS) if node in places else (x, y) for node, (x, y) in start.items()}
        found = nx.spring_layout(part, pos=scale, fixed=providers or None, seed=7, iterations=40, k=0.35)
        for node in patients:
            x, y = found[node]
            length = max(math.hypot(x, y) / 0.78, 1.0)
            places[node] = (_RADIUS * float(x) / length, _RADIUS * float(y) / length)
    return places


def _edges(graph: Any, nodes: set[Any]) -> list[tuple[Any, Any, dict[str, Any]]]:
    found = [(*sorted((a, b), key=str), data) for a, b, data in graph.edges(data=True) if a in nodes and b in nodes]
    return sorted(found, key=lambda edge: (str(edge[0]), str(edge[1])))


def _edge(places: dict[Any, tuple[float, float]], one: Any, other: Any, data: dict[str, Any]) -> str:
    (x1, y1), (x2, y2) = places[one], places[other]
    n_patients = float(data.get("n_patients") or 1)
    width = min(0.6 + 0.25 * math.sqrt(n_patients), 4.0)
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{width:.1f}"/>'


def _patient(place: tuple[float, float], is_subject: bool) -> str:
    mark = ' class="own"' if is_subject else ' class="patient"'
    return f'<circle{mark} cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{7 if is_subject else 4}"/>'


def _provider(place: tuple[float, float], node: str, data: dict[str, Any], is_subject: bool) -> str:
    x, y = place
    colour = _COLOURS.get(str(data.get("member_type")), "#555555")
    anchor = "start" if x > 20 else "end" if x < -20 else "middle"
    shift = 14 if x > 20 else -14 if x < -20 else 0
    drop = 4 if abs(x) > 20 else (-14 if y < 0 else 24)
    frame = ' class="own"' if is_subject else ""
    return (
        f'<rect{frame} x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" rx="3" fill="{colour}"/>'
        f'<text x="{x + shift:.1f}" y="{y + drop:.1f}" text-anchor="{anchor}">{escape(node)}</text>'
    )
