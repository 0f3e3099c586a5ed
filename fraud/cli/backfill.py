"""The months of `fraud score --from --to`: each told as it ends, none of their tables kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fraud.cli.session import say
from fraud.cli.set_aside import say_hidden
from fraud.scoring import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fraud.scoring import Backfilled, ScoredMonth


@dataclass(frozen=True)
class Told:
    """What is left to print of a backfill, and its exit code: that of the first failure, or 0."""

    lines: tuple[str, ...]
    records: tuple[dict[str, Any], ...]
    exit_code: int


def tell_months(
    months: Iterable[Backfilled], line: Callable[[ScoredMonth], str], record: Callable[[ScoredMonth], dict[str, Any]]
) -> Told:
    """Say what became of each month as it ends, and all of them at the end.

    Parameters
    ----------
    months : iterable of Backfilled
        Scored while they are asked for.
    line, record : callable
        A scored month in one line, and for a program.
    """
    lines, records, exit_code = [], [], 0
    counts = dict.fromkeys(Outcome, 0)
    for each in months:
        counts[each.outcome] += 1
        told: dict[str, Any] = {"month": each.month, "outcome": each.outcome.value}
        if each.scored is not None:
            lines.append(line(each.scored))
            told |= record(each.scored)
            say(f"score: {each.month} published")
            say_hidden(each.scored.hidden)
            failed = sorted(each.scored.manifest.rules_failed)
            if failed:
                exit_code = exit_code or 1
                say(f"failed: {each.month} is scored without rule {', '.join(failed)}")
        elif each.error is not None:
            told["error"] = str(each.error)
            exit_code = exit_code or each.error.exit_code
            say(f"score: {each.month} failed: {each.error}")
        else:
            why = "scored with the same inputs" if each.outcome is Outcome.unchanged else "a month before it failed"
            say(f"score: {each.month} {each.outcome.value}: {why}")
        records.append(told)
    say(f"score: {', '.join(f'{n:,} {outcome.value}' for outcome, n in counts.items() if n)}")
    return Told(tuple(lines), tuple(records), exit_code)
