"""Tables of a window of months, made from facts and registers for features to read; listed here in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.tables.boxes import box_tables
from features.tables.days import day_tables
from features.tables.diagnoses import SECONDARY_DIAGNOSES
from features.tables.dispensing import dispensing_tables
from features.tables.expected import COST_CELLS, EXPECTED_AMOUNTS
from features.tables.origins import CONTACTS, PATIENT_ORIGINS, VISITS_DURING_STAYS
from features.tables.practitioners import practitioner_tables
from features.tables.services import images
from features.tables.stays import stay_tables
from features.tables.tiered_care import tiered_care_tables
from features.tables.window import window_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.declare import Table
    from features.engine import Dialect


def profile_tables(dialect: Dialect, months: Sequence[str]) -> Iterator[Table]:
    """Yield every table of a window, each after those it reads.

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
    yield from (COST_CELLS, EXPECTED_AMOUNTS)
    yield from stay_tables(dialect)
    yield images(dialect)
    yield SECONDARY_DIAGNOSES
    yield from (CONTACTS, PATIENT_ORIGINS, VISITS_DURING_STAYS)
    yield from tiered_care_tables(dialect)
    yield from dispensing_tables(dialect)
    yield from practitioner_tables(dialect)
