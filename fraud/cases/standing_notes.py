"""What a case says of its place: whom of a ring it stands for, and which quotas moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.pseudonyms import NATURAL_PERSONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fraud.cases.choose import Standing

# More names would be a list of their own; the ring's drawing has all of them.
_MOST_NAMED = 20
_QUOTAS: Mapping[str, Text] = {
    "scheme": Text("its leading scheme", "主要行为类型"),
    "kind": Text("its kind of provider", "机构类别"),
    "region": Text("its region", "地区"),
    "patient": Text("insured persons", "参保人"),
}


def standing_notes(standing: Standing, shown: Callable[[str, str], str]) -> tuple[Text, ...]:
    """Say whom a case stands for and why it has its place; `shown` turns subject type and id into what may be shown.

    Examples
    --------
    >>> from fraud.cases.choose import Standing
    >>> for note in standing_notes(Standing(held_from=3, held_by=("scheme", "region")), lambda kind, one: one):
    ...     print(note.en)
    Held back from place 3, given to a lower priority: the share of its leading scheme and its region was full.
    """
    notes = []
    if standing.folded:
        notes.append(_folded(standing, shown))
    if standing.held_from is not None:
        en, zh = _named(standing.held_by)
        notes.append(
            Text(
                f"Held back from place {standing.held_from}, given to a lower priority: the share of {en} was full.",
                f"按优先级可列第{standing.held_from}位，因{zh}名额已满而顺延至此，该位由优先级较低者递补。",
            )
        )
    if standing.lifted:
        en, zh = _named(standing.lifted)
        notes.append(
            Text(
                f"Beyond the share of {en}: no other candidate within reach kept every share.",
                f"此处已超出{zh}的名额比例：可选对象中无人符合全部比例。",
            )
        )
    return tuple(notes)


def _folded(standing: Standing, shown: Callable[[str, str], str]) -> Text:
    institutions = [shown(kind, one) for kind, one in standing.folded if kind not in NATURAL_PERSONS]
    named, n_more = institutions[:_MOST_NAMED], max(0, len(institutions) - _MOST_NAMED)
    n_persons = len(standing.folded) - len(institutions)
    en = [*named, *([f"{n_more:,} more"] if n_more else []), *([_persons(n_persons)] if n_persons else [])]
    zh = [*named, *([f"另{n_more:,}家"] if n_more else []), *([f"{n_persons:,}人"] if n_persons else [])]
    return Text(
        f"Case of ring {standing.ring_id}. Its other core members have no case of their own this month; they are "
        f"reviewed with this one: {', '.join(en)}. Money and lines are of this subject alone.",
        f"团组{standing.ring_id}合并立案。其余核心成员本月不单独立案，随本案一并核查：{'、'.join(zh)}。金额与明细仅为本对象。",
    )


def _persons(n: int) -> str:
    return f"{n:,} person{'' if n == 1 else 's'}"


def _named(quotas: Sequence[str]) -> tuple[str, str]:
    words = [_QUOTAS[each] for each in quotas]
    return " and ".join(word.en for word in words), "、".join(word.zh for word in words)
