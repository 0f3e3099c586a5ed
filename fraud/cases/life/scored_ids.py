"""Rings and findings that some scored month has: what a label may speak of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from fraud.workspace import Workspace


class ScoredIds:
    """Ids of all scored months, read when they are first asked for.

    Parameters
    ----------
    workspace : Workspace
        Holds the months.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def rings(self) -> frozenset[str]:
        """Ids of rings."""
        return frozenset(ring for table in self._tables("rings") for ring in table["ring_id"])

    @cached_property
    def findings(self) -> dict[str, tuple[str, str]]:
        """Subject type and subject by the id of a finding, as stored."""
        return {
            finding: (kind, subject)
            for table in self._tables("findings")
            for finding, kind, subject in table[["finding_id", "subject_type", "subject_id"]].itertuples(index=False)
        }

    def _tables(self, name: str) -> Iterator[pd.DataFrame]:
        for month in scored_months(self._workspace):
            yield ScoredRun.of_folder(self._workspace.run(month)).table(name)
