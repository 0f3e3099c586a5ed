"""A mapping turns a payer's extract into contract tables: what its TOML file may say."""

from __future__ import annotations

from datetime import date
from typing import Annotated

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
)

from features.claims.mapping.database import DatabaseSource, kind_of_source
from features.claims.mapping.date_forms import check_form
from features.claims.mapping.form import Form
from features.claims.mapping.steps import Gathering, Lookup, Number, Use
from features.claims.mapping.words import check_pattern, check_zone

# Far beyond any mapping that somebody wrote; each block, value and column costs a scan or a comparison of every row.
_MAX_PARTS, _MAX_UNLISTED, _MAX_VALUES = 100, 200, 1_000

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
        what is stored under its key; `upsert` updates what is there and else inserts, `withdraw` deletes what is there
        and else does nothing. All rows of a group say the same.
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
        How files are written: those of an identity mapping, and of all sources that do not say it themselves.
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
