"""The sampling plan: how the queue was drawn and from what, and how to sample claim lines within a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.cases.clue_names import with_code
from fraud.cases.pack import workbook_words as words
from fraud.cases.pack.sheets.steps import Step
from fraud.cases.rule_gaps import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.cases.case import CasePack


def sampling_steps(pack: CasePack) -> Iterator[Step]:
    """Yield how the queue of a pack was drawn, where it comes from, and how to sample within a case."""
    yield from _queue_steps(pack)
    yield from (_drawn_step(key, value) for key, value in pack.sampling.items())
    for name, value in pack.run.items():
        label = words.RUN_FACTS.get(name, Text(name, name))
        yield Step(words.RUN, label, words.NOTHING, words.NO_MODEL.get(value, value), "text")
    for gap in pack.gaps:
        yield Step(KINDS[gap.kind], with_code(gap.name, gap.rule), gap.says, gap.n_findings, "integer")
    if pack.points:
        months = Text(", ".join(pack.points_months), "、".join(pack.points_months))
        yield Step(words.SHEETS["points"], *words.POINTS_MONTHS, months, "text")
    for item, how in words.ADVICE:
        yield Step(words.WITHIN_A_CASE, item, how, None, "text")


def _queue_steps(pack: CasePack) -> Iterator[Step]:
    audited = sum(case.selection_reason == "random_audit" for case in pack.cases)
    yield Step(words.QUEUE, *words.MONTH, pack.month, "text")
    if not pack.is_unmasked:
        yield Step(words.QUEUE, words.PSEUDONYMS, pack.scope.told, words.REACHES[pack.scope.reach], "text")
    yield Step(words.QUEUE, *words.PROVIDERS_SCORED, pack.n_providers, "integer")
    yield Step(words.QUEUE, *words.PATIENTS_SCORED, pack.n_patients, "integer")
    yield Step(words.QUEUE, *words.BY_PRIORITY, len(pack.cases) - audited, "integer")
    yield Step(words.QUEUE, *words.AT_RANDOM, audited, "integer")


def _drawn_step(key: str, value: object) -> Step:
    """Say one thing of the random audit; a key such as `provider_seed` tells of one stratum."""
    entity, _, rest = key.partition("_")
    part, name = (words.AUDIT_OF[entity], rest) if entity in words.AUDIT_OF else (words.AUDIT, key)
    label = words.DRAWN_BY.get(name, Text(name, name))
    if isinstance(value, float):
        return Step(part, label, words.NOTHING, value, "number")
    # As text: a seed has more digits than the number of a cell holds.
    return Step(part, label, words.NOTHING, words.GENERATORS.get(str(value), str(value)), "text")
