"""What a case says of its place: whom of a ring it stands for, and which quotas moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fraud.cases.choose import Standing

# More names would be a list of their own; the ring's drawing and cases.json have all providers.
_MOST_NAMED = 20
_QUOTAS: Mapping[str, Text] = {
    "scheme": Text("leading scheme", "主要行为类型"),
    "kind": Text("kind of provider", "机构类别"),
    "region": Text("region", "地区"),
    "patient": Text("insured persons", "参保人"),
}


def standing_notes(standing: Standing, shown: Callable[[str, str], str]) -> tuple[Text, ...]:
    """Say whom a case stands for and why it has its place; `shown` turns subject type and id into what may be shown.

    Examples
    --------
    >>> from fraud.cases.choose import Standing
    >>> for note in standing_notes(Standing(held_from=3, held_by=("scheme", "region")), lambda kind, one: one):
    ...     print(note.en)
    By priority alone it would have come at place 3: its leading scheme and its region had their shares of the places.
    """
    notes = []
    if standing.folded:
        notes.append(_folded(standing, shown))
    if standing.held_from is not None:
        en, zh = _named(standing.held_by)
        share = "its share" if len(standing.held_by) == 1 else "their shares"
        notes.append(
            Text(
                f"By priority alone it would have come at place {standing.held_from}: {en} had {share} of the places.",
                f"仅按优先级应排第{standing.held_from}位；因{zh}的名额当时已满，顺延至此。",
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
    named = [shown(*each) for each in standing.folded[:_MOST_NAMED]]
    n, n_more = len(standing.folded), len(standing.folded) - len(named)
    more = Text(f" and {n_more:,} more" if n_more else "", f"等{n:,}个" if n_more else "")
    return Text(
        f"Case of ring {standing.ring_id}: {n:,} more of its core members have no case of their own this month and are "
        f"reviewed with it: {', '.join(named)}{more.en}. Money and lines below are of this subject alone.",
        f"团组{standing.ring_id}合并立案：其余{n:,}个核心成员本月不单独立案，一并核查："
        f"{'、'.join(named)}{more.zh}。以下金额与明细仅为本对象。",
    )


def _named(quotas: Sequence[str]) -> tuple[str, str]:
    words = [_QUOTAS[each] for each in quotas]
    return " and ".join(f"its {word.en}" for word in words), "、".join(word.zh for word in words)
