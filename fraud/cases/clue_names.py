"""Names of clues: what packs call a rule, a kind of ring, a feature or the model, each by its own catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.catalogue import features
from features.errors import InputError
from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.rings import KINDS
from fraud.rules.catalogue import library_rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fraud.cases.case import Case
    from fraud.workspace import Workspace

MODEL_SCORE = Text("Score of the model", "模型评分")
# What a case stands on of which no finding speaks.
_BEYOND_EXPECTATION, _NO_CLUE = Text("Paid beyond expectation", "支付高于预期"), Text("No clue", "无线索")


def rule_names(workspace: Workspace) -> dict[str, Text]:
    """Return the names of our rules and the payer's, by code.

    A pack of a month scored before does not wait for a rule file that was damaged since: the payer's own rules then go
    by their codes.
    """
    try:
        rules = rules_of(workspace)
    except InputError:
        rules = library_rules()
    return {rule.code: rule.name for rule in rules}


def clue_names(rules: Mapping[str, Text], entity: str) -> dict[tuple[str, str], Text]:
    """Return the names of all that may speak of a provider or patient, by source and code of its findings.

    Examples
    --------
    >>> names = clue_names({"early_refills": Text("Refills ahead of time", "多次提前取药")}, "provider")
    >>> names["rule", "early_refills"].zh, names["ring", "provider_sharing"].zh, names["model", "model_score"].zh
    ('多次提前取药', '机构共用参保人', '模型评分')
    """
    return {
        **{("rule", code): name for code, name in rules.items()},
        **{("ring", kind.code): kind.name for kind in KINDS},
        **{("peer", name): feature.title for name, feature in features(entity).items()},
        ("model", "model_score"): MODEL_SCORE,
    }


def clues_of(case: Case) -> tuple[tuple[str, Text], ...]:
    """Return what a case may be about, each with its code: its schemes, or without one what it stands on instead.

    Without a scheme that is what its findings are of; without a finding, money beyond expectation.
    """
    if case.scheme_codes:
        return tuple((code, scheme(code).name) for code in case.scheme_codes)
    if case.findings:
        return tuple({finding.code: (finding.code, finding.name) for finding in case.findings}.values())
    return (("", _BEYOND_EXPECTATION if case.priority.expected_recovery_amount else _NO_CLUE),)


def with_code(name: Text, code: str) -> Text:
    """Return a name followed by its code; a code without a name stands alone.

    Examples
    --------
    >>> with_code(Text("Refills ahead of time", "多次提前取药"), "early_refills").zh
    '多次提前取药 early_refills'
    """
    return Text(*(text if text == code else f"{text} {code}" for text in (name.en, name.zh)))


def lines_with_names(case: Case, lang: str) -> pd.DataFrame:
    """Return the lines of a case with the name and the code of what names them, in place of the code.

    A rule and a feature may have one code, so it is the finding that tells which is meant.
    """
    names = {finding.finding_id: with_code(finding.name, finding.code).of(lang) for finding in case.findings}
    lines = case.lines
    pairs = zip(lines["finding_id"], lines["code"], strict=True)
    return lines.assign(code=[names.get(finding, code) for finding, code in pairs])
