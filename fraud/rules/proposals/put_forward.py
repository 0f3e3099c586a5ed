"""Put a row forward: its rule proved on its own examples and back-tested over the store, and kept; not in force."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from fraud.rules.catalogue import with_rule
from fraud.rules.catalogue.load import load_rule
from fraud.rules.life.backtest import backtest
from fraud.rules.proposals.keep import proposed_codes, write_proposal
from fraud.rules.proposals.propose import propose
from fraud.rules.proposals.prove import prove
from fraud.rules.proposals.whom import Whom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from features.claims import ClaimsStore
    from features.vocabulary.text import Text
    from fraud.rules.declare import Rule
    from fraud.rules.proposals.proposal import Proposal
    from fraud.rules.proposals.prove import Proof
    from fraud.rules.proposals.read_rows import ProposedRow
    from fraud.settings import Settings
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class PutForward:
    """What was shown of a proposed rule.

    Parameters
    ----------
    rule : Rule
        The rule, not in force.
    proofs : tuple of Proof
        What it says of its own examples.
    examples : mapping of str to Text
        What each of them shows, in words.
    months : DataFrame
        As `backtest` returns it, beside the version in force where there is one.
    whom : dict
        By trait of providers, and `providers`: those of most exposure. Money in minor units.
    in_force : Rule or None
        The version that it would take the place of.
    is_proposed_again : bool
        Whether an earlier proposal of its code, not accepted, gave way to it.
    """

    rule: Rule
    proofs: tuple[Proof, ...]
    examples: Mapping[str, Text]
    months: pd.DataFrame
    whom: dict[str, list[dict[str, Any]]]
    in_force: Rule | None
    is_proposed_again: bool


def put_forward(
    workspace: Workspace,
    store: ClaimsStore,
    row: ProposedRow,
    months: Sequence[str],
    *,
    rules: tuple[Rule, ...],
    settings_of: Callable[[tuple[Rule, ...]], Settings],
    today: date,
    window_months: int,
) -> PutForward:
    """Make a rule of a row, prove it, say what it would have cost and whom, and keep it as proposed.

    The caller holds `workspace.writer()`.

    Parameters
    ----------
    workspace, store : Workspace, ClaimsStore
        Where it would be in force.
    row : ProposedRow
        The row.
    months : sequence of str
        Of the store: over which it is back-tested.
    rules : tuple of Rule
        Those in force.
    settings_of : callable
        The settings, given the rules whose numbers they hold.
    today : date
        For the proof.
    window_months : int
        Months that each run looks at.

    Raises
    ------
    InputError
        The row is wrong, its rule cannot stand beside the others, or it does not say of its own examples what it
        should; nothing is kept.
    """
    in_force = {rule.code: rule for rule in rules}
    proposal = propose(row, known_items=_items(store, settings_of(rules)))
    proposal = _as_next_version(proposal, in_force.get(proposal.code))
    rule = load_rule(proposal.rule_toml, f"rules/{proposal.code}.toml")
    others = with_rule(rule, rules)
    proofs = _proved(workspace, proposal)
    before = in_force.get(rule.code)
    settings, settings_then = settings_of(others), settings_of(rules)
    with settings.engine.open() as engine:
        whom = Whom(engine)
        found = backtest(
            store,
            engine,
            rule,
            months,
            window_months=window_months,
            settings=settings.rules,
            beside=before,
            settings_beside=settings_then.rules,
            look=whom.look,
        )
    says = {kind: example.says for kind, example in proposal.examples.items()}
    by_trait = {**whom.by_trait(), "providers": whom.providers()}
    shown = PutForward(rule, proofs, says, found, by_trait, before, rule.code in proposed_codes(workspace))
    write_proposal(workspace, proposal, _proof(proposal, shown, today))
    return shown


def _items(store: ClaimsStore, settings: Settings) -> frozenset[str]:
    with settings.engine.open() as engine:
        store.attach_only(engine, "codes_item")
        return frozenset(str(row[0]) for row in engine.rows("select item_code from codes_item"))


def _as_next_version(proposal: Proposal, before: Rule | None) -> Proposal:
    """Give a proposal of a code that is in force the version after it."""
    if before is None:
        return proposal
    number = int(before.version) + 1 if before.version.isdecimal() else f"{before.version}.1"
    text = proposal.rule_toml.replace('version = "1"', f'version = "{number}"', 1)
    return replace(proposal, rule_toml=text)


def _proved(workspace: Workspace, proposal: Proposal) -> tuple[Proof, ...]:
    folder = workspace.staging / "proposal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        proofs = prove(proposal, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for proof in proofs:
        if not proof.holds:
            hint = "mend the row, or write the rule by hand: fraud/rules/README.md"
            raise InputError.of("proposed row", proposal.where, _wrong(proof.kind), hint)
    return proofs


def _wrong(kind: str) -> str:
    if kind == "hit":
        return "its hit is not found as it should be"
    if kind == "near_miss":
        return "its near miss is found, though it just keeps the limit"
    return "its innocent twin is found, though it is lawful"


def _proof(proposal: Proposal, shown: PutForward, today: date) -> dict[str, Any]:
    return {
        "code": shown.rule.code,
        "version": shown.rule.version,
        "row": proposal.where,
        "on": today.isoformat(),
        "by": os.environ.get("USER", "unknown"),
        "in_force": None if shown.in_force is None else shown.in_force.version,
        "examples": [
            {
                "kind": proof.kind,
                "says_en": shown.examples[proof.kind].en,
                "says_zh": shown.examples[proof.kind].zh,
                "expected": len(proof.expected),
                "found": len(proof.found),
                "holds": proof.holds,
            }
            for proof in shown.proofs
        ],
        "months": shown.months.to_dict(orient="records"),
        "whom": shown.whom,
    }
