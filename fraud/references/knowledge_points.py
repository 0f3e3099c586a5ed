"""Published knowledge points (知识点): a sheet of points, and a sheet of the item codes that each stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from features.outside import plain_line
from fraud.references.classes import CLASSES, RuleClass, title_in
from fraud.references.headers import find_header, object_type
from fraud.references.values import pair_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fraud.references.published import Published
    from fraud.references.records import Record, Sheetful

UNKNOWN = "a rule class without a name"
_NOTE = re.compile(r"[（(]?(合计|总计|备注|说明|注|附注)[:：）)]?.*")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-/_]{2,63}")
_CODES_APART = re.compile(r"[\s,，、;；|]+")
_BY_NAME = {each.name: each for each in CLASSES}
_NO_ITEM = "it names no item"
_ITSELF = "an item excludes itself"


@dataclass
class _Row:
    """One row by role, continued ones filled up, with its place and what cannot be read in it."""

    said: dict[str, str]
    place: str
    unread: tuple[str, ...] = ()


@dataclass
class _Table:
    """A sheet of points or of codes."""

    title: str
    kind: str
    rows: list[_Row] = field(default_factory=list)


def read_points(sheets: Iterable[Sheetful], found: Published) -> None:
    """Read the knowledge points of a file.

    Parameters
    ----------
    sheets : iterable of Sheetful
        Its sheets in order: one of points, each followed by those of its codes where it has none itself.
    found : Published
        What they say is added to it.
    """
    points: list[_Table] = []
    codes: dict[int, dict[str, tuple[str, list[str]]]] = {}
    for sheet in sheets:
        read = _table(sheet, found)
        if read is None:
            continue
        table, roles = read
        if {"code"} <= roles and not roles & {"logic", "basis", "count", "rule"}:
            _add_codes(table, codes.setdefault(len(points), {}), found)
        else:
            points.append(table)
    for number, table in enumerate(points, start=1):
        _take(table, codes.get(number, {}), found)


def _table(sheet: Sheetful, found: Published) -> tuple[_Table, set[str]] | None:
    """Take the rows of a sheet apart by their columns; None where it has no header of ours."""
    above, first, roles = find_header(sheet.records)
    where = plain_line(f"{sheet.file}{f' / {sheet.title}' if sheet.title else ''}")
    if first is None:
        # Its cells may be of persons: none is named.
        found.unknown_headings[where] = ()
        return None
    named = next((title for title in map(title_in, [*above, sheet.title, sheet.file]) if title), UNKNOWN)
    table = _Table(named, object_type(first.cells, roles))
    read = set(roles.values())
    unknown = tuple(plain_line(cell)[:40] for at, cell in enumerate(first.cells) if cell and at not in read)
    if unknown:
        found.unknown_headings[f"{where}, row {first.number}"] = unknown
    for row in _rows(sheet.records, roles, where):
        lead = next(iter(filter(None, row.said.values())), "")
        if not any(row.said.values()) and not row.unread:
            continue
        if _NOTE.fullmatch(lead):
            found.n_notes += 1
            continue
        table.rows.append(row)
    return table, set(roles)


def _rows(records: Iterable[Record], roles: dict[str, int], where: str) -> Iterator[_Row]:
    order = sorted(roles.items(), key=lambda pair: pair[1])
    for record in records:
        said = {role: record.cells[at] if at < len(record.cells) else "" for role, at in order}
        unread = tuple(
            f"{said_so} in column {at + 1}" for at, said_so in record.no_texts.items() if at in roles.values()
        )
        yield _Row(said, f"{where}, row {record.number}", unread)


def _add_codes(table: _Table, codes: dict[str, tuple[str, list[str]]], found: Published) -> None:
    """Collect codes under the number of their point; a row whose number and name are blank continues the one above."""
    number = name = ""
    for row in table.rows:
        fresh = row.said.get("seq", "")
        number, name = (fresh or number), (row.said.get("name", "") or ("" if fresh else name))
        reasons = [*row.unread, *_faulty_codes(row.said.get("code", ""))]
        if not number:
            reasons.append("it continues no point")
        if reasons:
            found.refuse(f"{table.title}: codes", row.place, *reasons)
            continue
        codes.setdefault(number, (name, []))[1].extend(_split(row.said["code"]))


def _take(table: _Table, codes: dict[str, tuple[str, list[str]]], found: Published) -> None:
    last: dict[str, str] = {}
    numbers: set[str] = set()
    for row in table.rows:
        # Cells merged over several rows are written in the first of them.
        if not row.said.get("seq") and "seq" in row.said and last:
            row.said = {role: said or last.get(role, "") for role, said in row.said.items()}
        elif row.said.get("seq"):
            last = row.said
        title = title_in(f"“{row.said['rule']}”") if row.said.get("rule") else table.title
        known = _BY_NAME.get(title)
        topic = found.topic(title, known.columns if known else ())
        topic.n_points += 1
        topic.n_codes_said += int(row.said["count"]) if row.said.get("count", "").isdecimal() else 0
        if known is None:
            topic.n_not_covered += 1
            continue
        number = row.said.get("seq", "")
        numbers.add(number)
        named, own = codes.get(number, ("", []))
        reasons = list(row.unread)
        if named and _plain(named) != _plain(row.said.get("name", "")):
            reasons.append(f"the codes of its number are of {plain_line(named)[:40]!r}")
        taken = _split(row.said.get("code", "")) or own
        reasons += _faulty_codes("|".join(taken))
        _add(known, row, taken, reasons, found)
    for number in sorted(set(codes) - numbers):
        found.refuse(f"{table.title}: codes", f"codes of point {plain_line(number)[:20]!r}", "there is no such point")


def _add(known: RuleClass, row: _Row, codes: list[str], reasons: list[str], found: Published) -> None:
    """Add what one point says, or refuse it with every reason."""
    topic, limits, scope, others = found.topic(known.name), {}, "", _split(row.said.get("code_b", ""))
    if not row.said.get("name"):
        reasons.append(_NO_ITEM)
    try:
        if known.read is None:
            scope = pair_scope(row.said)
        else:
            limits = known.read(row.said)
    except (ValueError, KeyError) as error:
        reasons.append(str(error))
    if known.read is None:
        reasons += [f"the other item: {each}" for each in _faulty_codes("|".join(others))]
        reasons += [_ITSELF] * bool(set(codes) & set(others))
    for code in codes:
        clash = {name for name, value in limits.items() if found.items.get(code, {}).get(name, value) != value}
        if clash:
            reasons.append(_contradicted(code, clash))
            found.contradict(code, clash, reasons[-1])
    if reasons:
        found.refuse(known.name, row.place, *reasons)
        return
    found.use(known.name, row.place, dict.fromkeys(codes, limits))
    topic.items.update(codes, others)
    for code in codes if known.read is not None else ():
        # A drug has one name and many codes; where points name an item differently, the first name stays.
        found.items.setdefault(code, {"item_name": row.said["name"]}).update(limits)
    for code in codes if known.read is None else ():
        found.pairs.update(dict.fromkeys((code, other, scope, "", "", "") for other in others))


def _contradicted(code: str, names: set[str]) -> str:
    return f"item {code} has another {', '.join(sorted(names))} in this edition"


def _faulty_codes(codes: str) -> list[str]:
    given = _split(codes)
    wrong = [f"no item code: {plain_line(each)[:40]!r}" for each in given if not _CODE.fullmatch(each)]
    return wrong[:3] if given else ["it names no item codes"]


def _split(codes: str) -> list[str]:
    return list(dict.fromkeys(each for each in _CODES_APART.split(codes) if each))


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name)
