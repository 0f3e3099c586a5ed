"""The manifest of a scored month: what went in, what came out, nothing that differs between equal runs."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import InputError
from features.outside import parse_json, plain_line, read_text
from features.vocabulary.months import MONTH_PATTERN
from fraud.runs.tables import output_tables

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
# 2: digests of catalogues are those of declarations as they stand since then; no earlier one can be compared.
FORMAT = 2


class OlderFormat(InputError):  # noqa: N818 - a refusal, told apart by those who only need the tables
    """The manifest of a scored month that an earlier version of the tool wrote."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RelationCount(_Record):
    """Rows for which a relation of the claims was checked, and rows that failed it."""

    checked: int
    failing: int


class ClaimsRead(_Record):
    """Digests of the claims months that a run read and of the tables without months; what ingest counted of both."""

    months: dict[str, str]
    registers: str
    relations: dict[str, RelationCount] = {}


class LabelsKnown(_Record):
    """Subjects of one entity with a label known on the day of the run, and the digest of these labels."""

    known: int
    sha256: str


class ModelUsed(_Record):
    """A version of a registered model: its digest, and the mode in which it was trained."""

    name: str
    version: int
    sha256: str
    mode: str


class RunReference(_Record):
    """A published run: its version, and the digest of its manifest."""

    version: str
    manifest_sha256: str


class Inputs(_Record):
    """All that a run read; labels and models by entity, without a model None."""

    claims: ClaimsRead
    labels: dict[str, LabelsKnown]
    models: dict[str, ModelUsed | None]
    previous_run: RunReference | None


class NotChecked(_Record):
    """Rules, and rules' exemptions, that could not be checked: by rule, what the claims lack.

    `items` are those whose limits were not: every bill of theirs names another item than the reference.
    """

    rules: dict[str, tuple[str, ...]]
    exemptions: dict[str, tuple[str, ...]]
    items: tuple[str, ...] = ()


class SetAsideUsed(_Record):
    """A set-aside that was in force, and what it took out of the month: subjects with findings, lines, their money.

    `subject_type` and `subject_id` are empty where it speaks of everybody; persons stand under their pseudonym.
    """

    name: str
    rule: str
    until: date
    reason: str
    subject_type: str
    subject_id: str
    items: tuple[str, ...]
    since: date | None
    findings: int
    lines: int
    exposure_amount: int


class OutputFile(_Record):
    """Digest and rows of one output table."""

    sha256: str
    rows: int


class Manifest(_Record):
    """Everything a scored month depended on, and the digest of everything in it.

    Parameters
    ----------
    month, window_months, as_of, engine
        What was scored: the month, months looked at, the last day of labels, where profiles were built.
    inputs : Inputs
        Claims, labels, models, the run of the month before.
    settings, settings_sha256
        Settings that the result depends on, and their digest.
    catalogues : dict of str to str
        Digests of what is declared: columns, output columns, features, rules.
    score_modes : dict of str to str
        By entity: none, positive_unlabelled or labelled.
    rings_withheld : int
        Ring candidates not reported, because residence is known too coarsely.
    not_checked : NotChecked
        What the claims lack for some rules.
    rules_failed : dict of str to str
        By rule that could not be brought to an end, why, in one line without anything that a row holds: the month
        has no findings of it, which is not clean.
    set_aside : tuple of SetAsideUsed
        What was set aside when the month was scored, and how much that took out of its findings.
    outputs : dict of str to OutputFile
        By output table.
    format, tool_version
        Of the manifest, and of the tool that wrote it.

    Examples
    --------
    >>> from pathlib import Path
    >>> Manifest.read(Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: manifest at 'nowhere': no such file. Hint: give the manifest.json of a scored month, ...
    """

    month: str
    window_months: int
    as_of: date
    engine: str
    inputs: Inputs
    settings: dict[str, Any]
    settings_sha256: str
    catalogues: dict[str, str]
    score_modes: dict[str, str]
    rings_withheld: int
    not_checked: NotChecked
    rules_failed: dict[str, str] = {}
    set_aside: tuple[SetAsideUsed, ...] = ()
    outputs: dict[str, OutputFile]
    format: int = FORMAT
    tool_version: str = Field(default_factory=lambda: version("claims-fraud-toolkit"))

    @property
    def window(self) -> tuple[str, ...]:
        """Claims months that were read, sorted."""
        return tuple(sorted(self.inputs.claims.months))

    def write(self, folder: Path) -> Path:
        """Write `manifest.json` into a folder of output tables, last of all files; equal manifests give equal bytes."""
        file = folder / MANIFEST
        file.write_text(canonical(self.model_dump(mode="json")), encoding="utf-8")
        return file

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a manifest, given as file or as the folder that holds it.

        Raises
        ------
        InputError
            It cannot be read, is not the manifest of a scored month, or is of another format (`OlderFormat`).
        """
        file = path / MANIFEST if path.is_dir() else path
        hint = f"give the {MANIFEST} of a scored month, or score the month again"
        where = f"at {plain_line(repr(str(file)))}"
        if not file.is_file():
            raise InputError.of("manifest", where, "no such file", hint)
        found = parse_json(read_text(file, "manifest", hint), "manifest", f"{where}: not readable JSON", hint)
        _refuse_other_format(found, where)
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            raise InputError.of("manifest", where, "not that of a scored month", hint) from error


def _refuse_other_format(found: object, where: str) -> None:
    """Refuse the manifest of a month that another version of the tool has scored, and say how to go on."""
    if not isinstance(found, dict) or not {"format", "month", "inputs", "outputs"} <= set(found):
        return
    given = found["format"]
    if type(given) is not int or given == FORMAT:
        return
    if given > FORMAT:
        got = f"of format {given!s:.10}, written by a newer version of the tool; this one reads format {FORMAT}"
        raise InputError.of("manifest", where, got, "upgrade the tool")
    month = str(found["month"]) if MONTH_PATTERN.fullmatch(str(found["month"])) else "M"
    got = f"of format {given!s:.10}, written by another version of the tool; this one reads format {FORMAT}"
    hint = f"score the month again with this version: `fraud score --month {month}`"
    raise OlderFormat.of("manifest", where, got, hint)


def canonical(value: object) -> str:
    """Write a value as JSON in one way only.

    Examples
    --------
    >>> canonical({"b": 1, "a": "医"}) == canonical({"a": "医", "b": 1})
    True
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def digest_of(content: bytes | str) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def describe_outputs(folder: Path) -> dict[str, OutputFile]:
    """SHA-256 and rows of every output table in a folder."""
    files = {name: folder / f"{name}.parquet" for name in sorted(output_tables())}
    return {
        name: OutputFile(sha256=digest_of(file.read_bytes()), rows=pq.read_metadata(file).num_rows)
        for name, file in files.items()
        if file.is_file()
    }
