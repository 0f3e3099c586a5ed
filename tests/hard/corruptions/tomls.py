"""Mappings and settings: expressions that reach out, blow up or crash; TOML that is deep, huge or of wrong types."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from tests.hard.corruptions.damage import Damage
from tests.hard.sources import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXPRESSIONS = (
    "read_text('/etc/passwd')",
    "read_csv('/etc/passwd')",
    "(select 1)",
    "(select content from read_text('/etc/passwd'))",
    "\"read_text\"('/etc/passwd')",
    "read_text\u2003('/etc/passwd')",
    "item_name), (select content from read_text('/etc/passwd')",
    "item_name; copy (select 1) to '/tmp/never'",
    "item_name -- x",
    "item_name /* x */",
    "getenv('HOME')",
    "current_setting('memory_limit')",
    "query('select 1')",
    "glob('/etc/*')",
    "item_name::varchar",
    "{'a': item_name}",
    "[item_name]",
    "item_name[1]",
    "columns('.*')",
    "*",
    "?",
    "$1",
    "()",
    "coalesce()",
    "count(*)",
    "row_number() over ()",
    "install httpfs",
    "attach '/etc/passwd' as x",
    "'" + "a" * 3_000_000 + "'",
    "(" * 20_000 + "item_name" + ")" * 20_000,
    " || ".join(["item_name"] * 20_000),
    "-" * 5_000 + "1",
    "not " * 5_000 + "item_name",
    "case when true then " * 2_000 + "item_name" + " end" * 2_000,
    "lpad('x', 2000000000, 'y')",
    "lpad(item_name, 200000000, 'y')",
    "replace(replace(lpad('a', 1000, 'a'), 'a', lpad('a', 1000, 'a')), 'a', lpad('a', 1000, 'a'))",
    "number(amount) * 99999999999999999999999999999999999999",
    "number(amount) * 9999999999 * 9999999999 * 9999999999 * 9999999999",
    "1 / 0",
    "number('x') / 0",
    "round(number(amount), 99999999999)",
    "left(item_name, 99999999999999999999)",
    "substr(item_name, -9223372036854775808, 9223372036854775807)",
    "split_part(item_name, '', 0)",
    "1" * 400,
    "9" * 39,
    "'\0'",
    "_file",
    "rowid",
    "item_name item_code",
    '""',
    "",
)
_FILES = (
    ["../*.csv"],
    ["/etc/passwd"],
    [""],
    ["."],
    [".."],
    ["**"],
    ["claim_lines.csv\0"],
    ["*" * 2_000 + ".csv"],
    ["a/" * 3_000 + "*.csv"],
    ["["],
    ["**/" * 500 + "*.csv"],
    [],
    [7],
    "claim_lines.csv",
)
_MAPPINGS = {
    "not UTF-8": b'name = "\xff"\n',
    "UTF-16": "name = 'm'".encode("utf-16"),
    "empty": b"",
    "with NUL": b"name = 'a\0b'\n",
    "name of 3": b"name = 3\n",
    "tables of 3": b"name='m'\ntables=3\n",
    "30 MB": b"name = 'm'\ndescription = '" + b"a" * 30_000_000 + b"'\n",
    "300,000 keys": "".join(f"k{n} = 1\n" for n in range(300_000)).encode(),
    "a number of 5,000 digits": b"name='m'\nx = " + b"9" * 5_000 + b"\n",
    "100,000 brackets": b"x = " + b"[" * 100_000,
    "a key of 50,000 parts": b"[" + b".".join([b"a"] * 50_000) + b"]\n",
    "a date as name": b"name = 2020-01-01\n",
    "an escape in the name": b'name = "\\u001b[31mred\\u001b]0;title\\u0007"\nidentity = true\n',
    "markup in the name": b'name = "[/b][red]x"\nidentity = true\n',
    "a line break in the name": b'name = "a\\nfraud: false line"\nidentity = true\n',
}
_ENCODINGS = (
    "punycode",
    "undefined",
    "idna",
    "rot13",
    "base64",
    "utf-8\0",
    "mbcs",
    "unicode_escape",
    "x" * 5_000,
    "../utf-8",
    "",
)
_DELIMITERS = ("", ",,", '"', "\n", "\0", "\r", "aa", "\\t", "\ud7ff", "，")
_SETTINGS = {
    "threads of 100,000": "[engine]\nthreads = 100000\n",
    "threads of 0": "[engine]\nthreads = 0\n",
    "threads in words": '[engine]\nthreads = "two"\n',
    "threads of true": "[engine]\nthreads = true\n",
    "1 MB": '[engine]\nmemory_limit = "1MB"\n',
    "SQL as limit": "[engine]\nmemory_limit = \"1GB'; attach '/x'\"\n",
    "999999 TB": '[engine]\nmemory_limit = "999999TB"\n',
    "a window of 999": "[scoring]\nwindow_months = 999\n",
    "NaN": "[scoring]\nreview_budget = nan\n",
    "infinity": "[cases]\nrandom_audit_share = inf\n",
    "a huge seed": "[scoring]\nseed = 99999999999999999999999999\n",
    "a number of 5,000 digits": "[scoring]\nseed = " + "9" * 5_000 + "\n",
    "100,000 brackets": "x = " + "[" * 100_000,
    "an unknown section": "[engin]\nthreads = 2\n",
    "a list": "engine = [1]\n",
    "a key with an escape": '[engine]\n"\\u001b[31m" = 1\n',
    "a spill folder that is a file": '[engine]\nspill_folder = "/etc/passwd"\n',
    "a rule nobody knows": "[rules]\nnobody_knows = 3\n",
    "twice the same key": "[engine]\nthreads = 2\nthreads = 3\n",
    "20 MB": "# " + "a" * 20_000_000 + "\n",
}


def hostile_tomls() -> Iterator[Damage]:
    """Yield one damage for each mapping and each settings file."""
    for number, text in enumerate(EXPRESSIONS):
        for place in ("column", "where"):
            name = f"mapping: {place} {number} {text[:40]!r}"
            yield Damage(name, functools.partial(_mapping, expression={place: text}), "--mapping")
    for number, files in enumerate(_FILES):
        name = f"mapping: files {number} {str(files)[:40]}"
        yield Damage(name, functools.partial(_mapping, source={"files": files}), "--mapping", must_refuse=True)
    for key, values in (("encoding", _ENCODINGS), ("delimiter", _DELIMITERS)):
        for value in values:
            name = f"mapping: {key} {value[:20]!r}"
            yield Damage(name, functools.partial(_mapping, source={key: value}), "--mapping", must_refuse=True)
    for name, content in _MAPPINGS.items():
        yield Damage(f"mapping: {name}", functools.partial(_file, content), "--mapping", must_refuse=True)
    for name, text in _SETTINGS.items():
        yield Damage(f"settings: {name}", functools.partial(_file, text.encode()), "--config", must_refuse=True)
    for name in ("a folder", "a pipe", "nothing"):
        yield Damage(f"settings: {name}", functools.partial(_no_file, name), "--config", must_refuse=True)


def _file(content: bytes, folder: Path) -> Path:
    path = folder.parent / "given.toml"
    path.write_bytes(content)
    return path


def _no_file(kind: str, folder: Path) -> Path:
    import os

    path = folder.parent / "given.toml"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    return path


def _mapping(folder: Path, expression: dict[str, str] | None = None, source: dict[str, object] | None = None) -> Path:
    """Write an honest mapping of the small source with one thing changed."""
    lines = ['name = "honest"']
    for name in tables():
        more = {"files": [f"{name}.csv"], **((source or {}) if name == "claim_lines" else {})}
        lines += [f"[sources.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in more.items())]
    for name, rows in tables().items():
        lines += [f"[[tables.{name}]]", f'source = "{name}"']
        if name == "claim_lines" and expression and "where" in expression:
            lines.append(f"where = {json.dumps(expression['where'])}")
        lines.append(f"[tables.{name}.columns]")
        for column in rows[0]:
            is_changed = (name, column) == ("claim_lines", "item_name") and "column" in (expression or {})
            lines.append(f"{column} = {json.dumps((expression or {})['column'] if is_changed else column)}")
    return _file("\n".join(lines).encode("utf-8", "surrogatepass"), folder)
