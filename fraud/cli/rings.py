"""`fraud rings`: providers that share more patients than chance."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich.table import Table

from features.errors import InputError
from features.outside import read_text, refusing
from features.vocabulary.money import money_text
from features.vocabulary.months import window
from fraud.cli.chinese import language, told
from fraud.cli.options import AsJson, Month, WindowMonths
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, say, session, show_json

if TYPE_CHECKING:
    from fraud.cases.keyed_ids import ShownPersons
    from fraud.rings import Rings


def rings_find(
    context: typer.Context,
    *,
    month: Month,
    window_months: WindowMonths = None,
    seed_subjects: Annotated[
        Path | None, typer.Option(help="CSV with a column subject_id: show only what these subjects lead to.")
    ] = None,
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Find providers that share more patients than chance; nothing is written."""
    from features.claims import ClaimsStore
    from features.links import person_provider_links
    from fraud.rings import Rings, find_rings
    from fraud.rings.seeds import seeded_rings
    from fraud.runs.read import previous_run

    seeds = read_seeds(seed_subjects) if seed_subjects is not None else None
    shared = session(context)
    settings = shared.settings()
    store = ClaimsStore.open(shared.workspace.store)
    persons = persons_on_screen(shared.workspace, show_ids, "rings find", month=month)
    months = window(store.months(), month, window_months or settings.scoring.window_months)
    with settings.engine.open() as engine:
        store.attach(engine, months=months)
        links = person_provider_links(engine)
    say(f"rings: {len(links.edges):,} links of {len(links.persons):,} persons and {len(links.providers):,} providers")
    before = previous_run(shared.workspace, month)
    ledger = None if before is None else Rings(*before.ring_tables())
    rings = find_rings(links, month, settings.rings, previous=ledger)
    found = rings.rings.sort_values(["log_likelihood_ratio", "ring_id"], ascending=[False, True])
    if seeds is not None:
        paths = seeded_rings(rings, links.edges, seeds, shown=persons.subject)
        found = found.merge(paths, on="ring_id")
    if rings.n_withheld:
        say(
            f"rings: {rings.n_withheld} candidates withheld: place of residence is too coarse to tell rings from "
            "neighbourhoods. Hint: fill persons.township_code"
        )
    if as_json:
        show_json(_records(found, rings, persons))
        return
    _show(found, month)


def read_seeds(path: Path) -> frozenset[str]:
    """Read the subjects of a seed file.

    Raises
    ------
    InputError
        No readable CSV, no column subject_id, or no subject in it.
    """
    hint = "give a CSV with a column subject_id"
    text = read_text(path, "seed subjects in", hint)
    with refusing("seed subjects", f"in {path}", hint):
        table = pd.read_csv(io.StringIO(text), dtype="str", on_bad_lines="error")
    if "subject_id" not in table.columns:
        raise InputError.of("column 'subject_id'", f"in {path}", "not there", "name the column of ids subject_id")
    seeds = frozenset(table["subject_id"].dropna().str.strip()) - {""}
    if not seeds:
        raise InputError.of("seed subjects", f"in {path}", "no subject in it", "give at least one")
    return seeds


def _records(found: pd.DataFrame, rings: Rings, persons: ShownPersons) -> list[dict[str, object]]:
    records: list[dict[str, object]] = json.loads(
        found.to_json(orient="records", date_format="iso", double_precision=9)
    )
    for record in records:
        own = rings.members.loc[rings.members["ring_id"] == record["ring_id"]]
        pairs = zip(own["member_type"], own["member_id"], strict=True)
        own = own.assign(member_id=[persons.subject(kind, member) for kind, member in pairs])
        record["members"] = json.loads(own.drop(columns="ring_id").to_json(orient="records", double_precision=9))
    return records


def _show(found: pd.DataFrame, month: str) -> None:
    table = Table("ring", "status", "providers", "patients", "observed", "expected", "evidence", "certified", "amount")
    for row in found.itertuples(index=False):
        table.add_row(
            row.ring_id,
            row.status,
            f"{row.n_providers}",
            f"{row.n_patients}",
            f"{row.observed:,.0f}",
            f"{row.expected:,.1f}",
            f"{row.log_likelihood_ratio:,.0f}",
            told("yes" if row.is_certified else "no"),
            money_text(row.amount),
        )
    out().print(table)
    count = f"{len(found)} ring{'' if len(found) == 1 else 's'}"
    out().print(f"{count} in {month}. A ring is worth a look; it proves nothing.")
    reasons = found["reason_zh" if language() == "zh" else "reason_en"]
    for row, reason in zip(found.itertuples(index=False), reasons, strict=True):
        out().print(f"{row.ring_id}: {reason}")
        if "seed_path" in found.columns:
            out().print(f"  seeds: {row.seed_path}")
