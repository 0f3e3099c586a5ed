"""Declarations: features, their families, facts and tables, as data that check themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from features.vocabulary.schemes import check_schemes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.engine import Dialect
    from features.vocabulary.entities import Entity
    from features.vocabulary.text import Text

Unit = Literal["count", "currency", "share", "ratio", "days", "years", "hours", "minutes", "nats", "rate", "kilometres"]
Direction = Literal["high", "low", "both"]
Window = Literal["run", "1m", "3m"]

_NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")
_NEED = re.compile(r"[a-z_]+(\.[a-z_]+)?")


@dataclass(frozen=True)
class Quantile:
    """Interpolated quantile of a column over the rows of a subject, which engines spell each in their own way.

    Parameters
    ----------
    column : str
        Of the family's relation.
    share : float
        Between 0 and 1; 0.5 is the median.

    Raises
    ------
    ValueError
        The share is not between 0 and 1.
    """

    column: str
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"quantile of {self.column!r}: share must be between 0 and 1; got {self.share}")


# Text, or pieces that are joined where the engine is known.
Sql = str | tuple[str | Quantile, ...]


def spelled(sql: Sql, dialect: Dialect) -> str:
    """Return SQL as an engine reads it.

    Examples
    --------
    >>> from features.engine import DuckDBDialect
    >>> spelled((Quantile("total_amount", 0.9), " / 100"), DuckDBDialect())
    'quantile_cont(cast(total_amount as double), 0.9) / 100'
    """
    pieces = (sql,) if isinstance(sql, str) else sql
    return "".join(piece if isinstance(piece, str) else dialect.quantile(piece.column, piece.share) for piece in pieces)


@dataclass(frozen=True)
class Feature:
    """One column of a profile.

    Parameters
    ----------
    name : str
        Column name.
    title : Text
        Short title for sentences.
    unit : str
        One of `Unit`; currency is in major units.
    sql : str, or tuple of str and Quantile
        Aggregate over the family's relation, whole or in pieces to be joined; the result is read as a double.
    why : Text
        One sentence on what its suspicious tail may show; it accuses nobody.
    direction : str or None
        Suspicious tail; None for context that suspects nobody.
    schemes : tuple of str
        Codes of the schemes it bears on, as in `features/vocabulary/schemes.toml`; the first names its findings.
    window : str
        `run` for the run's N months, or a shorter one that the name ends with.
    missing_means : str
        What null says.
    needs : tuple of str
        Tables or `table.column`; where one is unknown the whole column is missing.

    Raises
    ------
    ValueError
        The declaration is incomplete, or names a scheme that has no words.

    Examples
    --------
    >>> from features.vocabulary.text import Text
    >>> title, why = Text("Visits this month", "当月就诊次数"), Text("A surge shows first here.", "突增最先反映在此。")
    >>> Feature("visits_count_1m", title, "count", "sum(case when months_back = 1 then 1 end)", why, window="1m").unit
    'count'
    >>> Feature("visits_count_1m", title, "count", "count(*)", why)
    Traceback (most recent call last):
    ...
    ValueError: feature 'visits_count_1m': window and the name's ending differ
    """

    name: str
    title: Text
    unit: Unit
    sql: Sql
    why: Text
    direction: Direction | None = "high"
    schemes: tuple[str, ...] = ()
    window: Window = "run"
    missing_means: str = "nothing of the kind in the window"
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        texts = [self.sql] if isinstance(self.sql, str) else [piece for piece in self.sql if isinstance(piece, str)]
        faults = {
            "name is not a lower-case name": not _NAME.fullmatch(self.name),
            "a text is empty": not (self.title.is_whole and self.why.is_whole and "".join(texts).strip()),
            "sql has a hole that nobody fills": "{" in "".join(texts),
            f"unit is none of {get_args(Unit)}": self.unit not in get_args(Unit),
            "missing_means is empty": not self.missing_means.strip(),
            "window and the name's ending differ": _ending(self.name) != self.window,
            "a need is not a table or table.column": not all(_NEED.fullmatch(need) for need in self.needs),
        }
        for fault, is_so in faults.items():
            if is_so:
                raise ValueError(f"feature {self.name!r}: {fault}")
        check_schemes(self.schemes, f"feature {self.name!r}")


def _ending(name: str) -> str:
    return name[-2:] if name.endswith(("_1m", "_3m")) else "run"


@dataclass(frozen=True)
class Family:
    """Features of one idea, computed in one pass over one relation.

    Parameters
    ----------
    name, name_zh : str
        What unites them; several families may share a name when they need different relations.
    entity : str
        Whose profile they belong to.
    relation : str
        SQL with a column `subject_key`, over the window's tables (see `features.tables`).
    features : tuple of Feature
        Its columns.
    needs : tuple of str
        Needs of all of them.

    Raises
    ------
    ValueError
        It has no features, or its relation no subject.

    Examples
    --------
    >>> from features.vocabulary.text import Text
    >>> visits = Feature("visits_count", Text("Visits", "就诊次数"), "count", "count(*)", Text("Size.", "规模。"))
    >>> Family("volume", "业务量", "patient", "select person_key as subject_key from visits", (visits,)).name
    'volume'
    >>> Family("volume", "业务量", "patient", "select person_key from visits", (visits,))
    Traceback (most recent call last):
    ...
    ValueError: family 'volume': needs features, and a relation with a subject_key
    """

    name: str
    name_zh: str
    entity: Entity
    relation: str
    features: tuple[Feature, ...]
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.features or "subject_key" not in self.relation:
            raise ValueError(f"family {self.name!r}: needs features, and a relation with a subject_key")


def aggregate(relation: str, features: Iterable[Feature], dialect: Dialect) -> str:
    """Return SQL with one row per subject of a relation and its features as doubles.

    Parameters
    ----------
    relation : str
        SQL with a column `subject_key`.
    features : iterable of Feature
        Columns to compute.
    dialect : Dialect
        Of the engine.

    Examples
    --------
    >>> from features.engine import DuckDBDialect
    >>> from features.vocabulary.text import Text
    >>> visits = Feature("visits", Text("Visits", "就诊次数"), "count", "count(*)", Text("Size.", "规模。"))
    >>> aggregate("select 1 as subject_key", [visits], DuckDBDialect())
    'select subject_key, cast(count(*) as double) as visits from (select 1 as subject_key) r group by subject_key'
    """
    columns = ", ".join(f"cast({spelled(feature.sql, dialect)} as double) as {feature.name}" for feature in features)
    return f"select subject_key, {columns} from ({relation}) r group by subject_key"


@dataclass(frozen=True)
class Fact:
    """An intermediate table of one claims month; only facts touch claim lines.

    Parameters
    ----------
    name : str
        Its name; also of the folder it is kept in.
    grain : str
        What one row is.
    key : tuple of str
        Columns that name one row, in the order in which rows are written.
    sql : str
        Over the store's views with one month attached; portable subset and `{functions}` of the dialect.
    registers : tuple of str
        Tables without months that it reads: the fact is written anew when one of them changes.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    sql: str
    registers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """An intermediate table of the window of a run, which facts and registers are made into for families to read.

    Parameters
    ----------
    name : str
        Its name.
    grain : str
        What one row is.
    sql : str
        Over fact views, registers and tables before it; portable subset.
    """

    name: str
    grain: str
    sql: str
