"""The one reader of scored months: a run's manifest and its tables, each read when first asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from features.errors import InputError, ToolkitError
from features.vocabulary.entities import ID_COLUMNS
from features.vocabulary.months import MONTH_PATTERN, month_before
from fraud.runs.manifest import MANIFEST, Manifest, OlderFormat, OutputFile, RunReference, digest_of
from fraud.runs.tables import read_output

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from fraud.workspace import Workspace


@dataclass(frozen=True, eq=False)
class ScoredRun:
    """A scored month as it lies on disk, money in minor units.

    A table is read only when its digest is the manifest's. What was read once is handed out again, so nobody changes
    a frame that came from here.

    Parameters
    ----------
    folder : Path
        With the output tables and their manifest, never changed once published.

    Examples
    --------
    >>> from pathlib import Path
    >>> from fraud.workspace import Workspace
    >>> ScoredRun.open(Workspace(Path("nowhere")), "2026-03")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: month '2026-03' in nowhere/runs: not scored; ... Hint: run `fraud score --month ...
    """

    folder: Path
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)
    _by_id: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def open(cls, workspace: Workspace, month: str) -> Self:
        """Open the month that a job is asked for; its manifest is read first.

        Parameters
        ----------
        workspace : Workspace
            Holds the run.
        month : str
            YYYY-MM.

        Raises
        ------
        InputError
            The month is not scored, or was scored by a version of the tool with another format of manifest.
        """
        run = cls.of_folder(workspace.run(month))
        # Read now, so that an old month is refused before anything is done with its tables.
        _ = run.manifest
        return run

    @classmethod
    def of_folder(cls, folder: Path) -> Self:
        """Take a run's folder, or the link to it, unread: tables of months scored by an older version can be had."""
        # Resolved, so that a month scored anew meanwhile does not change what is read here.
        return cls(folder.resolve())

    @cached_property
    def manifest(self) -> Manifest:
        """What the run depended on; refused when another version of the tool wrote it in another format."""
        return Manifest.read(self.folder)

    @property
    def reference(self) -> RunReference:
        """How a manifest names this run."""
        content = (self.folder / MANIFEST).read_bytes()
        return RunReference(version=self.folder.name, manifest_sha256=digest_of(content))

    @property
    def month(self) -> str:
        """The month that was scored, YYYY-MM."""
        return self.manifest.month

    @property
    def window(self) -> tuple[str, ...]:
        """Claims months that the run looked at, sorted."""
        return self.manifest.window

    def is_ranked(self, entity: str) -> bool:
        """Whether the month has a ranking of an entity: practitioners had none in months scored earlier."""
        name = f"{entity}_scores"
        return name in self._outputs or (self.folder / f"{name}.parquet").is_file()

    def scores(self, entity: str) -> pd.DataFrame:
        """One row per subject: the columns of its score table, index its id, sorted."""
        return self._by_subject(f"{entity}_scores", entity)

    def ranks(self, entity: str) -> pd.Series:
        """Rank per subject, sorted by id; the rest of the score table is not kept."""
        return self._read(f"{entity}_scores").set_index(ID_COLUMNS[entity])["rank"].sort_index()

    def profiles(self, entity: str) -> pd.DataFrame:
        """One row per subject: its features and `peer_group`, index its id, sorted."""
        return self._by_subject(f"{entity}_profiles", entity)

    def table(self, name: str) -> pd.DataFrame:
        """Return an output table as outputs.csv describes it."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def ring_tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return rings, members and edges: the ledger from which the next month's ids and status follow."""
        return self.table("rings"), self.table("ring_members"), self.table("ring_edges")

    def _by_subject(self, name: str, entity: str) -> pd.DataFrame:
        if name not in self._by_id:
            self._by_id[name] = self._read(name).set_index(ID_COLUMNS[entity]).sort_index()
        return self._by_id[name]

    def _read(self, name: str) -> pd.DataFrame:
        file, told = self.folder / f"{name}.parquet", self._outputs.get(name)
        if told is not None and file.is_file() and digest_of(file.read_bytes()) != told.sha256:
            got = "not what was published (its digest is not the manifest's)"
            hint = f"score the month again: `fraud score --month {self.month}`"
            raise ToolkitError(f"output {name} at {file}: {got}. Hint: {hint}")
        return read_output(self.folder, name)

    @cached_property
    def _outputs(self) -> dict[str, OutputFile]:
        try:
            return self.manifest.outputs
        except OlderFormat:
            return {}


def scored_months(workspace: Workspace, up_to: str | None = None) -> tuple[str, ...]:
    """Return the months that are scored, sorted; with `up_to` none after it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from fraud.workspace import Workspace
    >>> scored_months(Workspace(Path("nowhere")))
    ()

    Raises
    ------
    ToolkitError
        A month's link is damaged.
    """
    found = sorted(path.name for path in workspace.runs.glob("????-??") if MONTH_PATTERN.fullmatch(path.name))
    chosen = [month for month in found if up_to is None or month <= up_to]
    return tuple(
        month for month in chosen if workspace.is_scored(month) and (workspace.run(month) / MANIFEST).is_file()
    )


def previous_run(workspace: Workspace, month: str) -> ScoredRun | None:
    """Find the scored run of the month before, which an older version may have made; None when it is not scored.

    Raises
    ------
    ToolkitError
        It is scored and damaged: ranks and rings would start anew as if it were not there.
    """
    before = month_before(month)
    folder = workspace.runs / before
    # A folder of its own without a manifest was never published; a version without one is damaged.
    if not workspace.is_scored(before) or not (folder.is_symlink() or (folder / MANIFEST).is_file()):
        return None
    run = ScoredRun.of_folder(folder)
    with suppress(OlderFormat):
        _ = run.manifest
    return run


def recorded_run(workspace: Workspace, reference: RunReference | None) -> ScoredRun | None:
    """Find the run that a manifest names.

    Raises
    ------
    InputError
        It is gone, or is no longer what it was.
    """
    if reference is None:
        return None
    run = ScoredRun.of_folder(workspace.versions / reference.version)
    if not (run.folder / MANIFEST).is_file() or run.reference != reference:
        what = f"version '{reference.version}' of the month before"
        hint = "its rings and ranks are needed; restore it from a backup"
        raise InputError.of(what, f"in {workspace.versions}", "gone or changed", hint)
    return run
