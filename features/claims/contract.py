"""The claims contract as data: every table and column, what it means and how it is stored."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENUM = re.compile(r"enum\((.+)\)")
_DECIMAL = re.compile(r"decimal\((\d+);(\d+)\)")

# Identifiers of these domains become integer keys through a code table of the domain.
DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "settlement_id": "settlement",
        "original_settlement_id": "settlement",
        "replaces_settlement_id": "settlement",
        "claim_id": "settlement",
        "dispense_settlement_id": "settlement",
        "person_id": "person",
        "provider_id": "provider",
        "issuing_provider_id": "provider",
        "dispensing_provider_id": "provider",
        "from_provider_id": "provider",
        "to_provider_id": "provider",
        "practitioner_id": "practitioner",
        "attending_practitioner_id": "practitioner",
        "operating_practitioner_id": "practitioner",
        "prescriber_id": "practitioner",
        "executor_id": "practitioner",
        "surgeon_id": "practitioner",
        "item_code": "item",
        "excluded_item_code": "item",
        "package_item_code": "item",
        "component_item_code": "item",
        "diagnosis_code": "diagnosis",
        "prescription_id": "prescription",
    }
)
CODE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {domain: f"{domain}_code" if domain in {"item", "diagnosis"} else f"{domain}_id" for domain in DOMAINS.values()}
)
# The column that decides the claims month of a row; rows that hang on a settlement take the settlement's month.
MONTH_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "settlements": "settle_time",
        "prescriptions": "issue_time",
        "trace_events": "event_time",
        "referrals": "issue_time",
        "stock_movements": "month",
        "fund_months": "month",
        "complaints": "received_date",
        "reminders": "reminder_time",
    }
)
# Domains of identifiers of persons and of what belongs to one.
PERSONAL = ("person", "settlement", "prescription")
SETTLEMENT_TABLES = ("claim_lines", "diagnoses", "procedures", "drg_assignments", "stay_leaves")
REQUIRED_TABLES = ("settlements", "claim_lines", "persons", "providers")
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "settlements": ("settlement_id",),
        "claim_lines": ("settlement_id", "line_number"),
        "diagnoses": ("settlement_id", "sequence_number"),
        "procedures": ("settlement_id", "sequence_number"),
        "persons": ("person_id",),
        "providers": ("provider_id",),
        "practitioners": ("practitioner_id",),
        "prescriptions": ("prescription_id",),
        "trace_events": ("event_id",),
        "drg_assignments": ("settlement_id",),
        "referrals": ("referral_id",),
        "family_doctor_contracts": ("person_id", "provider_id", "start_date"),
        "stock_movements": ("provider_id", "item_code", "month"),
        "fund_months": ("region_code", "insurance_type", "month"),
        "complaints": ("complaint_id",),
        "labels": ("label_id",),
        "ref_items": ("item_code", "valid_from_date"),
        "ref_item_pairs": ("item_code", "excluded_item_code", "scope", "valid_from_date"),
        "ref_editions": ("edition", "topic"),
        "ref_regions": ("region_code",),
        "ref_holidays": ("date",),
        "ref_prices": ("item_code", "region_code", "provider_level", "valid_from_date"),
        "ref_item_packages": ("package_item_code", "component_item_code"),
        "ref_drg_groups": ("system", "version", "group_code"),
        "ref_trace_packs": ("parent_code", "child_code"),
        "enrolments": ("person_id", "insurance_type", "region_code", "start_date"),
        "stay_leaves": ("settlement_id", "start_date"),
        "payment_budgets": ("provider_id", "year"),
        "surveys": ("provider_id", "month"),
        "reminders": ("reminder_id", "detail_id"),
    }
)
# A key column that may be null: null is a value of its own ("always", or the source's row number).
NULLABLE_KEYS = frozenset(
    {("ref_items", "valid_from_date"), ("ref_item_pairs", "valid_from_date"), ("reminders", "detail_id")}
)
_STORED = {
    "boolean": "BOOLEAN",
    "date": "DATE",
    "float": "DOUBLE",
    "integer": "BIGINT",
    "string": "VARCHAR",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    Parameters
    ----------
    table, name, name_zh, type, unit, description : str
        As in columns.csv.
    required : bool
        Whether the table is unusable without it.
    """

    table: str
    name: str
    name_zh: str
    type: str
    unit: str
    required: bool
    description: str

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Allowed values of an enumeration; empty otherwise."""
        found = _ENUM.fullmatch(self.type)
        return tuple(found[1].split("|")) if found else ()

    @cached_property
    def scale(self) -> int | None:
        """Decimals of a decimal; None otherwise."""
        found = _DECIMAL.fullmatch(self.type)
        return int(found[2]) if found else None

    @cached_property
    def precision(self) -> int | None:
        """Digits of a decimal in all; None otherwise."""
        found = _DECIMAL.fullmatch(self.type)
        return int(found[1]) if found else None

    @property
    def is_dated(self) -> bool:
        """Whether it holds days or times."""
        return self.type in {"date", "timestamp"}

    @property
    def domain(self) -> str | None:
        """Code domain of an identifier that is stored as an integer key."""
        return DOMAINS.get(self.name)

    @property
    def stored_name(self) -> str:
        """Name in the canonical table."""
        if self.domain is None:
            return self.name
        return re.sub(r"_(id|code)$", "_key", self.name)

    @property
    def stored_type(self) -> str:
        """SQL type in the canonical table."""
        if self.domain is not None or self.scale is not None:
            return "BIGINT"
        return "VARCHAR" if self.values else _STORED[self.type]


@dataclass(frozen=True)
class Table:
    """One table of the contract: its columns in order and its key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by contract name."""
        return MappingProxyType({column.name: column for column in self.columns})

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which the table is unusable."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def stored_key(self) -> tuple[str, ...]:
        """Its key, as the columns are named in the canonical table."""
        return tuple(self.by_name[column].stored_name for column in self.key)

    @property
    def has_month(self) -> bool:
        """Whether rows belong to a claims month."""
        return self.name in MONTH_COLUMNS or self.hangs_on_settlement

    @property
    def hangs_on_settlement(self) -> bool:
        """Whether rows take the claims month of their settlement."""
        return self.name in SETTLEMENT_TABLES

    @cached_property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Name and SQL type of every column of the canonical table, in order."""
        columns = [(column.stored_name, column.stored_type) for column in self.columns]
        if self.name == "claim_lines":
            columns += [("provider_key", "BIGINT"), ("person_key", "BIGINT")]
        if self.has_month and "month" not in self.by_name:
            columns.append(("month", "VARCHAR"))
        return tuple(columns)


def _read() -> Mapping[str, Table]:
    text = files("features.claims").joinpath("columns.csv").read_text(encoding="utf-8")
    columns: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        columns.setdefault(row["table"], []).append(
            Column(
                table=row["table"],
                name=row["column"],
                name_zh=row["name_zh"],
                type=row["type"],
                unit=row["unit"],
                required=row["required"] == "yes",
                description=row["description"],
            )
        )
    return MappingProxyType({name: Table(name, tuple(found), KEYS[name]) for name, found in columns.items()})


TABLES: Mapping[str, Table] = _read()


def table_named(name: str) -> Table:
    """Return a table of the contract, or refuse the name with the nearest one.

    Raises
    ------
    InputError
        There is no such table.
    """
    if name not in TABLES:
        raise InputError.unknown_name("table", "in the claims contract", name, TABLES)
    return TABLES[name]
