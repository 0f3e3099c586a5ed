"""A proposal: a rule as text, the references that say the same, and claims on which it can be seen to be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.vocabulary.text import Text

# What every proposal shows, in the order in which it is shown.
EXAMPLE_KINDS = ("hit", "near_miss", "innocent_twin")

# Rows of one contract table in contract form: column -> text in the contract's grammar.
Rows = tuple["Mapping[str, str]", ...]


@dataclass(frozen=True)
class ProposedExample:
    """A few claims, and what the rule must say of them.

    Parameters
    ----------
    says : Text
        What it shows, in words.
    tables : mapping of str to rows
        Contract tables: all that `ingest` requires, and what the rule reads; no references.
    month : str
        The claims month to look at, YYYY-MM.
    expected : frozenset
        `(subject type, subject id, exposure, fund exposure, violating lines)`, money in minor units; empty where
        nothing may be said.
    """

    says: Text
    tables: Mapping[str, Rows]
    month: str
    expected: frozenset[tuple[str, str, int, int, int]] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """A rule that somebody proposes and nobody has accepted.

    Parameters
    ----------
    code : str
        Of the rule; its file is `<code>.toml`.
    where : str
        The row that it was made of, for messages: file and row.
    rule_toml : str
        The whole rule, as `load_rule` reads it. It names its items itself and needs no reference.
    reference_rows : mapping of str to rows
        What a reference would have to say to mean the same: rows of `ref_items` or `ref_item_pairs`, contract form.
    examples : mapping of str to ProposedExample
        By `EXAMPLE_KINDS`: claims that break the limit, that just keep it, and that look alike and are lawful.
    """

    code: str
    where: str
    rule_toml: str
    reference_rows: Mapping[str, Rows]
    examples: Mapping[str, ProposedExample]
