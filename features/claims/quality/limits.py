"""How much may fail in a source before it is none: beyond a limit nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.report import Quality, TableCount

# One bill of a late day may come before its person does; two that fail alike are a fault of the extract.
_FEWEST = 2


@dataclass(frozen=True)
class Limits:
    """Shares of rows that may fail a relation, 0 to 1; a single row always may. Our proposal.

    Parameters
    ----------
    max_dangling_share : float, default 0.5
        Of bills without their person or provider, and of lines without their bill: beyond it ids were lost.
    max_failing_share : float, default 1
        Of rows that fail any other relation, except warnings; at 1 nothing stops, as sums differ by right in some
        systems.
    """

    max_dangling_share: float = 0.5
    max_failing_share: float = 1.0


def refuse_failing(
    quality: Collection[Quality], limits: Limits, where: str, tables: Collection[TableCount] = ()
) -> None:
    """Refuse a source in which a relation fails for more rows than may.

    Parameters
    ----------
    quality : collection of Quality
        What was counted.
    limits : Limits
        What may fail.
    where : str
        The source, for the error.
    tables : collection of TableCount
        What became of its rows: ids dangle where the rows that they name are quarantined.

    Raises
    ------
    InputError
        The relation with the largest share beyond its limit, with its counts and the first place.
    """
    keys = {"required": "max_dangling_share", "relation": "max_failing_share"}
    beyond = [
        each
        for each in quality
        if each.kind in keys and each.n_failing >= _FEWEST and each.share > getattr(limits, keys[each.kind])
    ]
    if beyond:
        worst = max(beyond, key=lambda each: each.share)
        key = keys[worst.kind]
        may = getattr(limits, key)
        got = f"{worst.n_failing:,} of {worst.n_checked:,} rows fail (first: {worst.first}), a share above {may:g}"
        named = next((each for each in tables if worst.meaning.endswith(f" of {each.table}") and each.reasons), None)
        if named is not None:
            n, why = named.n_quarantined, named.reasons[0][0]
            got = (
                f"{worst.n_failing:,} of {worst.n_checked:,} rows fail (first: {worst.first}), a share above {may:g}; "
                f"{n:,} of {named.table} are quarantined (most often: {why})"
            )
        hint = (
            "`fraud check` shows all; mend ids or leave rows out by `where` in the mapping, "
            f"or raise [ingest] {key} in the settings"
        )
        raise InputError.of(worst.meaning, where, got, hint)
