"""Dates of one row that cannot come one before the other: stated once, counted by `check`, and held by rules.

Where a row breaks an order, which of its two dates is wrong is not known, and so neither is a fact: `sound` shows both
as null, and views such as `sound_persons` show rows so.
"""

from __future__ import annotations

from dataclasses import dataclass

from features.claims.contract import TABLES


@dataclass(frozen=True)
class Order:
    """Two columns of a table whose dates are in order.

    Parameters
    ----------
    table, first, last : str
        In the contract; `last` is no earlier than `first`.
    meaning : str
        What holds where they are.
    """

    table: str
    first: str
    last: str
    meaning: str


ORDERS: tuple[Order, ...] = (
    Order("settlements", "service_start_date", "service_end_date", "care ends no earlier than it starts"),
    Order("settlements", "admit_time", "discharge_time", "discharge is no earlier than admission"),
    Order("persons", "birth_date", "death_date", "death is no earlier than birth"),
    Order("providers", "agreement_start_date", "agreement_end_date", "an agreement ends no earlier than it starts"),
    Order("practitioners", "licence_start_date", "licence_end_date", "a licence ends no earlier than it starts"),
    Order("prescriptions", "issue_time", "dispense_time", "a prescription is filled no earlier than it is issued"),
    Order("enrolments", "start_date", "end_date", "an enrolment ends no earlier than it starts"),
    Order("family_doctor_contracts", "start_date", "end_date", "a contract ends no earlier than it starts"),
    Order("stay_leaves", "start_date", "end_date", "a leave ends no earlier than it starts"),
)


def sound(table: str, column: str, alias: str) -> str:
    """Return SQL of a column that is null where the row breaks an order of it.

    Examples
    --------
    >>> sound("persons", "death_date", "p")
    'case when p.death_date < p.birth_date then null else p.death_date end'
    >>> sound("persons", "gender", "p")
    'p.gender'
    """
    broken = [
        f"{alias}.{order.last} < {alias}.{order.first}"
        for order in ORDERS
        if order.table == table and column in {order.first, order.last}
    ]
    return f"case when {' or '.join(broken)} then null else {alias}.{column} end" if broken else f"{alias}.{column}"


def sound_sql(table: str) -> str:
    """Return SQL of the rows of a stored table with what is known for sure of them."""
    columns = (f"{sound(table, name, 't')} as {name}" for name, _ in TABLES[table].stored)
    return f"select {', '.join(columns)} from {table} t"


# What readers of facts ask in place of the stored table.
SOUND_VIEWS = tuple(
    (f"sound_{table}", sound_sql(table))
    for table in ("settlements", "persons", "providers", "practitioners", "enrolments", "family_doctor_contracts")
)
