"""Settings of the SQL engine: how much of the machine it may use, and where it puts what memory does not hold."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from features.engine import DuckDBEngine
from features.errors import InputError
from features.outside import plain_line
from fraud.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

# More threads cost memory and gain nothing; beyond this the number is a slip.
MOST_THREADS = 256
_MEMORY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(MB|GB|TB)")
_MEGABYTES = {"MB": 1, "GB": 1_000, "TB": 1_000_000}
# With less DuckDB cannot hold the blocks of one sort per thread.
_LEAST_MEMORY, _MOST_MEMORY = 256, 16_000_000


def _memory(text: str) -> str:
    found = _MEMORY.fullmatch(text)
    if found is None:
        raise ValueError("write it as 4GB or 800MB")
    if not _LEAST_MEMORY <= float(found[1]) * _MEGABYTES[found[2]] <= _MOST_MEMORY:
        raise ValueError("give 256MB to 16TB")
    return text


MemoryLimit = Annotated[str, AfterValidator(_memory)]
SpillLimit = Annotated[str | None, AfterValidator(lambda text: text if text is None else _memory(text))]


class EngineSettings(Section):
    """How much of the machine the SQL engine may use."""

    memory_limit: MemoryLimit = Field("4GB", description="256MB to 16TB")
    threads: int = Field(2, ge=1, le=MOST_THREADS)
    spill_folder: str | None = Field(None, min_length=1, max_length=4000, description="a folder of your own")
    spill_limit: SpillLimit = Field(None, description="256MB to 16TB")

    @contextmanager
    def open(self, threads: int | None = None) -> Iterator[DuckDBEngine]:
        """Open DuckDB within these limits; `threads` instead of the setting's where given.

        Raises
        ------
        InputError
            The spill folder cannot be used.

        Examples
        --------
        >>> with EngineSettings(threads=1).open() as engine:
        ...     engine.rows("select 1")
        [(1,)]
        """
        with DuckDBEngine(self.memory_limit, threads or self.threads, self.spill(), self.spill_limit) as engine:
            yield engine

    def spill(self) -> Path | None:
        """Return the spill folder, made where it is not there; None without the setting.

        Raises
        ------
        InputError
            The spill folder is no folder of ours to write into, or a link: who may change it could lead claims away.
        """
        if self.spill_folder is None:
            return None
        place = Path(self.spill_folder)
        where, hint = plain_line(repr(str(place))), "name a folder of your own, outside of the workspace's store"
        try:
            if place.is_symlink() or (os.path.lexists(place) and not place.is_dir()):
                raise InputError.of("settings key 'engine.spill_folder'", where, "not a plain folder", hint)
            if (place / "catalog.json").exists() or any((above / "catalog.json").exists() for above in place.parents):
                raise InputError.of("settings key 'engine.spill_folder'", where, "within a claims store", hint)
            place.mkdir(parents=True, exist_ok=True)
            # It is tried: a folder that cannot be written would be found out in the middle of a job.
            with tempfile.TemporaryDirectory(dir=place):
                return place
        except (OSError, ValueError) as error:
            got = plain_line(getattr(error, "strerror", None) or str(error))
            raise InputError.of("settings key 'engine.spill_folder'", where, got, hint) from error
