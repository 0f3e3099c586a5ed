"""Seeded damage to returned files: refused whole, or every row accounted for; nothing else happens."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from fraud.cli.main import main
from tests.support.workbooks import filled, with_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from fraud.workspace import Workspace

SEEDS = 20  # of each kind of file
WORDS = [
    "\x00",
    "\ud800",
    '"',
    "\r",
    "\n",
    ",",
    "=1+1",
    "-1",
    "1e999",
    "9" * 400,
    "{",
    "[",
    "]",
    "null",
    "true",
    "𠮷",
    "",
]
WORDS += ["\x1b[31m", "[/b]", "2199-01-01", "#REF!", "C-H1", "<a>", "&b;", "\u202e", "NaN", "0.5", "Infinity"]


def _csv(workspace: Workspace) -> bytes:
    (pack,) = (workspace.cases / "issued").iterdir()
    head = "case_id,subject_type,subject_id,decision,decided_date,note,confirmed_amount,pack_id\r\n"
    rows = ("C-H1,provider,H1,insufficient_evidence,2026-07-01,,,", ",,,,,,,", "C-2,patient,P1,,,,,")
    return (head + "".join(f"{row}{pack.stem}\r\n" for row in rows)).encode()


def _json(workspace: Workspace) -> bytes:
    rows = [
        {"subject_type": "provider", "subject_id": "H1", "decision": "confirmed_error", "decided_date": "2026-07-01"}
    ]
    return json.dumps({"dispositions": [*rows, {"note": "later", "n": 1.5}, {"list": [1, {"a": None}]}]}).encode()


def _garbled(content: bytes, random_: random.Random) -> bytes:
    """Put words where they do not belong, cut, double or flip."""
    found = bytearray(content)
    for _ in range(random_.randint(1, 4)):
        at = random_.randrange(len(found) + 1)
        to = min(len(found), at + random_.choice([0, 0, 1, 5, 40]))
        how = random_.randrange(5)
        if how == 0 and found:
            found[at % len(found)] ^= 1 << random_.randrange(8)
        elif how == 1:
            found[at:to] = found[at:to] * 2
        elif how == 2:
            del found[at:to]
        else:
            found[at:to] = random_.choice(WORDS).encode("utf-8", "surrogatepass")
    return bytes(found)


def _book(book: bytes, random_: random.Random) -> bytes:
    content = filled(book, decision="Not enough evidence", decided_date=date(2026, 7, 1), note="seen")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [*archive.namelist(), "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"]
    if random_.random() < 0.3:
        return _garbled(content, random_)
    name = random_.choice(names)
    return with_part(content, name, lambda part: _garbled(part, random_))


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_damage_is_refused_or_every_row_is_accounted_for(workspace, book, tmp_path, capsys, kind: str) -> None:
    sources: dict[str, Callable[[random.Random], bytes]] = {
        "xlsx": lambda random_: _book(book, random_),
        "csv": lambda random_: _garbled(_csv(workspace), random_),
        "json": lambda random_: _garbled(_json(workspace), random_),
    }
    ends = []
    for seed in range(SEEDS):
        (tmp_path / f"{seed}.{kind}").write_bytes(sources[kind](random.Random(f"{kind} {seed}")))
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(workspace.root), "feedback", "import", str(tmp_path / f"{seed}.{kind}"), "--json"])
        shown = capsys.readouterr()
        ends.append(left.value.code or 0)
        assert ends[-1] in {0, 2}, (seed, shown.err)
        assert shown.err.count("\n") == 1, (seed, shown.err)
        assert "labels.csv" not in shown.out + shown.err, seed
        if not ends[-1]:
            told = json.loads(shown.out)
            parts = [told[f"n_{part}"] for part in ("stored", "repeats", "open", "quarantined")]
            assert told["n_read"] == sum(parts), seed
    assert set(ends) == {0, 2}, "both ends are tried"
    events = (
        (workspace.cases / "events.jsonl").read_bytes().splitlines()
        if (workspace.cases / "events.jsonl").exists()
        else []
    )
    assert all(json.loads(event)["event"] == "decided" for event in events)
