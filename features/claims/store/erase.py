"""Erase a person from a claims store: every row about the person and about the person's settlements."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS, PERSONAL, TABLES
from features.claims.store.history import forget, kept_parts
from features.claims.store.part import BECAME, columns_of
from features.claims.store.write import remove_orphans
from features.claims.store.write_part import write_query
from features.engine import path_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from features.claims.contract import Table
    from features.claims.store.part import Part
    from features.claims.store.store import ClaimsStore
    from features.engine import DuckDBEngine

# Tables that name their subject by kind and identifier.
_BY_SUBJECT = ("labels", "complaints")
# Domains of what belongs to one person.
_OWN_DOMAINS = tuple(domain for domain in PERSONAL if domain != "person")


@dataclass(frozen=True)
class PersonInStore:
    """What a store holds about a person.

    Parameters
    ----------
    person_id : str
        As stored.
    settlement_ids, prescription_ids : tuple of str
        Of the person.
    label_ids : tuple of str
        Of decisions about the person or one of the settlements.
    rows : mapping of str to int
        Rows about the person, by table; code tables as `codes_<domain>`, quarantined rows as `quarantine_<table>`,
        rows that gave way and are kept as `kept_<table>`.
    """

    person_id: str
    settlement_ids: tuple[str, ...]
    prescription_ids: tuple[str, ...]
    label_ids: tuple[str, ...]
    rows: Mapping[str, int]


def find_person(engine: DuckDBEngine, store: ClaimsStore, person_id: str) -> PersonInStore:
    """Count what a store holds about a person, and leave the conditions on the engine that `erase_from_store` uses.

    Parameters
    ----------
    engine : DuckDBEngine
        Of the caller, used for nothing else.
    store : ClaimsStore
        The store.
    person_id : str
        As stored.
    """
    store.attach(engine, all_versions=True)
    kept = _kept(store)
    _register_ids(engine, store, person_id, kept)
    rows = {}
    for group, parts, tests in (*_groups(store), *_kept_groups(kept)):
        files = dict.fromkeys(store.folder / part.file for part in parts)
        rows[group] = sum(_count(engine, file, tests) for file in files)
    labels = engine.rows(f"select label_id from labels t where {_either(_tests(TABLES['labels']))} order by 1")
    settlements, prescriptions = (
        tuple(str(row[0]) for row in engine.rows(f"select id from erased_{domain} order by 1"))
        for domain in _OWN_DOMAINS
    )
    # Days go with the rows of registers, and say nothing of their own.
    found = {group: n for group, n in rows.items() if n and not group.startswith("days_")}
    return PersonInStore(person_id, settlements, prescriptions, tuple(str(row[0]) for row in labels), found)


def erase_from_store(engine: DuckDBEngine, store: ClaimsStore) -> None:
    """Write the files that hold the person anew without it, make them the store's in one step, delete the old ones.

    What the store was before is forgotten, first of all: months scored of it named the person, or were of registers
    that did.

    Parameters
    ----------
    engine : DuckDBEngine
        On which `find_person` ran.
    store : ClaimsStore
        Held by the caller as its one writer.
    """
    anew = {part: _without(engine, store.folder, part, tests) for _, parts, tests in _groups(store) for part in parts}
    changed: dict[str, tuple[Part, ...]] = {
        group: tuple(new for part in parts if (new := anew[part]) is not None) for group, parts, _ in _groups(store)
    }
    old = store.catalog
    catalog = replace(
        old,
        tables={name: changed[name] for name in old.tables},
        codes={domain: changed[f"codes_{domain}"] for domain in old.codes},
        quarantine={name: changed[f"quarantine_{name}"] for name in old.quarantine if changed[f"quarantine_{name}"]},
        days={name: changed[f"days_{name}"] for name in old.days if changed[f"days_{name}"]},
        # What was counted of a file is said of the one in its place.
        relations={
            new.file: old.relations[part.file]
            for part, new in anew.items()
            if new is not None and part.file in old.relations
        },
    )
    forget(store.folder)
    if catalog != old:
        catalog.write(store.folder)
    remove_orphans(store.folder, catalog)


def _kept(store: ClaimsStore) -> dict[str, tuple[Part, ...]]:
    """Parts that gave way and are kept, by table."""
    found: dict[str, tuple[Part, ...]] = {}
    for part in kept_parts(store.folder, store.catalog):
        group, name, *_ = part.file.split("/")
        if group == "parts":
            found[name] = (*found.get(name, ()), part)
    return found


def _kept_groups(kept: Mapping[str, tuple[Part, ...]]) -> list[tuple[str, tuple[Part, ...], dict[str, str]]]:
    return [(f"kept_{name}", parts, _tests(TABLES[name])) for name, parts in kept.items()]


def _register_ids(
    engine: DuckDBEngine, store: ClaimsStore, person_id: str, kept: Mapping[str, tuple[Part, ...]]
) -> None:
    """Make `erased_<domain>` of the person, its settlements and its prescriptions, and patterns of their texts."""
    engine.execute("create or replace table erased_person as select ? as id", [person_id])
    person = "select person_key from codes_person where person_id in (select id from erased_person)"
    bills, prescriptions = (_ever(engine, store, f"{domain}s", kept) for domain in _OWN_DOMAINS)
    for domain, ever in zip(_OWN_DOMAINS, (bills, prescriptions), strict=True):
        engine.create_table(
            f"erased_{domain}",
            f"select distinct c.{domain}_id as id from {ever} t join codes_{domain} c "
            f"on c.{domain}_key = t.{domain}_key where t.person_key in ({person}) and c.{domain}_id is not null",
        )
    # Numbers that versions share, and of bills that lie elsewhere, are the person's where nobody else's bill has them.
    named = ("settlement_key", "claim_key", "original_settlement_key", "replaces_settlement_key")
    mine, others = (
        " union ".join(f"select {column} as key from {bills} where person_key {which} ({person})" for column in named)
        for which in ("in", "not in")
    )
    engine.execute(
        f"insert into erased_settlement select settlement_id from codes_settlement where settlement_key in ({mine}) "
        f"and settlement_key not in (select key from ({others}) where key is not null) "
        "and settlement_id not in (select id from erased_settlement)"
    )
    for domain in PERSONAL:
        engine.create_table(
            f"erased_{domain}_keys",
            f"select {domain}_key as key from codes_{domain} where {domain}_id in (select id from erased_{domain})",
        )
    texts = engine.rows(
        "select id from erased_person union select id from erased_settlement union select id from erased_prescription"
    )
    engine.create_table("erased_texts", "select '' as id, '' as pattern where 1 = 0")
    for (text,) in texts:
        # Raw content is JSON, which writes quotation marks and backslashes in its own way.
        for form in {text, json.dumps(text, ensure_ascii=False)[1:-1]}:
            engine.execute("insert into erased_texts values (?, ?)", [form, token_pattern(form)])


def _ever(engine: DuckDBEngine, store: ClaimsStore, table: str, kept: Mapping[str, tuple[Part, ...]]) -> str:
    """Make a view of all rows of a table, those that gave way and are kept among them, and return its name."""
    columns = ", ".join(name for name, _ in TABLES[table].stored)
    rows = f"select {columns} from {table}"
    if files := [store.folder / part.file for part in kept.get(table, ())]:
        rows += f" union all by name select * from read_parquet({path_list(files)}, union_by_name = true)"
    engine.create_view(f"ever_{table}", rows)
    return f"ever_{table}"


def token_pattern(identifier: str) -> str:
    r"""Return a pattern that finds an identifier in a text where it is not a part of a longer one.

    Examples
    --------
    >>> bool(re.search(token_pattern("P1"), '{"person_id": "P1"}')), bool(re.search(token_pattern("P1"), "P10,x"))
    (True, False)
    """
    return rf"(^|[^0-9A-Za-z]){re.sub(r'([^0-9A-Za-z_])', _escaped, identifier)}($|[^0-9A-Za-z])"


def _escaped(found: re.Match[str]) -> str:
    return found[1] if ord(found[1]) > 127 else f"\\{found[1]}"


def _groups(store: ClaimsStore) -> list[tuple[str, tuple[Part, ...], dict[str, str]]]:
    """List every group of files with the tests of the rows that go, by the column they read."""
    catalog = store.catalog
    found = [(name, parts, _tests(TABLES[name])) for name, parts in catalog.tables.items()]
    found += [(f"days_{name}", parts, _tests(TABLES[name], TABLES[name].key)) for name, parts in catalog.days.items()]
    for domain, parts in catalog.codes.items():
        is_own = domain in PERSONAL
        column = CODE_COLUMNS[domain]
        own = {column: f"t.{column} in (select id from erased_{domain})"} if is_own else {}
        found.append((f"codes_{domain}", parts, own))
    told = {
        column: f"exists (select 1 from erased_texts e where contains(t.{column}, e.id) "
        f"and regexp_matches(t.{column}, e.pattern))"
        for column in ("raw", BECAME)
    }
    found += [(f"quarantine_{name}", parts, told) for name, parts in catalog.quarantine.items()]
    return found


def _tests(table: Table, columns: Collection[str] | None = None) -> dict[str, str]:
    """Return SQL, by column, that is true for the rows of a table about the person or one of its settlements.

    Parameters
    ----------
    table : Table
        The table.
    columns : collection of str, optional
        Of those that are there, all by default.
    """
    tests = {
        column.stored_name: f"t.{column.stored_name} in (select key from erased_{column.domain}_keys)"
        for column in table.columns
        if (columns is None or column.name in columns) and column.domain in PERSONAL
    }
    if table.name in _BY_SUBJECT:
        kinds = (("patient", "person"), ("settlement", "settlement"))
        tests["subject_id"] = " or ".join(
            f"(t.subject_type = '{kind}' and t.subject_id in (select id from erased_{domain}))"
            for kind, domain in kinds
        )
    return tests


def _either(tests: Mapping[str, str], known: Collection[str] | None = None) -> str:
    """Return SQL of the tests whose column a file has: the contract may have grown since it was written."""
    asked = [test for column, test in tests.items() if known is None or column in known]
    return " or ".join(f"coalesce({test}, false)" for test in asked) or "false"


def _count(engine: DuckDBEngine, file: Path, tests: Mapping[str, str]) -> int:
    condition = _either(tests, columns_of(file))
    return int(engine.rows(f"select count(*) from read_parquet({path_list([file])}) t where {condition}")[0][0])


def _without(engine: DuckDBEngine, folder: Path, part: Part, tests: Mapping[str, str]) -> Part | None:
    """Write a file without the rows; the file itself where it holds none, None where nothing is left."""
    condition = _either(tests, columns_of(folder / part.file))
    source = f"read_parquet({path_list([folder / part.file])}, file_row_number = true)"
    if not engine.rows(f"select 1 from {source} t where {condition} limit 1"):
        return part
    kept = f"select * exclude (file_row_number) from {source} t where not ({condition}) order by file_row_number"
    place = part.file.rpartition("/")[0]
    written = write_query(engine, folder, place, kept)
    return replace(written, month=part.month) if written is not None else None
