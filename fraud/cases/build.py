"""Build the pack of a scored month: its queue, and the case of every subject in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.vocabulary.entities import ID_COLUMNS, SCORED
from fraud.cases.case import CasePack
from fraud.cases.keyed_ids import case_id, shown_findings
from fraud.cases.make_case import CaseParts, make_case
from fraud.cases.peer_views import PeerViews
from fraud.cases.queue import ScoredTables, draw_queue
from fraud.cases.ring_views import RingViews
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.runs.tables import read_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fraud.cases.queue import Queue
    from fraud.settings import Settings
    from fraud.workspace import Workspace

_TABLES = ("findings", "finding_lines", "rings", "ring_members", "ring_edges", "explanations")


@dataclass(frozen=True)
class Month:
    """The tables of a scored month, read once."""

    folder: Path
    manifest: dict[str, Any]
    scores: dict[str, pd.DataFrame]
    profiles: dict[str, pd.DataFrame]
    tables: dict[str, pd.DataFrame]

    @classmethod
    def read(cls, workspace: Workspace, month: str) -> Month:
        """Read a scored month, or refuse one that is not."""
        folder = workspace.run(month).resolve()
        return cls(
            folder=folder,
            manifest=json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
            scores={e: read_output(folder, f"{e}_scores").set_index(ID_COLUMNS[e]).sort_index() for e in SCORED},
            profiles={e: read_output(folder, f"{e}_profiles").set_index(ID_COLUMNS[e]).sort_index() for e in SCORED},
            tables={name: read_output(folder, name) for name in _TABLES},
        )


def build_pack(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    top: int | None = None,
    entities: Sequence[str] = SCORED,
    lang: str = "en",
    unmask: bool = False,
) -> CasePack:
    """Build the pack of a scored month.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month and the store.
    month : str
        YYYY-MM.
    settings : Settings
        Engine limits and case settings.
    top : int, optional
        Places in the queue; by default the setting.
    entities : sequence of str
        Whose cases: `provider`, `patient` or both.
    lang : str
        `en` or `zh`.
    unmask : bool
        Whether ids of persons are shown as stored.

    Raises
    ------
    InputError
        The month is not scored.
    """
    names = Pseudonyms(workspace)
    read = Month.read(workspace, month)
    scored = ScoredTables(month, read.scores, shown_findings(read.tables, names))
    spill = Path(settings.engine.spill_folder) if settings.engine.spill_folder else None
    with DuckDBEngine(settings.engine.memory_limit, settings.engine.threads, spill) as engine:
        ClaimsStore.open(workspace.store).attach(engine, months=sorted(read.manifest["inputs"]["claims"]["months"]))
        places = top or settings.cases.top
        queue = draw_queue(engine, scored, settings=settings.cases, places=places, entities=entities)
    shown: Callable[[str], str] = (lambda person: person) if unmask else (lambda person: names.of(person, CASES))
    return CasePack(
        month=month,
        lang=lang,
        cases=tuple(make_case(parts, shown) for parts in _parts_of_cases(read, scored, queue, names, shown)),
        n_providers=len(read.scores["provider"]),
        n_patients=len(read.scores["patient"]),
        run=_run(read),
        is_unmasked=unmask,
        sampling=queue.sampling,
        not_checked=tuple(sorted(read.manifest.get("not_checked", {}).get("rules", {}))),
    )


def _parts_of_cases(
    read: Month, scored: ScoredTables, queue: Queue, names: Pseudonyms, shown: Callable[[str], str]
) -> Iterator[CaseParts]:
    """Yield what is known of each subject of the queue, in its order."""
    tables = scored.tables
    tail = float(read.manifest["settings"]["scoring"]["min_peer_percentile"])
    rings = RingViews(tables, shown)
    peers: dict[str, PeerViews] = {
        entity: PeerViews(entity, read.profiles[entity], tables["explanations"], tail) for entity in SCORED
    }
    findings = dict(iter(tables["findings"].groupby(["subject_type", "subject_id"], sort=True)))
    in_rings = tables["ring_members"].groupby("member_id")["amount"].max()
    for chosen in queue.chosen:
        key = (chosen.entity, chosen.subject_id)
        entity, subject = key
        is_registered = entity == "provider" and subject in queue.register.index
        yield CaseParts(
            case_id=case_id(names, scored.month, *key),
            month=scored.month,
            chosen=chosen,
            score=scored.scores[entity].loc[subject],
            weighed=queue.weighed.loc[key],
            findings=_strongest_first(findings.get(key, tables["findings"].iloc[:0])),
            evidence=queue.evidence[key],
            register=queue.register.loc[subject] if is_registered else pd.Series(dtype=object),
            ring_amount=int(in_rings.get(subject, 0)),
            peers=peers[entity].of(subject),
            rings=rings.of(subject),
        )


def _run(read: Month) -> dict[str, str]:
    content = (read.folder / "manifest.json").read_bytes()
    models = read.manifest["inputs"].get("models", {})
    named = {e: f"{m['name']} {m['version']}" if m else "none" for e, m in sorted(models.items())}
    return {
        "manifest_sha256": hashlib.sha256(content).hexdigest(),
        "version": read.folder.name,
        "tool_version": str(read.manifest.get("tool_version", "")),
        **{f"model_{entity}": name for entity, name in named.items()},
    }


def _strongest_first(findings: pd.DataFrame) -> pd.DataFrame:
    order = findings["source"].map({"rule": 0, "ring": 1, "model": 2, "peer": 3}).fillna(4)
    keys = ["_order", "exposure_amount", "finding_id"]
    return findings.assign(_order=order).sort_values(keys, ascending=[True, False, True])
