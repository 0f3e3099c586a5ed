"""Decide for every staged row: store it, call it a repeat, older or a deletion, or quarantine it with every reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.contract import MONTH_COLUMNS
from features.claims.operations import hung_sql, sequenced_sql
from features.claims.same_row import equal, same_key
from features.claims.staging.line_serials import LOST_ORIGINAL, needs_serials, numbered_sql
from features.claims.staging.staged import ORIGIN
from features.claims.store.codes import keyed_sql
from features.claims.store.part import BECAME
from features.engine import quoted

if TYPE_CHECKING:
    from features.claims.contract import Table
    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine

CONFLICT = "key is taken by a row with other content"
ORPHAN = "no usable settlement with this settlement_id"
NOWHERE = "an update or a deletion of a key that is not stored"

# What is said of rows that are stored though their key was taken: in place of the row that had it, or for an earlier
# month than that of the row that has it.
_STORED = "('updated', 'earlier')"

# How the verdicts are counted: by field of `TableCount`.
COUNTED = {
    "n_repeats": "_said = 'same' and not _orphan",
    "n_updated": "_said = 'updated' and not _orphan",
    "n_outdated": "_said = 'outdated' and not _orphan",
    "n_deleted": "_said = 'deleted' and not _orphan",
}


@dataclass(frozen=True)
class Stored:
    """What a table is judged against.

    Parameters
    ----------
    rows : str
        Query of the stored rows that count.
    cases : str
        SQL cases of what is said of a row `k` whose key the stored row `s` has; they go before operations and repeats.
    taken : str
        SQL of what is said of a row `k` whose key a stored row `s` of other content has.
    updates : bool
        Whether a row may take the place of a stored one: then only the first of several of one key may.
    by_key : bool
        Whether rows have an `_operation`: their own, or that of their settlement.
    """

    rows: str
    cases: str = ""
    taken: str = "'conflict'"
    updates: bool = False
    by_key: bool = False


def judge(engine: DuckDBEngine, staged: Staged, stored: Stored) -> None:
    """Split a staged table into `good_<name>` and what `verdict_<name>` says of the others, see `COUNTED`.

    Settlements must be judged before the tables that hang on them. `bad_<name>` holds the rows for the quarantine with
    their reasons, `cells_<name>` the cells that other rows are kept without, where there are some; `typed_<name>` is
    used up.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_<name>`, the code tables and the stored rows.
    staged : Staged
        The table.
    stored : Stored
        What it is judged against.
    """
    name = staged.table.name
    keyed = f"keyed_{name}"
    engine.create_table(keyed, _located_sql(staged, by_key=stored.by_key))
    _compare(engine, staged, stored)
    origin = ", ".join(ORIGIN)
    became = f"concat_ws(' ', {', '.join(staged.became)})" if staged.became else "cast(null as varchar)"
    beside = f"select {origin}, _cells, {became} as {BECAME} from typed_{name}"
    asked = "true" if staged.became else "_cells is not null" if staged.n_unread else "1 = 0"
    told = (
        ("v._orphan", _orphan_reason(staged)),
        ("v._said = 'conflict'", quoted(CONFLICT)),
        ("v._said = 'nowhere'", quoted(NOWHERE)),
    )
    reasons = ", ".join(f"case when {condition} then {reason} end" for condition, reason in told)
    engine.create_table(
        f"bad_{name}",
        f"""
        select {origin}, _reasons, true as _is_faulty, {became} as {BECAME} from typed_{name} where _reasons is not null
        union all
        select {", ".join(f"k.{column}" for column in ORIGIN)},
          list_concat(list_filter([{reasons}], lambda x: x is not null), c._cells), false, c.{BECAME}
        from {keyed} k join (select * from verdict_{name} where _orphan or _said in ('conflict', 'nowhere')) v
        on v._id = k.rowid left join ({beside} where {asked}) c on {_same_origin("k", "c")}
        """,
    )
    if staged.n_unread:
        # Of a row that is set aside whole the cells are among its reasons.
        known = f"select 1 from bad_{name} k where {_same_origin('k', 'c')}"
        unread = f"select * from ({beside}) where _cells is not null"
        cells = f"select {origin}, _cells as _reasons, {BECAME} from ({unread}) c where not exists ({known})"
        engine.create_table(f"cells_{name}", cells)
    for held in staged.held:
        engine.execute(f"drop table {held}")
    if not engine.rows(f"select 1 from verdict_{name} limit 1"):
        engine.create_view(f"good_{name}", f"select * from {keyed}")
        return
    passed_over = f"select 1 from verdict_{name} v where v._id = k.rowid and (v._orphan or v._said not in {_STORED})"
    engine.create_table(f"good_{name}", f"select * from {keyed} k where not exists ({passed_over})")


def _compare(engine: DuckDBEngine, staged: Staged, stored: Stored) -> None:
    """Make `verdict_<name>`: what is said of the rows that are not simply new."""
    table, name = staged.table, staged.table.name
    key = ", ".join(table.stored_key)
    given = [table.by_name[c].stored_name for c in staged.columns if c not in table.key]
    asked = "where k._operation <> 'overruled'" if stored.by_key else "where true"
    operations = (
        "when k._operation in ('delete', 'withdraw') then 'deleted'",
        f"when not {equal('k', 's', given)} and k._operation in ('update', 'upsert') then 'updated'",
    )
    cases = " ".join((stored.cases, *(operations if stored.by_key else ())))
    # First come, first stored: a later row of the same key is a repeat or a conflict.
    engine.create_table(f"twice_{name}", f"select {key} from keyed_{name} k {asked} group by {key} having count(*) > 1")
    # Keys that come twice are rare: where there are none, nothing is asked of them.
    has_twins = bool(engine.rows(f"select 1 from twice_{name} limit 1"))
    if has_twins:
        engine.create_table(f"twins_{name}", _twins_sql(table, asked))
    first = f"and k.rowid not in (select _id from twins_{name} where _nth > 1)" if stored.updates and has_twins else ""
    later = f"""
        union all
        select k._id, k._orphan, case when {equal("k", "f", given)} then 'same' else 'conflict' end as _said
        from twins_{name} k join twins_{name} f on f._nth = 1 and {same_key("k", "f", table)}
        where k._nth > 1 and k._id not in (select _id from known)
        """
    unmet = f"""
        union all
        select rowid, _orphan, case when _operation in ('update', 'delete') then 'nowhere' else 'outdated' end
        from keyed_{name} where _operation in ('update', 'delete', 'withdraw', 'overruled')
          and rowid not in (select _id from met)
        """
    engine.create_table(
        f"verdict_{name}",
        f"""
        with known as (
          select k.rowid as _id, k._orphan,
            case {cases} when {equal("k", "s", given)} then 'same' else {stored.taken} end as _said
          from keyed_{name} k join ({stored.rows}) s on {same_key("k", "s", table)} {asked} {first}
        ), met as (select * from known {later if has_twins else ""}),
        compared as (select * from met {unmet if stored.by_key else ""})
        select * from compared
        union all
        select rowid, _orphan, null from keyed_{name} where _orphan and rowid not in (select _id from compared)
        """,
    )
    for each in ("twins", "twice"):
        engine.drop(f"{each}_{name}")


def _twins_sql(table: Table, asked: str) -> str:
    """Rows whose key comes twice, numbered in the order in which they came."""
    return f"""
        select k.*, k.rowid as _id, row_number() over (
          partition by {", ".join(f"k.{column}" for column in table.stored_key)}
          order by {", ".join(f"k.{column}" for column in ORIGIN)}) as _nth
        from keyed_{table.name} k {asked}
          and exists (select 1 from twice_{table.name} t where {same_key("t", "k", table)})
        """


def _located_sql(staged: Staged, *, by_key: bool) -> str:
    """Canonical rows with their claims month, whether their settlement is unknown, and what they ask for."""
    table = staged.table
    kept = (*ORIGIN, "_operation") if staged.has_operation else ORIGIN
    keyed = keyed_sql(table, staged.columns, ", ".join(f"t.{column}" for column in kept))
    if table.hangs_on_settlement:
        more = ", s.provider_key, s.person_key" if table.name == "claim_lines" else ""
        columns = "settlement_key, provider_key, person_key, month"
        known = (
            f"select settlement_key as named_key, {columns} from good_settlements "
            f"union all select settlement_key, {columns} from kept_settlements "
            f"union all select claim_key, {columns} from newest_kept"
        )
        sql = (
            f"select r.* replace (coalesce(s.settlement_key, r.settlement_key) as settlement_key){more}, s.month, "
            f"s.settlement_key is null as _orphan from ({keyed}) r "
            f"left join ({known}) s on s.named_key = r.settlement_key"
        )
        if needs_serials(table, staged.columns):
            # Not before it is known which version of a bill they are of.
            sql = numbered_sql(sql)
        if by_key:
            sql = hung_sql(sql, has_operation=staged.has_operation)
    elif table.has_month and "month" not in table.by_name:
        month = f"strftime({MONTH_COLUMNS[table.name]}, '%Y-%m')"
        sql = f"select r.*, {month} as month, false as _orphan from ({keyed}) r"
    else:
        sql = f"select r.*, false as _orphan from ({keyed}) r"
    return sequenced_sql(sql, table) if staged.has_operation else sql


def _orphan_reason(staged: Staged) -> str:
    if not needs_serials(staged.table, staged.columns):
        return quoted(ORPHAN)
    return f"case when k.month is null then {quoted(ORPHAN)} else {quoted(LOST_ORIGINAL)} end"


def _same_origin(left: str, right: str) -> str:
    return " and ".join(f"{left}.{column} = {right}.{column}" for column in ORIGIN)
