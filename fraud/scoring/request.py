"""What a run of the monthly batch is asked for, every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError
from features.vocabulary.months import check_month
from fraud.rings import Rings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from features.vocabulary.entities import Entity, ScoredEntity
    from fraud.rules import Rule
    from fraud.rules.set_aside import SetAside
    from fraud.runs.read import ScoredRun
    from fraud.settings import Settings

NO_MODEL = "none"
ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class MonthRequest:
    """One month to score, and all that the result depends on beside the store and the registry.

    Parameters
    ----------
    month : str
        YYYY-MM.
    window_months : int
        Months looked at, the month included.
    as_of : date
        Labels known later do not exist.
    models : mapping of entity to str
        Alias or version in the registry, or `none`.
    engine : {"duckdb", "spark"}
        Where profiles are built.
    previous : ScoredRun or None
        The scored month before, whose rings keep their ids; None when there is none.
    settings : Settings
        All settings, the numbers of the rules among them.
    rules : tuple of Rule
        Rules to run, ours and the payer's.
    set_asides : tuple of SetAside
        Those in force on the day `as_of`.

    Raises
    ------
    InputError
        The month is none, or there is no such engine.
    """

    month: str
    window_months: int
    as_of: date
    models: Mapping[ScoredEntity, str]
    engine: str
    previous: ScoredRun | None
    settings: Settings
    rules: tuple[Rule, ...]
    set_asides: tuple[SetAside, ...] = ()

    def __post_init__(self) -> None:
        check_month(self.month)
        if self.engine not in ENGINES:
            raise InputError.unknown_name("engine", "of the scoring", self.engine, ENGINES)

    def previous_rings(self) -> Rings | None:
        """Rings of the month before: the ledger from which ids and status follow."""
        return None if self.previous is None else Rings(*self.previous.ring_tables())

    def previous_ranks(self, entity: Entity) -> pd.Series | None:
        """Rank per subject in the month before; None where that month did not rank the entity."""
        before = self.previous
        return before.ranks(entity) if before is not None and before.is_ranked(entity) else None
