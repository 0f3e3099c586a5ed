"""Returned files: locked cells, broken and huge workbooks, JSON and CSV of wrong shape, contradictions."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import random
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from tests.hard.state import events, labels
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hard.bench import Bench

_HEAD = "subject_type,subject_id,decision,decided_date,note"
_GOOD = "provider,H0,confirmed_fraud,2026-04-10,seen"
_ROW = {"subject_type": "provider", "subject_id": "H0", "decision": "confirmed_fraud", "decided_date": "2026-04-10"}
MAX_MB = 900


def returned_attacks() -> list[Trial]:
    """Return files that must account for each row: good ones store their label, all others none."""
    found = [Trial("attacks", f"csv: {name}", functools.partial(_file, ".csv", text)) for name, text in _CSV.items()]
    found += [
        Trial("attacks", f"json: {name}", functools.partial(_file, ".json", text)) for name, text in _JSON.items()
    ]
    found += [
        Trial("attacks", f"workbook: {name}", functools.partial(_book, change)) for name, change in _BOOKS.items()
    ]
    found += [Trial("attacks", f"workbook: {n} flipped", functools.partial(_fuzzed, n)) for n in range(30)]
    found += [Trial("attacks", f"locked: {name}", functools.partial(_locked, put)) for name, put in _LOCKED.items()]
    return found


def _import(bench: Bench, suffix: str, content: bytes, *, is_good: bool) -> None:
    workspace = bench.copy(bench.scored)
    path = workspace.parent / f"returned{suffix}"
    path.write_bytes(content)
    done = bench.fraud(workspace, "feedback", "import", path, "--json", timeout=90).must(0, 1, 2)
    check(done.peak_mb < MAX_MB, f"it took {done.peak_mb} MB")
    n_labels, n_events = len(labels(workspace)), len(events(workspace))
    check(n_labels == n_events, f"{n_labels} labels and {n_events} events")
    if done.code:
        check(not is_good, "a good file is refused")
        check(n_labels == 0, f"refused, and {n_labels} labels are stored")
        return
    told = done.json
    parts = sum(told[name] for name in ("n_stored", "n_repeats", "n_open", "n_quarantined"))
    check(told["n_read"] == parts, f"{told['n_read']} rows read, {parts} accounted for")
    check(told["n_stored"] == n_labels, f"{told['n_stored']} told, {n_labels} stored")
    check(is_good or n_labels == 0, "stored as given")
    check(n_labels or not is_good, "a good decision is not stored")


def _file(suffix: str, given: tuple[str | bytes, bool], bench: Bench) -> None:
    content, is_good = given
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    _import(bench, suffix, data, is_good=is_good)


def _lines(*rows: str, head: str = _HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


_CSV: dict[str, tuple[str | bytes, bool]] = {
    "good": (_lines(_GOOD), True),
    "a bare CR in quotes": (_lines('provider,H0,confirmed_fraud,2026-04-10,"a\rb"'), True),
    "a ring that no month has": (_lines("ring,R-none,confirmed_fraud,2026-04-10,x"), False),
    "an unknown kind": (_lines("planet,Mars,confirmed_fraud,2026-04-10,x"), False),
    "a decision of 2199": (_lines("provider,H0,confirmed_fraud,2199-01-01,x"), False),
    "a decision of 1899": (_lines("provider,H0,confirmed_fraud,1899-12-31,x"), False),
    "no header": (_GOOD + "\n", False),
    "empty": ("", False),
    "NUL": (_lines("provider,H0\0,confirmed_fraud,2026-04-10,x"), False),
    "UTF-16": (_lines(_GOOD).encode("utf-16"), False),
    "a cell of 200,000": (_lines(f"provider,H0,confirmed_fraud,2026-04-10,{'x' * 200_000}"), False),
    "an open quote": (_lines('provider,"H0,confirmed_fraud,2026-04-10,x'), False),
    "a column twice": (_lines(_GOOD + ",unfounded", head=_HEAD + ",decision"), False),
    "negative amount": (_lines(_GOOD + ",-5", head=_HEAD + ",confirmed_amount"), False),
    "amount too precise": (_lines(_GOOD + ",1.0000000001", head=_HEAD + ",confirmed_amount"), False),
    "probability of 7": (_lines(_GOOD + ",7", head=_HEAD + ",selection_probability"), False),
    "supersedes itself": (_lines("L1," + _GOOD + ",L1", head="label_id," + _HEAD + ",supersedes_label_id"), False),
    "supersedes nothing": (_lines(_GOOD + ",L-none", head=_HEAD + ",supersedes_label_id"), False),
    "an unknown case": (_lines(_GOOD + ",C-000000000000", head=_HEAD + ",case_id"), False),
    "cleared without a word": (_lines("provider,H0,unfounded,2026-04-10,"), False),
    "a line of 40 million": (_lines("x" * 40_000_000), False),
}
_CONTRADICTION = _lines(_GOOD, "provider,H0,unfounded,2026-04-10,all well")
_CSV["two decisions of one day"] = (_CONTRADICTION, False)


def _row(**more: object) -> str:
    return json.dumps([{**_ROW, **more}])


_JSON: dict[str, tuple[str | bytes, bool]] = {
    "good": (_row(note="x"), True),
    "null": ("null", False),
    "a number": ("7", False),
    "numbers": ("[1, 2]", False),
    "no dispositions": ('{"dispositions": null}', False),
    "100,000 deep": ("[" * 100_000 + "]" * 100_000, False),
    "a number of 5,000 digits": ('[{"subject_id": ' + "9" * 5_000 + "}]", False),
    "NaN": (_row(confirmed_amount=float("nan")), False),
    "infinity": (_row()[:-2] + ', "confirmed_amount": 1e999}]', False),
    "a lone surrogate in the note": (_row(note="\ud800"), False),
    "a lone surrogate in the case": (_row(case_id="\ud800"), False),
    "a lone surrogate in the id": (_row(subject_id="\ud800"), False),
    "an id that is a list": (_row(subject_id=["H0"]), False),
    "booleans": (_row(decision=True), False),
    "three decimals": (_row(confirmed_amount=12.3456), False),
    "trailing text": ("[]x", False),
    "UTF-16": ("[]".encode("utf-16"), False),
    "a key twice": (_row()[:-2] + ', "decision": "unfounded"}]', False),
    "NUL": (_row(subject_id="H0\0"), False),
    "CR in a case": (_row(case_id="a\rb"), False),
}


def _pack_book(bench: Bench) -> bytes:
    return next((bench.scored / "cases").glob("*/cases.xlsx")).read_bytes()


def _rewritten(book: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def _of(part: str, change: Callable[[bytes], bytes | None]) -> Callable[[bytes], bytes]:
    return lambda book: _rewritten(book, lambda name, content: change(content) if name.endswith(part) else content)


_SHEET = "worksheets/sheet1.xml"
_LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "'
    + b"a" * 60
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 30) for n in range(7))
    + b"]>"
)


def _entity(declared: bytes, used: bytes, content: bytes) -> bytes:
    cell = b'<row r="1"><c t="inlineStr"><is><t>' + used + b"</t></is></c></row>"
    return re.sub(rb"^(<\?xml[^>]*\?>)?", rb"\g<0>" + declared, content, count=1).replace(
        b"<sheetData>", b"<sheetData>" + cell, 1
    )


def _bomb(content: bytes) -> bytes:
    row = b"<row>" + b'<c t="inlineStr"><is><t>x</t></is></c>' * 40 + b"</row>"
    return content.replace(b"</sheetData>", row * 300_000 + b"</sheetData>")


_BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "untouched": lambda b: b,
    "empty file": lambda _: b"",
    "first half": lambda b: b[: len(b) // 2],
    "a CSV": lambda _: _lines(_GOOD).encode(),
    "encrypted": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000,
    **{f"{part} cut": _of(part, lambda c: c[: len(c) // 2]) for part in (_SHEET, "styles.xml", "workbook.xml")},
    **{f"{part} gone": _of(part, lambda _: None) for part in (_SHEET, "sharedStrings.xml", "styles.xml")},
    "strings cut": _of("sharedStrings.xml", lambda c: c[: len(c) // 2]),
    "types cut": _of("[Content_Types].xml", lambda _: b"<x"),
    "a target outside": _of("workbook.xml.rels", lambda c: c.replace(b"worksheets/sheet1", b"../../../../etc/passwd")),
    "an entity of a file": _of(
        _SHEET, functools.partial(_entity, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', b"&e;")
    ),
    "a billion laughs": _of(_SHEET, functools.partial(_entity, _LAUGHS, b"&h;")),
    "a bomb of 300,000 rows": _of(_SHEET, _bomb),
}


def _book(change: Callable[[bytes], bytes], bench: Bench) -> None:
    _import(bench, ".xlsx", change(_pack_book(bench)), is_good=False)


def _fuzzed(number: int, bench: Bench) -> None:
    draw = random.Random(number)

    def change(_: str, content: bytes) -> bytes:
        changed = bytearray(content)
        if changed and draw.random() < 0.4:
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        return bytes(changed)

    _import(bench, ".xlsx", _rewritten(_pack_book(bench), change), is_good=False)


def _filled(book: bytes, cells: dict[str, object]) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened.worksheets[0]
    columns = {str(cell.value).lower(): cell.column for cell in sheet[1] if cell.value}
    for name, value in cells.items():
        found = columns.get(name.lower())
        check(found, f"the workbook has no column {name!r}: {sorted(columns)}")
        sheet.cell(2, found).value = value
    stream = io.BytesIO()
    opened.save(stream)
    return stream.getvalue()


_DECIDED: dict[str, object] = {"Decision": "Confirmed: fraud", "Decided on": dt.date(2026, 4, 10), "Note": "seen"}
_LOCKED: dict[str, tuple[dict[str, object], bool]] = {
    "nothing changed": (_DECIDED, True),
    "the case": ({**_DECIDED, "Case": "C-000000000000"}, False),
    "the subject": ({**_DECIDED, "Subject": "H4"}, False),
    "the chance": ({**_DECIDED, "Chance of being drawn": 0.5}, False),
    "a chance of 7": ({**_DECIDED, "Chance of being drawn": 7}, False),
    "why selected": ({**_DECIDED, "Why selected": "Drawn at random", "Chance of being drawn": 0.3}, False),
    "a decision as formula": ({**_DECIDED, "Decision": '="Confirmed: fraud"'}, False),
    "a span of time as day": ({**_DECIDED, "Decided on": dt.timedelta(days=3)}, False),
}


def _locked(given: tuple[dict[str, object], bool], bench: Bench) -> None:
    cells, is_good = given
    _import(bench, ".xlsx", _filled(_pack_book(bench), cells), is_good=is_good)
