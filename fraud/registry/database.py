"""MLflow's database as the registry reads it: plain SQL that makes, upgrades and runs nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from features.errors import ToolkitError
from features.outside import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fraud.workspace import Workspace

_TABLES = frozenset(
    {
        "experiments",
        "runs",
        "registered_models",
        "registered_model_aliases",
        "registered_model_tags",
        "model_versions",
        "model_version_tags",
    }
)
# Seconds that another program's write is waited for.
_PATIENCE = 20.0


@dataclass(frozen=True)
class Version:
    """One version of a registered model.

    Parameters
    ----------
    name : str
        Registered name, such as `fraud-provider`.
    number : int
        Counted from 1.
    run_id : str or None
        Run that made it; None where the run is not in the database.
    source : str
        Where MLflow says that its files lie; text from outside.
    tags : mapping of str to str
        What is written onto it.
    """

    name: str
    number: int
    run_id: str | None
    source: str
    tags: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.name}/{self.number}"


class Registry:
    """Registered models, their versions and aliases, as the database says it now."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def aliases(self, name: str) -> dict[str, int]:
        """Alias to number of version; the version need not be there."""
        return {
            str(alias): _whole(number, f"alias '{alias}' of {name}")
            for alias, number in self._rows(
                "SELECT alias, version FROM registered_model_aliases WHERE name = ? ORDER BY alias", name
            )
        }

    def numbers(self, name: str) -> tuple[int, ...]:
        """Versions that were not deleted, ascending."""
        rows = self._rows(
            "SELECT version FROM model_versions WHERE name = ? AND current_stage IS NOT 'Deleted_Internal'", name
        )
        return tuple(sorted(_whole(number, f"version of {name}") for (number,) in rows))

    def next_number(self, name: str) -> int:
        """Return the number that the next version will have; those of deleted ones are not used again."""
        rows = self._rows("SELECT version FROM model_versions WHERE name = ?", name)
        return max((_whole(number, f"version of {name}") for (number,) in rows), default=0) + 1

    def version(self, name: str, number: int) -> Version | None:
        """One version with its tags, or None when it is not there."""
        if number not in self.numbers(name):
            return None
        query = "SELECT run_id, source FROM model_versions WHERE name = ? AND version = ?"
        run_id, source = self._rows(query, name, number)[0]
        query = "SELECT key, value FROM model_version_tags WHERE name = ? AND version = ?"
        tags = {str(key): str(value) for key, value in self._rows(query, name, number)}
        has_run = self._rows("SELECT 1 FROM runs WHERE run_uuid = ?", run_id)
        return Version(name, number, str(run_id) if has_run else None, str(source), tags)

    def model_tag(self, name: str, key: str) -> str | None:
        """Tag of a registered model, or None."""
        rows = self._rows("SELECT value FROM registered_model_tags WHERE name = ? AND key = ?", name, key)
        return str(rows[0][0]) if rows else None

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()


@contextmanager
def reading(workspace: Workspace) -> Iterator[Registry | None]:
    """Open the registry to read; None where the workspace has none yet.

    Raises
    ------
    ToolkitError
        The database is there and cannot be read whole, is not MLflow's, or a reader found nonsense in it.
    """
    path = workspace.tracking_database
    if not (path.exists() or path.is_symlink()):
        yield None
        return
    with _refusing(path), closing(_opened(path)) as connection:
        # Nothing that the file declares (a view, a trigger) may call a function.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise ValueError(found)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= _TABLES:
            raise ValueError(f"it lacks {', '.join(sorted(_TABLES - tables))}" if tables else "it is empty")
        yield Registry(connection)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, OverflowError) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
            got = "a killed job left a change half-done, which cannot be taken back where nothing may be written"
            hint = "run `fraud doctor` once as its owner, where it may be written"
            raise ToolkitError(f"model registry {path}: {got}. Hint: {hint}") from error
        hint = "restore it from a backup; `fraud score --model none` scores without a model"
        raise ToolkitError(f"model registry {path}: {first_line(error)}. Hint: {hint}") from error


def _opened(path: Path) -> sqlite3.Connection:
    # Not read-only: what a killed writer left half-done is taken back by the next who opens the file.
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=rw", uri=True, timeout=_PATIENCE)


def _whole(value: object, what: str) -> int:
    if not isinstance(value, int):
        raise ValueError(f"{what} is no whole number")  # noqa: TRY004 - a value of the file, not of a caller
    return value
