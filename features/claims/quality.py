"""Relations that should hold in a source: counted and reported, never mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.orders import ORDERS
from features.claims.report import Quality
from features.claims.version_relations import VERSION_RELATIONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.orders import Order
    from features.claims.stage import Staged
    from features.engine import DuckDBEngine

# Two cents: what rounding each line to a cent may add up to on a short bill. Our proposal.
_TOLERANCE = 2


@dataclass(frozen=True)
class Relation:
    """A relation among the usable rows of a source.

    Parameters
    ----------
    name, meaning : str
        Short name, and what holds where it holds.
    needs : tuple of str
        `table.column` that the source must give; otherwise the relation is not checked.
    rows : str
        SQL of the rows it speaks of, with `id` (of a person: its place) and `fails`; `{table}` stands for the
        usable rows of a table.
    """

    name: str
    meaning: str
    needs: tuple[str, ...]
    rows: str


# Where a row stands: the id of a person is not for screens.
_PLACE = "_file || ' row ' || _row"


def _order(order: Order) -> Relation:
    # The key of what hangs on a settlement, or is one, may be shown.
    key = "settlement_id" if "settlement_id" in TABLES[order.table].key else _PLACE
    given = f"{order.first} is not null and {order.last} is not null"
    sql = f"select {key} as id, {order.last} < {order.first} as fails from {{{order.table}}} where {given}"
    needs = (f"{order.table}.{order.first}", f"{order.table}.{order.last}")
    return Relation(f"{order.first} before {order.last}", order.meaning, needs, sql)


def _spelling(table: str, column: str, other: str) -> Relation:
    """Ids of a register that are those of another row, or of a bill, but for zeros at their beginning."""
    ids = f"select {column} as id from {{{table}}} union select {column} from {{{other}}}"
    twins = f"select ltrim(id, '0') as id from ({ids}) group by 1 having count(*) > 1"
    sql = f"select {_PLACE} as id, ltrim({column}, '0') in ({twins}) as fails from {{{table}}}"
    meaning = f"ids of {table} differ by more than leading zeros"
    return Relation(f"zeros of {column}", meaning, (f"{table}.{column}", f"{other}.{column}"), sql)


def _reference(table: str, key: str, column: str, other: str, other_column: str) -> Relation:
    sql = (
        f"select t.{key} as id, not exists (select 1 from {{{other}}} o where o.{other_column} = t.{column}) as fails "
        f"from {{{table}}} t where t.{column} is not null"
    )
    meaning = f"{table}.{column} names a row of {other}"
    return Relation(f"{column} of {table}", meaning, (f"{table}.{column}", f"{other}.{other_column}"), sql)


RELATIONS: tuple[Relation, ...] = (
    Relation(
        "lines add up",
        "the lines of a settlement add up to its total_amount, within 0.02",
        ("settlements.total_amount", "claim_lines.amount"),
        "select s.settlement_id as id, abs(s.total_amount - l.amount) > " + str(_TOLERANCE) + " as fails "
        "from {settlements} s join "
        "(select settlement_id, sum(amount) as amount from {claim_lines} group by settlement_id) l "
        "on l.settlement_id = s.settlement_id",
    ),
    Relation(
        "settlement has lines",
        "a settlement has at least one line",
        ("settlements.settlement_id", "claim_lines.settlement_id"),
        "select s.settlement_id as id, l.settlement_id is null as fails from {settlements} s "
        "left join (select distinct settlement_id from {claim_lines}) l on l.settlement_id = s.settlement_id",
    ),
    Relation(
        "price times quantity",
        "unit_price times quantity is the amount of a line, within 0.02",
        ("claim_lines.unit_price", "claim_lines.quantity", "claim_lines.amount"),
        "select settlement_id as id, "
        "abs(cast(unit_price as hugeint) * quantity - cast(amount as hugeint) * 100000000) > "
        + str(_TOLERANCE * 100_000_000)
        + " as fails from {claim_lines} where unit_price is not null",
    ),
    Relation(
        "fund within total",
        "the funds pay no more than the total_amount of a bill that is no reversal",
        ("settlements.fund_paid_amount", "settlements.total_amount"),
        "select settlement_id as id, fund_paid_amount > total_amount as fails from {settlements} "
        "where total_amount >= 0",
    ),
    Relation(
        "payers add up",
        "fund, account and cash payments add up to total_amount, within 0.02",
        ("settlements.fund_paid_amount", "settlements.account_paid_amount", "settlements.cash_paid_amount"),
        "select settlement_id as id, abs(fund_paid_amount + account_paid_amount + cash_paid_amount - total_amount) > "
        + str(_TOLERANCE)
        + " as fails from {settlements} where account_paid_amount is not null and cash_paid_amount is not null",
    ),
    *(_order(order) for order in ORDERS),
    _reference("settlements", "settlement_id", "person_id", "persons", "person_id"),
    _reference("settlements", "settlement_id", "provider_id", "providers", "provider_id"),
    _reference("claim_lines", "settlement_id", "prescription_id", "prescriptions", "prescription_id"),
    _reference("claim_lines", "settlement_id", "item_code", "ref_items", "item_code"),
    _spelling("persons", "person_id", "settlements"),
    _spelling("providers", "provider_id", "settlements"),
    *(Relation(*each) for each in VERSION_RELATIONS),
)


def _usable(staged: Staged) -> str:
    """Return SQL of the usable rows of a table with every column of the contract, null where it is not given."""
    absent = "".join(
        f", cast(null as {'varchar' if column.domain else column.stored_type}) as {column.name}"
        for column in staged.table.columns
        if column.name not in staged.columns
    )
    return f"(select *{absent} from typed_{staged.table.name} where _reasons is null)"


def measure(engine: DuckDBEngine, staged: Collection[Staged]) -> tuple[tuple[Quality, ...], tuple[str, ...]]:
    """Count every relation that the source gives the columns for.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_<name>` of every staged table.
    staged : collection of Staged
        The tables of the source.

    Returns
    -------
    tuple of Quality
        What was counted.
    tuple of str
        Meanings of the relations that could not be checked.
    """
    given = {f"{each.table.name}.{column}" for each in staged for column in each.known}
    usable = {each.table.name: _usable(each) for each in staged}
    counted, unchecked = [], []
    for relation in RELATIONS:
        if not given.issuperset(relation.needs):
            unchecked.append(relation.meaning)
            continue
        rows = relation.rows.format_map(usable)
        sql = f"select count(*), count(*) filter (where fails), min(id) filter (where fails) from ({rows})"
        n_checked, n_failing, first = engine.rows(sql)[0]
        counted.append(Quality(relation.name, relation.meaning, int(n_checked), int(n_failing), str(first or "")))
    return tuple(counted), tuple(unchecked)
