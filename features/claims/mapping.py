"""A mapping turns a payer's extract into contract tables: a TOML file, checked before anything is read."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
    ValidationError,
)

from features.claims.contract import TABLES
from features.claims.date_forms import check_form
from features.claims.form import Form
from features.claims.mapping_database import DatabaseSource, kind_of_source
from features.claims.mapping_step_checks import check_lookups, check_steps
from features.claims.mapping_steps import Gathering, Lookup, Number, Use
from features.claims.mapping_words import check_pattern, check_zone
from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text

DEFAULT = "contract"
_HINT = "see docs/mappings.md"
_MAX_FILE = 1024 * 1024
# Far beyond any mapping that somebody wrote; each block, value and column costs a scan or a comparison of every row.
_MAX_PARTS, _MAX_UNLISTED, _MAX_VALUES, _MAX_KEYS = 100, 200, 1_000, 300

# What is printed in reports and errors: letters, digits and a few signs.
Name = Annotated[str, StringConstraints(pattern=r"^\w[\w .()-]*$", max_length=80)]
SourceName = Annotated[str, StringConstraints(pattern=r"^\w[\w .()-]*$", max_length=40)]
StrictDate = Annotated[date, Strict()]
ShortText = Annotated[str, StringConstraints(max_length=1_000)]


DateForm = Annotated[str, AfterValidator(check_form)]
DateForms = Annotated[
    tuple[DateForm, ...],
    BeforeValidator(lambda given: [given] if isinstance(given, str) else given),
    Field(max_length=20),
]
Formats = Annotated[dict[str, DateForms], Field(max_length=_MAX_PARTS)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Form):
    """Files of one shape.

    Parameters
    ----------
    files : tuple of str
        Patterns relative to the source folder, of any ending: text, Parquet, a workbook, these in zip or gzip, or a
        folder of them. What follows the name of an archive names files in it.
    is_optional : bool
        Whether the extract may come without them.
    delimiter, encoding, skip_rows, skip_last, ignore_unnamed, sheet, may_lack, format, part
        As in `Form`.
    """

    files: tuple[Annotated[str, AfterValidator(check_pattern)], ...] = Field(min_length=1, max_length=_MAX_PARTS)
    is_optional: StrictBool = False


AnySource = Annotated[
    Annotated[Source, Tag("files")] | Annotated[DatabaseSource, Tag("database")], Discriminator(kind_of_source)
]


class ValueMap(_Part):
    """Source values to contract values; what is not listed becomes `otherwise`, or stays as it is without that."""

    to: dict[ShortText, ShortText] = Field(max_length=_MAX_VALUES)
    otherwise: ShortText | None = None


class Unlist(_Part):
    """Several source columns of a row become several rows: nulls are dropped, the position is counted from `start`."""

    columns: tuple[str, ...] = Field(min_length=1, max_length=_MAX_UNLISTED)
    value: str
    position: str | None = None
    start: StrictInt = Field(1, ge=0, le=1_000_000)


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
    lookup : dict of str to str or Use
        Contract columns that are looked up, after the value map, in the lookups of these names.
    group_by : tuple of str
        Contract columns of the block: rows that are equal in them become one, in the place of the first; it counts
        once as read.
    gather : dict of str to str
        How the other columns of a group are put together; those without an entry must be the same in all its rows.
    number : Number, optional
        A column that numbers the rows.
    distinct : bool
        Whether equal rows collapse, as when providers are read off the claims; they count once as read.
    operation : str, optional
        Expression that is `insert`, `update` or `delete` (or I, U, D, in any case): what a row of a delta does to
        what is stored under its key.
    is_fallback : bool
        Whether only rows are taken whose key no earlier block of the table gives; the others do not count as read.
    natural_key : tuple of str
        Of settlements: contract columns of the block whose values tell one claim from another, where cancellations
        name nothing; the claim_id is made of them.
    formats : dict of str to tuple of str
        Forms of dates and times by contract column, tried in order, in place of the contract's own form.
    """

    source: str
    columns: dict[str, str] = {}
    values: dict[str, ValueMap] = {}
    unlist: Unlist | None = None
    where: str | None = None
    lookup: dict[str, str | Use] = {}
    group_by: tuple[str, ...] = Field((), max_length=_MAX_PARTS)
    gather: dict[str, Gathering] = {}
    number: Number | None = None
    operation: str | None = None
    distinct: StrictBool = False
    is_fallback: StrictBool = False
    formats: Formats = {}
    natural_key: tuple[ShortText, ...] = Field((), max_length=_MAX_VALUES)

    @property
    def made(self) -> frozenset[str]:
        """Contract columns that it gives."""
        unlisted = (self.unlist.value, self.unlist.position) if self.unlist else ()
        numbered = (self.number.column,) if self.number else ()
        return frozenset({*self.columns, *numbered, *(name for name in unlisted if name)})


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
    zone : str, optional
        IANA name of the zone of the extract's local times ("Asia/Shanghai"): instants with an offset, and zoned Parquet
        columns, are brought to it. Without it their rows are quarantined.
    extracted : date, optional
        Day of which the extract says what was so; by default that of its newest bills.
    optional : tuple of str
        Columns (`table.column`) that the contract requires and this extract may lack.
    stand_ins : tuple of str
        Columns (`table.column`) that hold something in place of what the extract does not know, such as the number of
        the bill for that of a person: they count as not given, so that what needs them says "not checked".
    identity : bool
        Whether tables come as files, folders or sheets of their contract names, with contract columns.
    formats : dict of str to tuple of str
        As of a block, for every table that has the column; what a block says goes first.
    files : Form
        How the files of an identity mapping are written; those of other mappings say it by source.
    sources, tables : dict
        Where rows come from, and what they become.
    lookups : dict of str to Lookup
        What ids became.
    """

    name: Name
    description: str = Field("", max_length=2_000)
    null_texts: tuple[ShortText, ...] = Field((), max_length=_MAX_PARTS)
    zone: Annotated[str, AfterValidator(check_zone)] | None = None
    extracted: StrictDate | None = None
    optional: tuple[ShortText, ...] = Field((), max_length=_MAX_PARTS)
    stand_ins: tuple[ShortText, ...] = Field((), max_length=_MAX_PARTS)
    identity: StrictBool = False
    formats: Formats = {}
    files: Form = Form()
    sources: dict[SourceName, AnySource] = Field({}, max_length=_MAX_PARTS)
    tables: dict[str, Annotated[tuple[Block, ...], Field(max_length=_MAX_PARTS)]] = {}
    lookups: dict[SourceName, Lookup] = Field({}, max_length=_MAX_PARTS)


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
    merged = dict(base)
    for key, value in over.items():
        inner = merged.get(key)
        merged[key] = {**inner, **value} if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


_DATED = sorted({column.name for table in TABLES.values() for column in table.columns if column.is_dated})


def _checked(data: dict[str, Any], where: str) -> Mapping:
    try:
        mapping = Mapping.model_validate(data)
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
    if not mapping.identity and mapping.files != Form():
        raise InputError.of("mapping key 'files'", f"in {where!r}", "without `identity`", "say it in [sources.…]")
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
    if block.natural_key:
        _check_natural_key(table, block, where)
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
