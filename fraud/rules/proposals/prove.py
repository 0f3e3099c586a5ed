"""Run a proposed rule on its own examples: what it says of them, beside what it should say."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.rules.catalogue.load import load_rule
from fraud.rules.run import run_rules

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.rules.proposals.proposal import Proposal

_COLUMNS = ["subject_type", "subject_id", "exposure_amount", "fund_exposure_amount", "n_lines"]
_WINDOW_MONTHS = 6
_MARK = "~"


@dataclass(frozen=True)
class Proof:
    """What a rule said of one example.

    Parameters
    ----------
    kind : str
        One of `EXAMPLE_KINDS`.
    expected, found : frozenset
        As `ProposedExample.expected`.
    """

    kind: str
    expected: frozenset[tuple[str, str, int, int, int]]
    found: frozenset[tuple[str, str, int, int, int]]

    @property
    def holds(self) -> bool:
        """Whether the rule says what it should, no more and no less."""
        return self.expected == self.found


def prove(proposal: Proposal, folder: Path) -> tuple[Proof, ...]:
    """Bring the examples into a store below a folder, each with people and providers of its own, and run the rule.

    Parameters
    ----------
    proposal : Proposal
        The rule and its examples.
    folder : Path
        An empty folder for the store; the caller removes it.

    Raises
    ------
    InputError
        The rule is none that can be loaded, or cannot run.
    """
    rule = load_rule(proposal.rule_toml, f"rules/{proposal.code}.toml")
    _write(proposal, folder / "source")
    ingest_source(folder / "source", folder / "store", threads=1)
    store = ClaimsStore.open(folder / "store")
    found: dict[str, set[tuple[str, str, int, int, int]]] = {kind: set() for kind in proposal.examples}
    with DuckDBEngine(threads=1) as engine:
        for month in sorted({example.month for example in proposal.examples.values()}):
            run = run_rules(store, engine, month, window_months=_WINDOW_MONTHS, rules=(rule,))
            for failed in run.failed:
                hint = "mend the row it was made of"
                raise InputError.of(f"rule '{rule.code}'", f"in {rule.origin}", failed.why, hint)
            for subject, of, *numbers in run.findings.findings[_COLUMNS].itertuples(index=False, name=None):
                kind, _, own = of.partition(_MARK)
                if proposal.examples[kind].month == month:
                    found[kind].add((subject, own, *numbers))
    return tuple(Proof(kind, example.expected, frozenset(found[kind])) for kind, example in proposal.examples.items())


def _write(proposal: Proposal, folder: Path) -> None:
    """Write the examples as one source in which nobody is in two of them."""
    tables: dict[str, list[dict[str, str]]] = {}
    for kind, example in proposal.examples.items():
        for table, rows in example.tables.items():
            tables.setdefault(table, []).extend(
                {name: f"{kind}{_MARK}{value}" if name.endswith("_id") else value for name, value in row.items()}
                for row in rows
            )
    folder.mkdir(parents=True)
    for table, own in tables.items():
        names = list(dict.fromkeys(name for row in own for name in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)
