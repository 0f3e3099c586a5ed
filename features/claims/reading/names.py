"""Names of files and folders that hold no data, whatever pattern they match: marks of systems, companions, keys."""

from __future__ import annotations

import re

# What Spark, Hive, macOS and Office put beside data begins with one of these.
_MARKS = ("_", ".", "~$")
_COMPANION_NAMES = re.compile(
    r"(read[ _-]?me|licen[cs]e|copying|notice|changelog|makefile|md5sums?|sha(1|256|512)sums?|checksums?|desktop|"
    r"thumbs|说明|使用说明|读我)(\..*)?",
    re.IGNORECASE,
)
_COMPANION_ENDINGS = re.compile(
    r".*\.(crc|md5|sha1|sha256|sha512|sig|asc|gpg|md|rst|pdf|docx?|pptx?|html?|json|xml|ya?ml|toml|ini|cfg|sql|py|r|sh|"
    r"bat|log|ok|done|ctl|success|te?mp|part|filepart|crdownload|bak|swp|lock|lck|db|lnk|url|png|jpe?g)",
    re.IGNORECASE | re.DOTALL,
)
_KEY = re.compile(r"([^=]+)=(.*)", re.DOTALL)
# The name that Hive, Spark and DuckDB give the folder of rows without a value.
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def is_mark(name: str) -> bool:
    """Whether a name is one that systems keep for themselves (`_SUCCESS`, `.part.crc`, `__MACOSX`, `~$book.xlsx`).

    Examples
    --------
    >>> is_mark("_SUCCESS"), is_mark("part-0.csv"), is_mark("_kind=A")
    (True, False, False)
    """
    return name.startswith(_MARKS) and name not in {".", ".."} and not _KEY.fullmatch(name)


def is_companion(name: str) -> bool:
    """Whether a name is one of a file beside data: a readme, a checksum, a protocol.

    Examples
    --------
    >>> is_companion("README.txt"), is_companion("bills.csv.md5"), is_companion("CLM.DAT"), is_companion("part-0")
    (True, True, False, False)
    """
    return bool(_COMPANION_ENDINGS.fullmatch(name) or _COMPANION_NAMES.fullmatch(name))


def is_data(name: str) -> bool:
    """Whether a file of a folder or archive that was named as a whole is read."""
    return not is_mark(name) and not is_companion(name)


def path_keys(folders: tuple[str, ...]) -> dict[str, str | None]:
    """Return the keys that folders are named after (`insurance_type=employee`), the innermost of one name.

    Examples
    --------
    >>> path_keys(("bills", "kind=a%20b", "month=__HIVE_DEFAULT_PARTITION__"))
    {'kind': 'a b', 'month': None}
    """
    from urllib.parse import unquote

    found: dict[str, str | None] = {}
    for folder in folders:
        key = _KEY.fullmatch(folder)
        if key:
            found[unquote(key[1]).strip()] = None if key[2] == NO_VALUE else unquote(key[2])
    return found
