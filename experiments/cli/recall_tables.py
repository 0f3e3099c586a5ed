"""What a recall report says on a terminal: schemes, look-alikes, rings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from experiments.recall.page import write
from fraud.cli.chinese import told

if TYPE_CHECKING:
    from experiments.recall.recall import Recall

# Heading and column; money and shares are written after their column's name.
_SCHEMES = {
    "subject": "entity",
    "scheme": "scheme_code",
    "size": "size",
    "guilty": "n_guilty",
    "possible": "n_possible",
    "found": "n_found",
    "recall": "recall",
    "median rank": "median_rank",
    "planted": "planted_amount",
    "money found": "found_amount_share",
}
_PLACES = {
    "subject": "entity",
    "of the first": "first",
    "order": "order",
    "places": "n_places",
    "right": "n_right",
    "subjects": "n_in_places",
    "guilty": "n_found",
    "recall": "recall",
    "schemes reached": "n_schemes_reached",
    "of schemes": "n_schemes",
    "money found": "found_amount_share",
}
_DELAYS = {
    "subject": "entity",
    "scheme": "scheme_code",
    "size": "size",
    "guilty": "n_guilty",
    "detected": "n_detected",
    "never": "n_never",
    "median months to it": "median_delay_months",
}
_TWINS = {
    "innocents like": "twin_of",
    "subject": "subject_type",
    "innocents": "n_twins",
    "in the budget": "n_inside",
    "false alarms": "false_alarm_rate",
    "definite finding": "definite_share",
    "lesser finding": "other_share",
    "in rings": "n_in_reported_rings",
}
_RINGS = {
    "ring": "ring_id",
    "scheme": "scheme_code",
    "members": "n_members",
    "providers": "n_providers",
    "overlap of providers": "provider_overlap",
    "found": "is_found",
    "F1 of members": "member_f1",
}


def recall_tables(found: Recall) -> list[Table]:
    """Return the tables that have rows."""
    parts = (
        (found.places, _PLACES),
        (found.schemes, _SCHEMES),
        (found.delays, _DELAYS),
        (found.twins, _TWINS),
        (found.rings, _RINGS),
    )
    return [_table(frame.to_dict(orient="records"), columns) for frame, columns in parts if len(frame)]


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> Table:
    table = Table()
    for place, heading in enumerate(columns):
        table.add_column(heading, justify="left" if place < 2 else "right")
    for row in rows:
        table.add_row(*(_cell(row[name], name) for name in columns.values()))
    return table


def _cell(value: Any, name: str) -> str:
    return told("yes" if value else "no") if name == "is_found" else write(value, name)
