"""Ids of labels: what makes a decision one decision, digested under the workspace's key."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from features.engine import DuckDBEngine
from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.claims import ClaimsStore
    from fraud.workspace import Workspace

# What makes one decision: giving it again, or by another way, is the same label.
IDENTITY = ("case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date")
_PURPOSE, _SHOWN = "label", "label id"
_DIGITS = 24
# Earlier versions digested a decision without the key; such an id gives its person away to whoever can try ids.
_UNKEYED = re.compile(r"L-[0-9a-f]{16}")


class LabelIds:
    """Names labels, and knows again those that were named before ids were keyed.

    Parameters
    ----------
    workspace : Workspace
        Has the key.
    store : ClaimsStore
        Has the labels.
    """

    def __init__(self, workspace: Workspace, store: ClaimsStore) -> None:
        self._key = workspace.key()
        self._unkeyed = {each for each in stored_label_ids(store) if _UNKEYED.fullmatch(each)}
        self._stored = {self.shown(each): each for each in self._unkeyed}

    def of(self, label: Mapping[str, str]) -> str:
        """Return the id of a decision: as stored where an earlier version stored it, else under the key."""
        texts = [label.get(name, "") for name in IDENTITY]
        if self._unkeyed:
            digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
            if (unkeyed := f"L-{digest[:16]}") in self._unkeyed:
                return unkeyed
        return f"L-{keyed_digest(self._key, _PURPOSE, *texts)[:_DIGITS]}"

    def shown(self, label_id: str) -> str:
        """Return the id under which a label stands outside of the store: one that was made without key is keyed."""
        return shown_label_id(self._key, label_id)

    def stored(self, label_id: str) -> str:
        """Return the id as stored of a label by the id that is shown."""
        return self._stored.get(label_id, label_id)


def shown_label_id(key: bytes, label_id: str) -> str:
    """Return the id of a label for logs; see `LabelIds.shown`."""
    return f"L-{keyed_digest(key, _SHOWN, label_id)[:_DIGITS]}" if _UNKEYED.fullmatch(label_id) else label_id


def stored_label_ids(store: ClaimsStore) -> set[str]:
    """Return the ids of all labels of a store."""
    if not store.has("labels"):
        return set()
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, "labels")
        return {str(row[0]) for row in engine.rows("select label_id from labels")}
