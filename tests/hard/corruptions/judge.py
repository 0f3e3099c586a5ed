"""The judge of a damaged source: refused whole and in words, or every row accounted for and every value as written."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import duckdb

from tests.hard.bench import store_files, tree
from tests.hard.corruptions.damage import TABLES
from tests.hard.trial import check

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hard.bench import Bench
    from tests.hard.corruptions.damage import Damage

MAX_MB = 1_200
MAX_SECONDS = 60
# More lines than any note needs, fewer than a stray quote swallows.
MAX_LINES_OF_A_RECORD = 130
_HALF_DAYS = ("%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p")
_AMOUNT = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", re.ASCII)


def judge(bench: Bench, damage: Damage) -> None:
    """Damage a copy of the small source, check and ingest it, and hold both answers against the promise."""
    folder = bench.copy(bench.source)
    given = damage.do(folder)
    words = [damage.option, given] if damage.option == "--mapping" else []
    before = ["--config", given] if damage.option == "--config" else []
    workspace = folder.parent / "workspace"
    start = ["--workspace", workspace, *before]
    checked = bench.program.run(*start, "check", folder, *words, "--json", timeout=MAX_SECONDS).must(0, 2)
    check(not tree(workspace), "`check` wrote into the workspace")
    done = bench.program.run(*start, "ingest", folder, *words, "--json", timeout=MAX_SECONDS).must(0, 2)
    check(done.code == checked.code, f"check ends with {checked.code}, ingest with {done.code}")
    for outcome in (checked, done):
        check(outcome.peak_mb < MAX_MB, f"{outcome.words[-1]} took {outcome.peak_mb} MB")
    if done.code == 2:
        check("Hint:" in done.err or "Usage:" in done.err, f"a refusal without a hint: {done.err[-200:]}")
        left = [name for name in tree(workspace) if not name.startswith(("audit", ".lock", "pseudonyms"))]
        check(not left, f"a refusal left {left[:4]}")
        return
    check(not damage.must_refuse, "taken, where only a refusal is right")
    counts = {table["table"]: table for table in done.json["tables"]}
    for name, count in counts.items():
        parts = count["n_stored"] + count["n_repeats"] + count["n_quarantined"]
        check(count["n_read"] == parts, f"{name}: {count['n_read']} read, {parts} accounted for")
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.is_file() and name in counts:
            _check_lines(name, path.read_bytes(), counts[name]["n_read"])
    _check_values(folder, workspace)
    _check_leaks(workspace)


def _check_lines(name: str, content: bytes, n_read: int) -> None:
    """Hold the rows read against the lines of the file and the records of a plain CSV reader."""
    text = _decoded(content)
    if text is None:
        return
    lines = [line for line in re.split(r"\r\n|\n|\r", text)[1:] if line.strip()]
    if '"' not in text:
        # A carriage return by itself ends a line or stands in a cell.
        fewest = len([line for line in text.split("\n")[1:] if line.strip()]) if "\n" in text else len(lines)
        check(fewest <= n_read <= len(lines), f"{name}: {len(lines)} lines, {n_read} rows read")
        return
    check(n_read <= len(lines), f"{name}: {len(lines)} lines, {n_read} rows read")
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline="")) if any(record)][1:]
    except csv.Error:
        return
    check(n_read >= len(records), f"{name}: {len(records)} records, {n_read} rows read")
    longest = max((sum(cell.count("\n") for cell in record) for record in records), default=0)
    if longest > MAX_LINES_OF_A_RECORD:
        kept = len(lines) - MAX_LINES_OF_A_RECORD
        check(n_read >= kept, f"{name}: a quote swallowed {longest} lines, {n_read} of {len(lines)} rows read")


def _check_values(folder: Path, workspace: Path) -> None:
    """Hold every stored amount and time of a line against the text of its file, read by Python alone."""
    path = folder / "claim_lines.csv"
    stored = store_files(workspace).get("claim_lines", [])
    text = _decoded(path.read_bytes()) if path.is_file() else None
    if text is None or not stored:
        return
    files = [str(workspace / "store" / file) for file in stored]
    columns = [row[0] for row in duckdb.sql(f"describe select * from read_parquet({files})").fetchall()]
    check("amount" in columns, f"stored lines have no amount: {columns}")
    written = _written(text)
    if written is None:
        return
    amounts, times = written
    for amount, time in duckdb.sql(f"select amount, fee_time from read_parquet({files})").fetchall():
        check(int(amount) in amounts, f"an amount of {amount} hundredths is stored; no line says so")
        check(time in times, f"a time of {time} is stored; no line says so")


def _written(text: str) -> tuple[set[int], set[dt.datetime]] | None:
    """Return what the lines say in hundredths and as local times; None where a plain reader cannot tell.

    Lines are read as records and each by itself: behind a stray quote either reading is a row.
    """
    header, _, rest = text.partition("\n")
    columns = [name.strip().lower() for name in next(csv.reader([header.rstrip("\r")]), [])]
    amounts, times = set(), set()
    try:
        rows = [*csv.reader(io.StringIO(rest, newline=""))]
        rows += [row for line in re.split(r"\r\n|\n|\r", rest) for row in csv.reader([line])]
    except csv.Error:
        return None
    for row in rows:
        found = dict(zip(columns, row, strict=False))
        amounts |= _hundredths(found.get("amount"))
        times |= _times(found.get("fee_time"))
    return amounts, times


def _hundredths(text: str | None) -> set[int]:
    if text is None or not _AMOUNT.fullmatch(text.strip()):
        return set()
    try:
        value = Decimal(text.strip()) * 100
        return {int(value)} if value == value.to_integral_value() else set()
    except InvalidOperation:
        return set()


def _times(text: str | None) -> set[dt.datetime]:
    given = (text or "").strip()
    found = set()
    for read in (dt.datetime.fromisoformat, *(functools.partial(_by_form, form) for form in _HALF_DAYS)):
        try:
            found.add(read(given))
        except ValueError:
            continue
    return {time for time in found if time.tzinfo is None}


def _by_form(form: str, text: str) -> dt.datetime:
    return dt.datetime.strptime(text, form)  # noqa: DTZ007 - local time, as the contract has it


def _check_leaks(workspace: Path) -> None:
    for path in workspace.rglob("*"):
        if path.is_file():
            check(b"root:x:0" not in path.read_bytes(), f"{path.name} holds a file from outside the source")


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
