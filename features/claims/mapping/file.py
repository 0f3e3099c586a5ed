"""Read a mapping file and check it, before anything of a source is read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from features.claims.contract import TABLES
from features.claims.mapping.database import DatabaseSource
from features.claims.mapping.form import Form
from features.claims.mapping.mapping import Block, Mapping, Source, Unlist, ValueMap
from features.claims.mapping.step_checks import check_lookups, check_steps
from features.claims.mapping.steps import Lookup, Number, Use
from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text

DEFAULT = "contract"
_HINT = "see docs/mappings.md"
_MAX_FILE = 1024 * 1024
_MAX_KEYS = 300


def shipped() -> tuple[str, ...]:
    """Names of the mappings that come with the toolkit."""
    folder = files("features.claims").joinpath("mappings")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_mapping(name: str) -> Mapping:
    """Read a shipped mapping by its name, or a mapping file by its path.

    Raises
    ------
    InputError
        There is none, or a key, table or column in it is unknown.
    """
    return _checked(_read(name), name)


def _read(name: str) -> dict[str, Any]:
    if name in shipped():
        text = files("features.claims").joinpath("mappings").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    elif name.endswith(".toml"):
        text = read_text(Path(name), "mapping", "give a readable TOML file", _MAX_FILE)
    else:
        raise InputError.unknown_name("mapping", "among the shipped ones", name, shipped())
    where = plain_line(repr(name))
    data = parse_toml(text, "mapping", where, "mend the file")
    if len(data) > _MAX_KEYS:
        raise InputError.of("mapping", where, f"{len(data):,} keys", _HINT)
    base = data.pop("extends", None)
    if base is None:
        return data
    if base not in shipped():
        raise InputError.unknown_name("mapping", f"extended by {where}", _shown(base), shipped())
    return _merged(_read(base), data)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Put a mapping over the one it extends: a source or table replaces the one of its name, as a whole.

    A source that says neither files nor a database says more of the one that is extended.
    """
    merged = dict(base)
    for key, value in over.items():
        inner = merged.get(key)
        merged[key] = {**inner, **value} if isinstance(inner, dict) and isinstance(value, dict) else value
    known, said = base.get("sources"), over.get("sources")
    if isinstance(known, dict) and isinstance(said, dict):
        for name, source in said.items():
            if name in known and isinstance(source, dict) and not source.keys() & {"files", "database"}:
                merged["sources"][name] = {**known[name], **source}
    return merged


def _spread(data: dict[str, Any]) -> dict[str, Any]:
    """Let what `[files]` says hold for all sources of files that do not say it themselves."""
    form, sources = data.get("files"), data.get("sources")
    if not isinstance(form, dict) or not isinstance(sources, dict):
        return data
    every = {
        name: {**form, **source} if isinstance(source, dict) and "files" in source else source
        for name, source in sources.items()
    }
    return {**data, "sources": every}


_DATED = sorted({column.name for table in TABLES.values() for column in table.columns if column.is_dated})


def _checked(data: dict[str, Any], where: str) -> Mapping:
    try:
        mapping = Mapping.model_validate(_spread(data))
    except ValidationError as error:
        raise _explained(error, where) from error
    check_lookups(mapping, f"in mapping {where!r}")
    _check_lacking(mapping, where)
    for column in mapping.formats:
        if column not in _DATED:
            raise InputError.unknown_name("column of dates or times", f"in mapping {where!r}", _shown(column), _DATED)
    for table, blocks in mapping.tables.items():
        if table not in TABLES:
            raise InputError.unknown_name("table", f"in mapping {where!r}", _shown(table), TABLES)
        for block in blocks:
            _check_block(mapping, table, block, f"in mapping {where!r} [tables.{table}]")
    asked = {lookup.source for lookup in mapping.lookups.values()}
    if mapping.identity and (
        mapping.tables or mapping.sources.keys() - asked or mapping.sources.keys() & TABLES.keys()
    ):
        got = "has tables of its own beside `identity`, which takes them as they are"
        raise InputError.of("mapping", f"{where!r}", got, "leave out one of the two")
    if not mapping.identity and not mapping.tables:
        raise InputError.of("mapping", f"{where!r}", "maps no table", "add [[tables.settlements]]")
    return mapping


def _check_lacking(mapping: Mapping, where: str) -> None:
    for said in (*mapping.optional, *mapping.stand_ins):
        table, _, column = said.partition(".")
        if table not in TABLES or column not in TABLES[table].by_name:
            known = [f"{name}.{each}" for name, found in TABLES.items() for each in found.by_name]
            raise InputError.unknown_name("column", f"in mapping {where!r}", _shown(said), known)


def _check_block(mapping: Mapping, table: str, block: Block, where: str) -> None:
    if block.source not in mapping.sources:
        raise InputError.unknown_name("source", where, _shown(block.source), mapping.sources)
    if block.operation is not None and table == "labels":
        got = "labels, which are never changed: a later one names the one whose place it takes"
        raise InputError.of("mapping key 'operation'", where, got, "leave it out")
    made = [block.unlist.value, block.unlist.position] if block.unlist else []
    for column in (*block.columns, *block.values, *(name for name in made if name)):
        if column not in TABLES[table].by_name:
            raise InputError.unknown_name("column", where, _shown(column), TABLES[table].by_name)
    check_steps(mapping, TABLES[table], block, where)
    dated = [column.name for column in TABLES[table].columns if column.is_dated]
    for column in block.formats:
        if column not in dated:
            raise InputError.unknown_name("column of dates or times", where, _shown(column), dated)
    if block.natural_key:
        _check_natural_key(table, block, where)


def _check_natural_key(table: str, block: Block, where: str) -> None:
    if table != "settlements":
        raise InputError.of("natural_key", where, "only settlements have one", "leave it out")
    if "claim_id" in block.columns:
        raise InputError.of("natural_key", where, "stands beside a column claim_id", "leave out one of the two")
    for column in block.natural_key:
        if column not in block.columns:
            raise InputError.unknown_name("column", f"{where} natural_key", _shown(column), block.columns)


def _explained(error: ValidationError, where: str) -> InputError:
    # A misspelt key shows twice, as unknown and as missing: the former says more.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    # The kind of a source is found by its keys; nobody wrote it.
    loc = [part for place, part in enumerate(first["loc"]) if place != 2 or first["loc"][0] != "sources"]
    key = _shown(".".join(str(part) for part in loc))
    where = plain_line(repr(where))
    if first["type"] != "extra_forbidden":
        return InputError.of(f"mapping key '{key}'", f"in {where}", first["msg"].removeprefix("Value error, "), _HINT)
    models = (Mapping, Source, DatabaseSource, Form, Block, ValueMap, Unlist, Number, Lookup, Use)
    known = {name for model in models for name in model.model_fields}
    return InputError.unknown_name("mapping key", f"in {where} at '{key}'", _shown(loc[-1]), known)


def _shown(got: object) -> str:
    return plain_line(str(got)[:100])
