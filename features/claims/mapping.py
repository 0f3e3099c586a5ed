"""A mapping turns a payer's extract into contract tables: a TOML file, checked before anything is read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.claims.contract import TABLES
from features.claims.reading.decode import text_encoding
from features.claims.reading.limits import MAX_DEPTH
from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text, refusing

DEFAULT = "contract"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Part):
    """Files of one shape.

    Parameters
    ----------
    files : tuple of str
        Patterns relative to the source folder: CSV, zipped or gzipped CSV, Parquet.
    is_optional : bool
        Whether the extract may come without them.
    delimiter, encoding : str
        Of CSV files.
    """

    files: tuple[str, ...] = Field(min_length=1)
    is_optional: bool = False
    delimiter: str = Field(",", min_length=1, max_length=1)
    encoding: str = "utf-8"


class ValueMap(_Part):
    """Source values to contract values; what is not listed becomes `otherwise`, or stays as it is without that."""

    to: dict[str, str]
    otherwise: str | None = None


class Unlist(_Part):
    """Several source columns of a row become several rows: nulls are dropped, the position is counted from `start`."""

    columns: tuple[str, ...] = Field(min_length=1)
    value: str
    position: str | None = None
    start: int = 1


class Block(_Part):
    """Rows of one contract table made from one source; several blocks of a table are put below each other.

    Parameters
    ----------
    source : str
        Name under [sources].
    columns : dict of str to str
        Contract column to expression over the source's columns.
    values : dict of str to ValueMap
        Value maps by contract column, applied after the expression.
    unlist : Unlist, optional
        Long rows from wide columns.
    where : str, optional
        Only rows for which this expression is true.
    distinct : bool
        Whether equal rows collapse, as when providers are read off the claims; they count once as read.
    is_fallback : bool
        Whether only rows are taken whose key no earlier block of the table gives; the others do not count as read.
    """

    source: str
    columns: dict[str, str] = {}
    values: dict[str, ValueMap] = {}
    unlist: Unlist | None = None
    where: str | None = None
    distinct: bool = False
    is_fallback: bool = False


class Mapping(_Part):
    """A whole mapping.

    Parameters
    ----------
    name : str
        Said in reports.
    description : str
        What extract it is for.
    null_texts : tuple of str
        Texts that mean "no value"; the empty text always does.
    identity : bool
        Whether tables come as files or folders of their contract names, with contract columns.
    sources, tables : dict
        Where rows come from, and what they become.
    """

    name: str
    description: str = ""
    null_texts: tuple[str, ...] = ()
    identity: bool = False
    sources: dict[str, Source] = {}
    tables: dict[str, tuple[Block, ...]] = {}


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
        text = read_text(Path(name), "mapping", "give a readable TOML file")
    else:
        raise InputError.unknown_name("mapping", "among the shipped ones", name, shipped())
    data = parse_toml(text, "mapping", f"{plain_line(repr(name))}: not TOML", "mend the file")
    base = data.pop("extends", None)
    if base is None:
        return data
    if base not in shipped():
        raise InputError.unknown_name("mapping", f"extended by {name!r}", str(base), shipped())
    return _merged(_read(base), data)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        inner = merged.get(key)
        merged[key] = {**inner, **value} if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _checked(data: dict[str, Any], where: str) -> Mapping:
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        raise _explained(error, where) from error
    for name, source in mapping.sources.items():
        _check_source(name, source)
    for table, blocks in mapping.tables.items():
        if table not in TABLES:
            raise InputError.unknown_name("table", f"in mapping {where!r}", table, TABLES)
        for block in blocks:
            _check_block(mapping, table, block, f"in mapping {where!r} [tables.{table}]")
    if not mapping.identity and not mapping.tables:
        raise InputError.of("mapping", f"{where!r}", "maps no table", "add [[tables.settlements]]")
    return mapping


def _check_source(name: str, source: Source) -> None:
    where = plain_line(f"of source '{name}'")
    with refusing("encoding", f"{where}: {plain_line(source.encoding)!r}", "see docs/mappings.md"):
        text_encoding(source.encoding)
    if source.delimiter in '"\r\n\0\ufeff' or source.delimiter.isalnum():
        raise InputError.of("delimiter", where, f"{source.delimiter!r} cannot stand between cells", "name another")
    for pattern in source.files:
        shown = plain_line(repr(pattern[:200]))
        parts = PurePosixPath(pattern).parts
        if pattern.startswith("/") or ".." in parts:
            raise InputError.of("pattern", where, f"{shown} leaves the folder", "name files below the source folder")
        if not parts or len(parts) > MAX_DEPTH or not pattern.isprintable() or pattern.endswith("/"):
            got = f"{shown} names no file, or more than {MAX_DEPTH} folders"
            raise InputError.of("pattern", where, got, "see docs/mappings.md")


def _check_block(mapping: Mapping, table: str, block: Block, where: str) -> None:
    if block.source not in mapping.sources:
        raise InputError.unknown_name("source", where, block.source, mapping.sources)
    made = [block.unlist.value, block.unlist.position] if block.unlist else []
    for column in (*block.columns, *block.values, *(name for name in made if name)):
        if column not in TABLES[table].by_name:
            raise InputError.unknown_name("column", where, column, TABLES[table].by_name)


def _explained(error: ValidationError, where: str) -> InputError:
    # A misspelt key shows twice, as unknown and as missing: the former says more.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] != "extra_forbidden":
        return InputError.of(f"mapping key '{key}'", f"in {where!r}", first["msg"], "see docs/mappings.md")
    models = (Mapping, Source, Block, ValueMap, Unlist)
    known = {name for model in models for name in model.model_fields}
    return InputError.unknown_name("mapping key", f"in {where!r} at '{key}'", str(first["loc"][-1]), known)
