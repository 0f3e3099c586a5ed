"""Run rules on a month of the store."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.vocabulary.months import window
from fraud.findings import Findings
from fraud.rules.catalogue import library_rules
from fraud.rules.relations.base import create_base
from fraud.rules.search.anchors import without_anchor
from fraud.rules.search.assemble import assemble, with_exposure
from fraud.rules.search.editions import with_editions
from fraud.rules.search.found import FoundHits
from fraud.rules.search.hits import create_hits
from fraud.rules.search.line_pass import LinePass, in_one_pass
from fraud.rules.search.other_names import other_named_items
from fraud.rules.search.told import told_once_apart
from fraud.rules.search.why_failed import is_out_of_memory, why_failed
from fraud.rules.set_aside.hidden import Hiding
from fraud.settings import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.search.told import SaidIn
    from fraud.rules.set_aside import Hidden, SetAside


# Into how many pieces the claims of a rule are cut, one attempt after the other, until one fits into memory.
_PIECES = (1, 8, 64)
# More rules than these read the window's lines so often that it pays to write them down first.
_MANY = 6
# Tables of so many rows take a few MB each.
_HELD_ROWS = 20_000


@dataclass(frozen=True)
class NotChecked:
    """What the store lacks to check a rule, or one of its exemptions.

    Parameters
    ----------
    code : str
        The rule.
    missing : tuple of str
        Tables or `table.column`.
    """

    code: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class FailedRule:
    """A rule that was begun and could not be brought to an end.

    Parameters
    ----------
    code : str
        The rule.
    why : str
        One line, without anything that a row holds.
    """

    code: str
    why: str


@dataclass(frozen=True)
class RuleRun:
    """What rules said of a month.

    Parameters
    ----------
    findings : Findings
        Sorted by id.
    not_checked : tuple of NotChecked
        Rules that could not run: not checked, which is not clean.
    unchecked_exemptions : tuple of NotChecked
        Rules that ran without one of their exemptions; they call nothing definite.
    failed : tuple of FailedRule
        Rules that could not be brought to an end; the findings of all others are here.
    hidden : tuple of Hidden
        What each set-aside in force took out of the findings, those that took nothing too.
    other_named : tuple of str
        Items whose limits were not checked: every bill of theirs names another item than the reference.
    """

    findings: Findings
    not_checked: tuple[NotChecked, ...]
    unchecked_exemptions: tuple[NotChecked, ...]
    failed: tuple[FailedRule, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    other_named: tuple[str, ...] = ()


def run_rules(
    store: ClaimsStore,
    engine: DuckDBEngine,
    month: str,
    *,
    window_months: int = 6,
    settings: RuleSettings | None = None,
    rules: Iterable[Rule] | None = None,
    set_asides: Iterable[SetAside] = (),
    shown: Callable[[str, str], str] = lambda _kind, identifier: identifier,
) -> RuleRun:
    """Run rules on a month; the months of its window before it supply the counterparts.

    A finding belongs to the month in which the last line it takes was settled: nothing later is looked at,
    and month after month each line is found once; of rules that count over the window, the months between are looked
    at again for that (`fraud.rules.search.told`). A rule that cannot run is named as failed and hides no other's
    findings.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    engine : DuckDBEngine
        Where the SQL runs; the window's months are attached to it.
    month : str
        `YYYY-MM`, a month of the store.
    window_months : int, default 6
        Length of the window, the month included.
    settings : RuleSettings, optional
        Values of the rules' parameters.
    rules : iterable of Rule, optional
        What to run; ours by default.
    set_asides : iterable of SetAside
        Those in force: what they name is counted and not found.
    shown : callable
        Subject type and id as stored -> as set-asides name it.

    Raises
    ------
    InputError
        The month is not in the store, or a parameter's value is not allowed.
    """
    given = (settings or RuleSettings()).given
    chosen = tuple(library_rules() if rules is None else rules)
    hiding = Hiding(engine, tuple(set_asides), shown)
    months = window(store.months(), month, window_months)

    def said_in(before: str, asked: Sequence[Rule]) -> Findings:
        earlier = window(store.months(), before, window_months)
        with engine.beside() as other:
            return _run(store, other, earlier, chosen=asked, given=given, hiding=Hiding(other, (), shown)).findings

    # Without months before the window no earlier window saw more.
    is_cut = min(store.months()) < months[0]
    return _run(store, engine, months, chosen=chosen, given=given, hiding=hiding, said_in=said_in if is_cut else None)


def _run(
    store: ClaimsStore,
    engine: DuckDBEngine,
    months: Sequence[str],
    *,
    chosen: Sequence[Rule],
    given: Mapping[str, object],
    hiding: Hiding,
    said_in: SaidIn | None = None,
) -> RuleRun:
    """Run rules on the last month of a window; without `said_in` what was told before is told again."""
    values = {rule.code: {each.name: each.value(given) for each in rule.parameters} for rule in chosen}
    absent = {rule.code: _missing(store, rule.needs) for rule in chosen}
    runnable = [rule for rule in chosen if not absent[rule.code]]
    unchecked = {
        rule.code: _missing(store, [need for exemption in rule.exemptions for need in exemption.needs])
        for rule in runnable
    }
    if not runnable:
        return RuleRun(Findings.empty(), _named(absent), (), hidden=hiding.hidden())
    store.attach(engine, months=list(months), held_rows=_HELD_ROWS)
    create_base(engine, is_read_often=len(runnable) > _MANY)
    search = _Search(engine, months, runnable, values, unchecked, hiding=hiding, said_in=said_in)
    findings = search.findings()
    failed = tuple(FailedRule(rule.code, search.failed[rule.code]) for rule in runnable if rule.code in search.failed)
    return RuleRun(
        with_editions(engine, findings, runnable) if len(findings) else findings,
        _named(absent),
        _named(unchecked),
        failed,
        hiding.hidden(),
        other_named_items(store, engine, months[-1], runnable),
    )


def _named(missing: Mapping[str, tuple[str, ...]]) -> tuple[NotChecked, ...]:
    return tuple(NotChecked(code, names) for code, names in missing.items() if names)


def _missing(store: ClaimsStore, needs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({need for need in needs if not store.has(*need.split("."))}))


class _Search:
    """The search of one month by rules that can run; what fails stands in `failed`, by code."""

    def __init__(
        self,
        engine: DuckDBEngine,
        months: Sequence[str],
        rules: Sequence[Rule],
        values: Mapping[str, Mapping[str, int]],
        unchecked: Mapping[str, tuple[str, ...]],
        *,
        hiding: Hiding,
        said_in: SaidIn | None,
    ) -> None:
        self._engine, self._months, self._month, self._rules = engine, months, months[-1], rules
        self._values, self._unchecked, self._hiding, self._said_in = values, unchecked, hiding, said_in
        self._found = FoundHits(engine, rules)
        self.failed: dict[str, str] = {}

    def findings(self) -> Findings:
        """Look for all rules, and say what their hits mean."""
        one_pass, idle = self._line_pass(), self._without_anchor()
        for number, rule in enumerate(self._rules):
            if rule.code in idle:
                continue
            with self._alone(rule):
                if one_pass is None or rule.code not in one_pass.rules:
                    _create_hits(self._engine, rule, self._month, self._values[rule.code])
                elif rule.code in one_pass.found:
                    one_pass.create_hits(rule.code)
                else:
                    continue
                self._found.take(number)
        parts = []
        resolved = dict(self._resolved())
        if self._said_in:
            resolved = told_once_apart(self._rules, resolved, self._months, self._said_in, self._alone)
        for number, hits in resolved.items():
            rule = self._rules[number]
            values, all_checked = self._values[rule.code], not self._unchecked[rule.code]
            with self._alone(rule):
                kept = self._hiding.kept(rule, with_exposure(hits))
                parts.append(assemble(rule, self._month, kept, values, all_checked=all_checked))
        return Findings.concat(parts)

    def _line_pass(self) -> LinePass | None:
        """Look for all rules of one line at once; where that fails, each runs alone, and which one it is shows."""
        if len(in_one_pass(self._rules)) < 2:
            return None
        try:
            return LinePass(self._engine, self._month, self._rules, self._values)
        except Exception:  # noqa: BLE001 - as above
            return None

    def _without_anchor(self) -> frozenset[str]:
        """Ask for all anchors at once; where that fails, all rules run, and which one it is shows."""
        try:
            return without_anchor(self._engine, self._month, self._rules, self._values)
        except Exception:  # noqa: BLE001 - as above
            return frozenset()

    def _resolved(self) -> list[tuple[int, pd.DataFrame]]:
        """Resolve and hash the hits of all rules at once; where that fails, those of each alone."""
        try:
            return list(self._found.resolved())
        except Exception:  # noqa: BLE001 - as above
            resolved: list[tuple[int, pd.DataFrame]] = []
            for number, rule in enumerate(self._rules):
                with self._alone(rule):
                    resolved += self._found.resolved(number)
            return resolved

    @contextmanager
    def _alone(self, rule: Rule) -> Iterator[None]:
        """Whatever a rule meets, it meets alone."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - as above
            self.failed.setdefault(rule.code, why_failed(error))


def _create_hits(engine: DuckDBEngine, rule: Rule, month: str, values: Mapping[str, int]) -> None:
    """Create the hits of a rule on all claims at once, and where that does not fit into memory on smaller pieces."""
    for pieces in _PIECES:
        try:
            create_hits(engine, rule, month, values, pieces)
        except Exception as error:
            if pieces == _PIECES[-1] or not is_out_of_memory(error):
                raise
        else:
            return
