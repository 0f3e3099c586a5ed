"""Amounts that nobody can mean: far more than the store holds as billed of the subject, over all its months."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from features.engine import DuckDBEngine
from features.vocabulary.money import MINOR_UNITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from features.claims import ClaimsStore

# Of a settlement, which provider, patient or settlement a decision may be about.
_KEYS = {"provider": "provider", "patient": "person", "settlement": "settlement"}
_AMOUNTS = ("confirmed_amount", "recovered_amount")
# A review may look back over years of which the store holds months, so only what is beyond all of them is absurd.
# Our proposal: four years at a month of the store are 48 times what it holds.
_MOST_TIMES = 100


class Billed:
    """Billed amounts of the subjects asked for, in minor units; a subject without settlements is not known.

    Parameters
    ----------
    store : ClaimsStore
        All its months are read.
    subjects : collection of (str, str)
        Subject types and ids as stored.
    """

    def __init__(self, store: ClaimsStore, subjects: Collection[tuple[str, str]]) -> None:
        self._amounts: dict[tuple[str, str], int] = {}
        asked = {kind: sorted(each for of, each in subjects if of == kind) for kind in _KEYS}
        if not any(asked.values()):
            return
        with DuckDBEngine(threads=1) as engine:
            store.attach(engine, months=list(store.months()))
            for kind, ids in asked.items():
                rows = engine.rows(_sql(_KEYS[kind]), [ids]) if ids else []
                self._amounts |= {(kind, str(subject)): int(amount) for subject, amount in rows}

    def faults(self, label: Mapping[str, str]) -> Iterator[str]:
        """Say which amounts of a label are absurd; how much was billed of a person stays unsaid."""
        billed = self._amounts.get((label.get("subject_type", ""), label.get("subject_id", "")))
        for name in _AMOUNTS:
            text = label.get(name, "")
            if billed and _minor(text) > _MOST_TIMES * billed:
                yield f"{name}: more than {_MOST_TIMES} times all that was billed of the subject; correct it"


def _sql(domain: str) -> str:
    return f"""
        select c.{domain}_id, sum(greatest(s.total_amount, 0)) from settlements s
        join codes_{domain} c on c.{domain}_key = s.{domain}_key
        where c.{domain}_id in (select unnest(?)) group by all order by all
    """


def _minor(text: str) -> Decimal:
    """Return an amount in minor units, 0 where the text is none: that has a reason of its own."""
    is_amount = text.replace(".", "", 1).isdecimal() and text.isascii()
    return Decimal(text) * MINOR_UNITS if is_amount else Decimal(0)
