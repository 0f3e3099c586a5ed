"""Erase a person from a claims store: every row about the person and about the person's settlements."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS, TABLES
from features.claims.part import columns_of
from features.claims.write import remove_orphans, write_query
from features.engine import path_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from features.claims.contract import Table
    from features.claims.part import Part
    from features.claims.store import ClaimsStore
    from features.engine import DuckDBEngine

# Tables that name their subject by kind and identifier.
_BY_SUBJECT = ("labels", "complaints")
# Domains of identifiers that belong to one person.
_OWN_DOMAINS = ("settlement", "prescription")


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
        Rows about the person, by table; code tables as `codes_<domain>`, quarantined rows as `quarantine_<table>`.
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
    _register_ids(engine, person_id)
    rows = {}
    for group, parts, tests in _groups(store):
        rows[group] = sum(_count(engine, store.folder / part.file, tests) for part in parts)
    labels = engine.rows(f"select label_id from labels t where {_either(_tests(TABLES['labels']))} order by 1")
    settlements, prescriptions = (
        tuple(str(row[0]) for row in engine.rows(f"select id from erased_{domain} order by 1"))
        for domain in _OWN_DOMAINS
    )
    found = {group: n for group, n in rows.items() if n}
    return PersonInStore(person_id, settlements, prescriptions, tuple(str(row[0]) for row in labels), found)


def erase_from_store(engine: DuckDBEngine, store: ClaimsStore) -> None:
    """Write the files that hold the person anew without it, make them the store's in one step, delete the old ones.

    Parameters
    ----------
    engine : DuckDBEngine
        On which `find_person` ran.
    store : ClaimsStore
        Held by the caller as its one writer.
    """
    changed: dict[str, tuple[Part, ...]] = {
        group: tuple(new for part in parts if (new := _without(engine, store.folder, part, tests)) is not None)
        for group, parts, tests in _groups(store)
    }
    old = store.catalog
    catalog = replace(
        old,
        tables={name: changed[name] for name in old.tables},
        codes={domain: changed[f"codes_{domain}"] for domain in old.codes},
        quarantine={name: changed[f"quarantine_{name}"] for name in old.quarantine if changed[f"quarantine_{name}"]},
    )
    if catalog != old:
        catalog.write(store.folder)
    remove_orphans(store.folder, catalog)


def _register_ids(engine: DuckDBEngine, person_id: str) -> None:
    """Make `erased_<domain>` of the person, its settlements and its prescriptions, and patterns of their texts."""
    engine.execute("create or replace table erased_person as select ? as id", [person_id])
    person = "select person_key from codes_person where person_id in (select id from erased_person)"
    for domain in _OWN_DOMAINS:
        engine.create_table(
            f"erased_{domain}",
            f"select distinct c.{domain}_id as id from {domain}s t join codes_{domain} c "
            f"on c.{domain}_key = t.{domain}_key where t.person_key in ({person}) and c.{domain}_id is not null",
        )
    # A number that versions share is the person's where nobody else's bill has it.
    engine.execute(
        "insert into erased_settlement select distinct c.settlement_id from settlements t "
        f"join codes_settlement c on c.settlement_key = t.claim_key where t.person_key in ({person}) "
        f"and not exists (select 1 from settlements o where o.claim_key = t.claim_key and o.person_key not in ({person}))"
        " and c.settlement_id not in (select id from erased_settlement)"
    )
    for domain in ("person", *_OWN_DOMAINS):
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


def _groups(store: ClaimsStore) -> list[tuple[str, tuple[Part, ...], Mapping[str, str]]]:
    """List every group of files with the tests of the rows that go, by the column they read."""
    catalog = store.catalog
    found = [(name, parts, _tests(TABLES[name])) for name, parts in catalog.tables.items()]
    for domain, parts in catalog.codes.items():
        is_own = domain in {"person", *_OWN_DOMAINS}
        column = CODE_COLUMNS[domain]
        tests = {column: f"t.{column} in (select id from erased_{domain})"} if is_own else {}
        found.append((f"codes_{domain}", parts, tests))
    told = "exists (select 1 from erased_texts e where contains(t.raw, e.id) and regexp_matches(t.raw, e.pattern))"
    found += [(f"quarantine_{name}", parts, {"raw": told}) for name, parts in catalog.quarantine.items()]
    return found


def _tests(table: Table) -> dict[str, str]:
    """Return SQL, by column, that is true for the rows of a table about the person or one of its settlements."""
    tests = {
        column.stored_name: f"t.{column.stored_name} in (select key from erased_{column.domain}_keys)"
        for column in table.columns
        if column.domain in {"person", *_OWN_DOMAINS}
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
