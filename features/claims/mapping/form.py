"""How the files of a source are written, as far as a mapping says; what it does not say is told from the content."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from features.claims.mapping.words import check_delimiter, check_encoding

# Title rows and footers; beyond them a file is another table.
_MAX_SKIPPED = 1_000


class Form(BaseModel):
    """How files are written.

    Parameters
    ----------
    delimiter : str, optional
        Between the cells of a line; by default a comma or, where the header has none, its tab, bar or semicolon.
    encoding : str, optional
        Of text files; by default UTF-8, and UTF-16 that begins with its mark. Whatever else is refused with the
        encoding that fits.
    skip_rows, skip_last : int
        Lines before the header (titles) and at the end (totals, signatures) that are no rows; of a workbook, rows.
    ignore_unnamed : bool
        Whether a column without a name is no reason to refuse: it is called `_unnamed_<place>`.
    sheet : str or int, optional
        Of a workbook, by name or by place from 1; by default the only visible one that holds anything.
    may_lack : tuple of str
        Columns that not every extract has; contract columns that are made of nothing else are then not given.
    format : str, optional
        "fhir": files of FHIR resources, as bundles or one resource a line.
    part : str, optional
        Of FHIR resources: which table of theirs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    delimiter: Annotated[str, AfterValidator(check_delimiter)] | None = None
    encoding: Annotated[str, AfterValidator(check_encoding)] | None = None
    skip_rows: StrictInt = Field(0, ge=0, le=_MAX_SKIPPED)
    skip_last: StrictInt = Field(0, ge=0, le=_MAX_SKIPPED)
    ignore_unnamed: StrictBool = False
    sheet: Annotated[str, StringConstraints(min_length=1, max_length=100)] | StrictInt | None = None
    may_lack: tuple[Annotated[str, StringConstraints(max_length=1_000)], ...] = Field((), max_length=200)
    format: Literal["fhir"] | None = None
    part: Literal["claims", "items", "diagnoses", "procedures", "patients"] | None = None

    @model_validator(mode="after")
    def _check_part(self) -> Self:
        if (self.format == "fhir") != (self.part is not None):
            raise ValueError('`part` says which table of FHIR resources, and goes with `format = "fhir"`')
        return self
