"""What executors read: relations of the month and its window.

`rule_settlements`, one row per effective settlement, with `SETTLEMENT_COLUMNS`: those of `settlements` as stored, save
that `settled_at` is its settle time, `in_scope` and `fund_paid` are its money, and `admit_date` and `discharge_date`
its days, null where they break the order that `check` counts. `is_dated` says that its lines tell days apart (they
carry several dates, or the care lasted one day), so that a line's day can be trusted.

`rule_lines`, one row per effective line of positive amount, with `LINE_COLUMNS`: those of `claim_lines` as stored,
and `fee_date`, `net_quantity` and `in_scope`, the last two net of its partial refunds.

`window_charges`, one row per charge line that refunds leave something of, those outside benefit policy too, and those
of bills that are reversed: for whoever knows which bills are wanted. It is a view, and for few of its lines.

`rule_items`, one row per version of a reference item that the window bills, with all its columns and the days on which
it is in force (`features.claims.in_force`).

Where a rule does not fit into memory, lines and settlements are shown to it in pieces, one after the other: what an
executor finds depends only on rows that are equal in its `together`, and these are always in one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import TABLES
from features.claims.in_force import in_force
from features.claims.quality.orders import sound
from features.engine.dialect import quoted_list
from fraud.rules.relations.other_name import create_is_other_name
from fraud.rules.relations.shared import forget_shared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.engine import DuckDBEngine

LINE_COLUMNS = (*(name for name, _ in TABLES["claim_lines"].stored), "fee_date", "net_quantity", "in_scope")
# Columns of settlements that have another name or sense there.
_OWN = ("settle_time", "admit_time", "discharge_time", "in_scope_amount", "fund_paid_amount")
_STORED = tuple(name for name, _ in TABLES["settlements"].stored if name not in _OWN)
_OF_SETTLEMENT = {
    "settlement_id": "c.settlement_id",
    "settled_at": "s.settle_time",
    "admit_date": f"cast({sound('settlements', 'admit_time', 's')} as date)",
    "discharge_date": f"cast({sound('settlements', 'discharge_time', 's')} as date)",
    "in_scope": "coalesce(s.in_scope_amount, s.total_amount)",
    "fund_paid": "s.fund_paid_amount",
    "is_dated": "coalesce(d.is_dated, false) or s.service_start_date = s.service_end_date",
}
SETTLEMENT_COLUMNS = (*_STORED, *_OF_SETTLEMENT)
_LINES = """
select l.*, cast(l.fee_time as date) as fee_date, {quantity} as net_quantity, {in_scope} as in_scope
from claim_lines l {joins}
where l.original_line_number is null and l.amount > 0 and l.quantity > 0 and {quantity} > 0 and {in_scope} > 0 {which}
"""
# Charge lines that refunds leave something of, those outside benefit policy too; their bills may have been reversed.
_CHARGES = """
select l.*, r.refunded_quantity, r.refunded_in_scope_amount
from claim_lines l
left join window_refunds r on r.settlement_key = l.settlement_key and r.line_number = l.line_number
where l.original_line_number is null and l.amount >= 0 and l.quantity >= 0
  and (r.settlement_key is null or l.amount + r.refunded_amount > 0)
"""
_SETTLEMENTS = f"""
select {", ".join(f"s.{name}" for name in _STORED)},
       {", ".join(f"{sql} as {name}" for name, sql in _OF_SETTLEMENT.items())}
from effective_settlements s
left join (
  select settlement_key, min(fee_date) < max(fee_date) as is_dated from window_lines
  where settlement_key in (select settlement_key from effective_settlements where service_start_date < service_end_date)
  group by settlement_key
) d on d.settlement_key = s.settlement_key
join codes_settlement c on c.settlement_key = s.settlement_key
"""
# Texts of lines that have few different values, by the contract; read back they are texts.
_FEW = ("month", "item_type", "charge_category")
# Columns that only lines which were changed, and what changes them, carry.
_SELDOM = ("version_number", "original_line_number", "line_serial", "original_line_serial")
# So many lines of a window, and their settlements, take some 50 MB.
_FEW_LINES = 100_000
_OF_ITEM = ", ".join(name for name, _ in TABLES["ref_items"].stored if name != "item_key")
_ITEMS = f"""
select * from ({in_force("ref_items", "item_key", _OF_ITEM)}) i
where item_key in (select distinct item_key from window_lines)
"""


def create_base(engine: DuckDBEngine, *, is_read_often: bool = False) -> None:
    """Create the relations that executors read, on an engine where the store is attached.

    Lines that are read often are netted once and kept, on disk where they are many; otherwise each statement nets them
    anew. From then on the engine joins as statements are written, with the smaller rows on the right: it takes each of
    the conditions on a line for one that few lines meet, and would put a whole window into memory to look few up.
    """
    engine.execute("set disabled_optimizers = 'build_side_probe_side'")
    # Hundreds of statements name the same files: to read what each of them holds takes longer than many a rule.
    engine.execute("set parquet_metadata_cache = true")
    forget_shared(engine)
    create_is_other_name(engine)
    engine.create_table("window_refunds", "select * from line_refunds")
    engine.create_table("ineffective", "select * from ineffective_settlements")
    engine.create_view("window_charges", _CHARGES)
    are_few = engine.rows("select count(*) from stored_claim_lines")[0][0] <= _FEW_LINES
    keep = engine.create_table if are_few else engine.create_spilled
    lines = _lines_sql(engine)
    if is_read_often and not are_few:
        empty = _empty(engine)
        engine.create_spilled("kept_lines", _written_cheaply(engine, lines, empty))
        engine.create_view("window_lines", _with_empty(engine, "kept_lines", empty))
    else:
        (engine.create_table if are_few else engine.create_view)("window_lines", lines)
    keep("window_settlements", _SETTLEMENTS)
    engine.create_table("rule_items", _ITEMS)
    show_piece(engine, (), 0, 1)


def _empty(engine: DuckDBEngine) -> frozenset[str]:
    """Return those of the columns that only changed lines carry in which no line of the window has anything."""
    counts = ", ".join(f"count({name})" for name in _SELDOM)
    (found,) = engine.rows(f"select {counts} from claim_lines where original_line_number is null")
    return frozenset(name for name, n in zip(_SELDOM, found, strict=True) if not n)


def _written_cheaply(engine: DuckDBEngine, lines: str, empty: frozenset[str]) -> str:
    """Return lines without empty columns, and with texts of few values as places in a list."""
    cells = {name: name for name in LINE_COLUMNS if name not in empty}
    for name in _FEW:
        found = engine.rows(f"select distinct {name} from claim_lines where {name} is not null")
        if found:
            cells[name] = f"cast({name} as enum{quoted_list(sorted(value for (value,) in found))}) as {name}"
    return f"select {', '.join(cells.values())} from ({lines}) l"


def _with_empty(engine: DuckDBEngine, kept: str, empty: frozenset[str]) -> str:
    """Return lines as they were kept, with null for the columns that were not."""
    types = dict(TABLES["claim_lines"].stored)
    nothing = {name: f"cast(null as {engine.dialect.type_name(types[name])}) as {name}" for name in empty}
    return f"select {', '.join(nothing.get(name, name) for name in LINE_COLUMNS)} from {kept}"


def _lines_sql(engine: DuckDBEngine) -> str:
    """Effective lines, without joins where nothing was refunded or reversed: few are, and each rule reads them."""
    quantity, in_scope = "l.quantity", "coalesce(l.in_scope_amount, l.amount)"
    joins, which = "", ""
    if engine.rows("select 1 from window_refunds limit 1"):
        joins = "left join window_refunds r on r.settlement_key = l.settlement_key and r.line_number = l.line_number"
        quantity = f"({quantity} + coalesce(r.refunded_quantity, 0))"
        in_scope = f"({in_scope} + coalesce(r.refunded_in_scope_amount, 0))"
        which = "and l.amount + coalesce(r.refunded_amount, 0) > 0"
    if engine.rows("select 1 from ineffective limit 1"):
        # `not exists` would write all lines down first.
        which += " and l.settlement_key not in (select settlement_key from ineffective)"
    return _LINES.format(quantity=quantity, in_scope=in_scope, joins=joins, which=which)


def may_share_day(month: str) -> str:
    """Return the condition that a line `l` may be of one person and day with a line of the month.

    It is the month's own, or of a person with care in the month that reaches back to days of the months before.
    """
    earlier = f"select max(fee_date) from rule_lines where month < '{month}'"
    reaching_back = f"select person_key from rule_lines where month = '{month}' and fee_date <= ({earlier})"
    return f"(l.month = '{month}' or l.person_key in ({reaching_back}))"


def show_piece(engine: DuckDBEngine, together: Iterable[str], piece: int, pieces: int) -> None:
    """Show executors one piece of the claims: lines by `together`, settlements too where they have these columns."""
    columns = list(together)
    own = f"where {engine.dialect.hash64(', '.join(columns))} % {pieces} = {piece}" if pieces > 1 else ""
    if not columns and pieces > 1:
        # What must be seen as a whole is seen in the first piece.
        own = f"where {piece} = 0"
    engine.create_view("rule_lines", f"select * from window_lines {own}")
    is_of_settlement = set(columns) <= set(SETTLEMENT_COLUMNS)
    engine.create_view("rule_settlements", f"select * from window_settlements {own if is_of_settlement else ''}")
