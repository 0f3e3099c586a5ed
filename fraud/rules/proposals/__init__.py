"""Proposed rules: a row of a knowledge base, or a small TOML file, becomes a whole rule with examples of its own.

`read_rows(path)` ▶ `propose(row)` ▶ `Proposal` ▶ `prove(proposal, folder)`. Nothing here is in force: who accepts a
proposal writes its `rule_toml` where the payer's rules lie.
"""

from fraud.rules.proposals.proposal import EXAMPLE_KINDS, Proposal, ProposedExample
from fraud.rules.proposals.propose import propose
from fraud.rules.proposals.prove import Proof, prove
from fraud.rules.proposals.read_rows import ProposedRow, read_rows

__all__ = ["EXAMPLE_KINDS", "Proof", "Proposal", "ProposedExample", "ProposedRow", "propose", "prove", "read_rows"]
