"""Check of versions: Python and the libraries against what the toolkit was made for."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, metadata, version
from typing import TYPE_CHECKING

from fraud.doctor.remark import note, ok, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark

_PROJECT = "claims-fraud-toolkit"


def check_versions(_patient: Patient) -> Iterator[Remark]:
    """Compare what is installed with the ranges of the project."""
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    try:
        declared = metadata(_PROJECT)
    except PackageNotFoundError:
        yield note("the toolkit is not installed; versions are not checked", "install it, as README.md says")
        return
    python, wanted = platform.python_version(), declared["Requires-Python"] or ""
    if not SpecifierSet(wanted).contains(python, prereleases=True):
        yield wrong(f"python {python} is outside of {wanted}", "use a Python within it")
    needed = [Requirement(line) for line in declared.get_all("Requires-Dist") or []]
    needed = [each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    faults = [fault for each in needed if (fault := _fault(each.name, str(each.specifier))) is not None]
    yield from faults
    if not faults:
        found = f"toolkit {version(_PROJECT)}, python {python}"
        yield ok(f"{found}, {len(needed)} libraries in the ranges the toolkit was made for")


def _fault(name: str, wanted: str) -> Remark | None:
    from packaging.specifiers import SpecifierSet

    hint = f"pip install '{name}{wanted}'"
    try:
        found = version(name)
    except PackageNotFoundError:
        return wrong(f"{name} is not installed", hint)
    if SpecifierSet(wanted).contains(found, prereleases=True):
        return None
    return wrong(f"{name} {found} is outside of {wanted}", hint)
