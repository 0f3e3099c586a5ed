"""The folder that holds everything one payer's run of the toolkit knows."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from features.errors import InputError, ToolkitError
from features.vocabulary.months import check_month
from fraud.audit import append_entry, is_key_of
from fraud.durable import make_folder
from fraud.lock import held
from fraud.workspace_key import load_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """Where store, runs, cases, audit log and model tracking lie.

    Parameters
    ----------
    root : Path
        The folder; made by the first job that writes.
    job : str
        Words of the command that opened it, told to those who wait for it.
    wait_seconds : float
        How long a writer waits for another one.
    """

    root: Path
    job: str = field(default="", compare=False)
    wait_seconds: float = field(default=0.0, compare=False)

    @property
    def store(self) -> Path:
        """The claims store (layout internal to `features.claims`)."""
        return self.root / "store"

    @property
    def facts(self) -> Path:
        """Facts per month, derived from the store and safe to delete."""
        return self.root / "facts"

    @property
    def rules(self) -> Path:
        """The payer's own rules, one TOML file each; `fraud rules accept` adds to them."""
        return self.root / "rules"

    @property
    def proposed_rules(self) -> Path:
        """Rules that somebody proposes and nobody has accepted, a folder each: rule, references and proof."""
        return self.rules / "proposed"

    @property
    def accepted_rules(self) -> Path:
        """What was proved of rules that were accepted, a folder each."""
        return self.rules / "accepted"

    @property
    def set_asides(self) -> Path:
        """What is set aside, until when and why, one JSON object per line."""
        return self.rules / "set_aside.jsonl"

    @property
    def runs(self) -> Path:
        """One link per scored month, each to a finished folder in `versions`."""
        return self.root / "runs"

    @property
    def versions(self) -> Path:
        """Finished folders, never changed once a link has pointed at them."""
        return self.root / "versions"

    @property
    def cases(self) -> Path:
        """Exported review packs."""
        return self.root / "cases"

    @property
    def staging(self) -> Path:
        """Half-written things; emptied by the next writer."""
        return self.root / "staging"

    @property
    def audit_log(self) -> Path:
        """Who did what and when, one JSON object per line, each chained to the one before."""
        return self.root / "audit.jsonl"

    @property
    def tracking_database(self) -> Path:
        """MLflow's SQLite file."""
        return self.root / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """Address of that file, as MLflow takes it."""
        return f"sqlite:///{self.tracking_database.absolute()}"

    @property
    def artifacts(self) -> Path:
        """MLflow's artifacts."""
        return self.root / "mlartifacts"

    def run(self, month: str) -> Path:
        """Folder of a scored month.

        Raises
        ------
        InputError
            The month is not scored.
        ToolkitError
            Its link is damaged.
        """
        if not self.is_scored(month):
            have = sorted(p.name for p in self.runs.glob("????-??")) if self.runs.is_dir() else []
            raise InputError.of(
                f"month '{month}'",
                f"in {self.runs}",
                f"not scored; scored are {', '.join(have) or 'none'}",
                f"run `fraud score --month {month}` first",
            )
        return self.runs / month

    def is_scored(self, month: str) -> bool:
        """Whether a month is published: its link leads to a version of it, here.

        A folder in the link's place, as copying without links makes one, is read as it is.

        Raises
        ------
        ToolkitError
            The link leads elsewhere, or to a version that is gone.
        """
        link = self.runs / check_month(month)
        if not link.is_symlink():
            return link.is_dir()
        target = str(link.readlink())
        version = re.fullmatch(rf"\.\./{self.versions.name}/({month}-[0-9a-f]{{12}})", target)
        folder = self.versions / version[1] if version else None
        if folder is not None and folder.is_dir() and not folder.is_symlink():
            return True
        got = "its link leads to no version of it" if folder is None else f"its version {folder.name} is gone"
        hint = f"`fraud doctor` says more; score it again with `fraud score --month {month}`"
        raise ToolkitError(f"month '{month}' in {self.runs}: {got}. Hint: {hint}")

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Hold the workspace as its one writer.

        Raises
        ------
        InputError
            The place cannot be a workspace, nothing may be written there, or a folder of it is a link.
        ToolkitError
            Another process is writing, or the disk is full.
        """
        with held(self.root, self.job, self.wait_seconds):
            self._refuse_links()
            yield

    def _refuse_links(self) -> None:
        """Refuse folders that lie elsewhere: a copy of the workspace would write into the original's."""
        for path in (self.store, self.facts, self.runs, self.versions, self.cases, self.staging, self.artifacts):
            if path.is_symlink():
                hint = "put the folder itself there, or mount it there"
                raise InputError.of("workspace", f"at {path}", "a link, not a folder of its own", hint)

    def half_written(self) -> Iterator[Path]:
        """Yield what only a killed job leaves, while none runs: staged and half-written files, which nobody reads."""
        for staging in (self.staging, self.store / "staging"):
            if staging.is_dir() and not staging.is_symlink():
                yield from sorted(staging.iterdir())
        for folder, pattern in (
            (self.store, "catalog.json.new"),
            (self.store, "**/writing.parquet"),
            (self.facts, "*/*.writing"),
            (self.rules, "*.new"),
            (self.rules, "*/.*.writing"),
            (self.rules, "*/.*.old"),
            (self.cases, ".*.writing"),
            (self.cases, ".*.old"),
            (self.cases, "*.new"),
            (self.cases, "*/*.new"),
        ):
            yield from sorted(folder.glob(pattern))

    def remove_half_written(self) -> None:
        """Delete what killed jobs left; the caller holds the workspace as its one writer."""
        for path in list(self.half_written()):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def key(self) -> bytes:
        """Return the workspace's secret key, made at first use.

        Raises
        ------
        ToolkitError
            The key that is there must not be used, or is not the one under which the audit log was begun.
        """
        key = load_key(self.root)
        try:
            is_own = is_key_of(self.audit_log, key)
        except OSError as error:
            raise ToolkitError(f"audit log {self.audit_log}: {error.strerror}. Hint: make it readable") from error
        if not is_own:
            got = f"not the one under which {self.audit_log.name} was begun, or the log's first line was changed"
            raise ToolkitError(f"key of the workspace in {self.root}: {got}. Hint: restore key and log from one backup")
        return key

    def record(self, action: str, **facts: Any) -> None:
        """Append one line to the audit log: who, when, what; never a row of data.

        Raises
        ------
        ToolkitError
            The line cannot be written; what it records must not be done either.
        """
        try:
            make_folder(self.root)
            append_entry(self.audit_log, self.key(), action, facts)
        except OSError as error:
            got = f"{error.strerror}; '{action}' is not recorded"
            raise ToolkitError(f"audit log {self.audit_log}: {got}. Hint: make it writable, or free space") from error
