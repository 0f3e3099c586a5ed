"""The pack for programs: all cases as one JSON file, and each ring as GraphML."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import networkx as nx

from fraud.cases.line_columns import LINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.cases.case import Case

CASES_FILE = "cases.json"
# What a pack does not show, and what is brought into plain values by itself.
_NOT_AS_IT_IS = {"lines", "rings", "subject_id"}
_NOT_OF_RINGS = {"graph", "reason"}


def write_cases_json(cases: Sequence[Case], pack_id: str, folder: Path) -> None:
    """Write cases as a list of records, each with the id of the pack; money in minor units."""
    records = [_as_record(case) | {"pack_id": pack_id} for case in cases]
    text = json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / CASES_FILE).write_text(text + "\n", encoding="utf-8")


def write_rings_graphml(cases: Sequence[Case], folder: Path) -> None:
    """Write every ring of the cases to a file of its own, `<ring>.graphml`."""
    for ring in {view.ring_id: view for case in cases for view in case.rings}.values():
        nx.write_graphml(_plain(ring.graph), folder / f"{ring.ring_id}.graphml")


def _as_record(case: Case) -> dict[str, Any]:
    """Return a case as plain values; what the pack does not show is left out."""
    record = {f.name: getattr(case, f.name) for f in fields(case) if f.name not in _NOT_AS_IT_IS}
    record = json.loads(json.dumps(record, default=asdict))
    record["rings"] = [
        {f.name: getattr(ring, f.name) for f in fields(ring) if f.name not in _NOT_OF_RINGS} for ring in case.rings
    ]
    names = [column.name for column in LINE_COLUMNS]
    record["lines"] = json.loads(case.lines[names].to_json(orient="records", date_format="iso", force_ascii=False))
    return dict(record)


def _plain(graph: Any) -> Any:
    """Copy a graph with attributes that GraphML knows: texts and numbers."""
    copy = graph.__class__()
    for node, data in sorted(graph.nodes(data=True), key=lambda item: str(item[0])):
        copy.add_node(node, **{key: _simple(value) for key, value in sorted(data.items()) if value is not None})
    for one, other, data in sorted(graph.edges(data=True), key=lambda item: tuple(sorted(map(str, item[:2])))):
        first, second = sorted((one, other), key=str)
        copy.add_edge(first, second, **{key: _simple(v) for key, v in sorted(data.items()) if v is not None})
    return copy


def _simple(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float, str)) else str(value)
