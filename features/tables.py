"""All tables of a window that families read, in the order in which they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.boxes import box_tables
from features.days import day_tables
from features.dispensing import dispensing_tables
from features.expected import expected_tables
from features.grouped_stays import grouped_stay_tables
from features.origins import origin_tables
from features.practice import practice_tables
from features.secondary_diagnoses import secondary_diagnosis_tables
from features.tiered_care import tiered_care_tables
from features.window import window_tables

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
