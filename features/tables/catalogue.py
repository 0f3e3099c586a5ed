"""All tables of a window that families read, in the order in which they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.tables.boxes import box_tables
from features.tables.days import day_tables
from features.tables.diagnoses import secondary_diagnosis_tables
from features.tables.dispensing import dispensing_tables
from features.tables.expected import expected_tables
from features.tables.origins import origin_tables
from features.tables.practitioners import practice_tables
from features.tables.stays import grouped_stay_tables
from features.tables.tiered_care import tiered_care_tables
from features.tables.window import window_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.declare import Table
    from features.engine import Dialect


def profile_tables(dialect: Dialect, months: Sequence[str]) -> Iterator[Table]:
    """Yield every table, each after those it reads.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    months : sequence of str
        The window, ascending; the last is the month of the profile.
    """
    yield from window_tables(dialect, months)
    yield from box_tables(dialect)
    yield from day_tables(dialect)
    yield from expected_tables()
    yield from grouped_stay_tables(dialect)
    yield from secondary_diagnosis_tables()
    yield from origin_tables()
    yield from tiered_care_tables(dialect)
    yield from dispensing_tables(dialect)
    yield from practice_tables(dialect)
