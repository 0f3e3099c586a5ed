"""Every line of a file is a header, a row, malformed, within quotes or blank, however the file is written."""

import random

import pytest

from features.claims.reading import damaged, limits, lines, sift
from features.errors import InputError
from tests.support.reading import read_file

HEADER = "id,name,kind,day,amount"
N = 40


def table(*, end="\n", final=True, **changed):
    """Forty rows, one of them changed: `row7="..."` replaces the seventh."""
    rows = [HEADER, *(f"S{n},Item {n},service,2026-03-01,{n}.00" for n in range(1, N + 1))]
    for name, line in changed.items():
        rows[int(name.removeprefix("row"))] = line
    return (end.join(rows) + (end if final else "")).encode("utf-8", "surrogateescape")


def name_of(row):
    return row[1]


# What is in the file; lines, rows, malformed, further lines within quotes, blank lines; name of the seventh row.
LEGAL = {
    "plain": (table(), (41, 40, 0, 0, 0), "Item 7"),
    "no final line end": (table(final=False), (41, 40, 0, 0, 0), "Item 7"),
    "windows line ends": (table(end="\r\n"), (41, 40, 0, 0, 0), "Item 7"),
    "old Macintosh line ends": (table(end="\r"), (41, 40, 0, 0, 0), "Item 7"),
    "one windows line end": (table(row7="S7,Item 7,service,2026-03-01,7.00\r"), (41, 40, 0, 0, 0), "Item 7"),
    "doubled carriage return": (table(row7="S7,Item 7,service,2026-03-01,7.00\r\r"), (42, 40, 0, 1, 0), "Item 7"),
    "one plain line end": (
        table(end="\r\n").replace(b"\r\nS7", b"\nS7"),
        (41, 40, 0, 0, 0),
        "Item 7",
    ),
    "byte order mark": (b"\xef\xbb\xbf" + table(), (41, 40, 0, 0, 0), "Item 7"),
    "byte order mark twice": (b"\xef\xbb\xbf\xef\xbb\xbf" + table(), (41, 40, 0, 0, 0), "Item 7"),
    "blank lines": (b"\n\n" + table(row7="\n\nS7,Item 7,service,2026-03-01,7.00\n"), (46, 40, 0, 0, 5), "Item 7"),
    "quotes around all": (table(row7='"S7","Item, 7","service","2026-03-01","7.00"'), (41, 40, 0, 0, 0), "Item, 7"),
    "doubled quotes": (table(row7='S7,"a ""b""",service,2026-03-01,7.00'), (41, 40, 0, 0, 0), 'a "b"'),
    "a quote within a text": (table(row7='S7,5" tube,service,2026-03-01,7.00'), (41, 40, 0, 0, 0), '5" tube'),
    "two quotes within a text": (table(row7='S7,a "b" c,service,2026-03-01,7.00'), (41, 40, 0, 0, 0), 'a "b" c'),
    "blanks around quotes": (table(row7='S7, "a" ,service,2026-03-01,7.00'), (41, 40, 0, 0, 0), "a"),
    "line break within quotes": (table(row7='S7,"a\nb",service,2026-03-01,7.00'), (42, 40, 0, 1, 0), "a\nb"),
    "windows break within quotes": (table(row7='S7,"a\r\nb",service,2026-03-01,7.00'), (42, 40, 0, 1, 0), "a\r\nb"),
    "carriage return within quotes": (table(row7='S7,"a\rb",service,2026-03-01,7.00'), (42, 40, 0, 1, 0), "a\rb"),
    "carriage return in a text": (table(row7="S7,a\rb,service,2026-03-01,7.00"), (42, 40, 0, 1, 0), "a\rb"),
    "carriage return in the last text": (table(row7="S7,a,service,2026-03-01,7\r00"), (42, 40, 0, 1, 0), "a"),
    "several breaks": (
        table(row7='S7,"a\n\nb\rc, d\n",service,"2026-03-\n01",7.00'),
        (46, 40, 0, 5, 0),
        "a\n\nb\rc, d\n",
    ),
    "a cell of 59 breaks": (
        table(row7=f'S7,"{"x" * 5}{chr(10) * 59}",service,,7'),
        (100, 40, 0, 59, 0),
        "xxxxx" + "\n" * 59,
    ),
    "header over two lines": (table(row0='id,"name\nof item",kind,day,amount'), (42, 40, 0, 0, 0), "Item 7"),
}


@pytest.mark.parametrize("case", LEGAL)
def test_legal_files_are_read_whole(tmp_path, case):
    content, counted, name = LEGAL[case]
    (tmp_path / "lines.csv").write_bytes(content)
    read = read_file(tmp_path / "lines.csv")
    assert read.lines == counted
    assert name_of(read.rows[6]) == name
    assert [row[0] for row in read.rows] == [f"S{n}" for n in range(1, N + 1)]


# The damaged row; lines, rows, malformed, further lines, blank lines; line and reason of the first that is set aside.
DAMAGED = {
    "a quote that is never closed": (
        table(row7='S7,"Item 7,service,2026-03-01,7.00'),
        (41, 39, 1, 0, 0),
        (8, "never closed"),
    ),
    "in the last row": (table(row40='S40,"Item 40,service,2026-03-01,7.00'), (41, 39, 1, 0, 0), (41, "never closed")),
    "in the last cell": (table(row7='S7,Item 7,service,2026-03-01,"'), (41, 39, 1, 0, 0), (8, "never closed")),
    "closed 30 rows on": (
        table(row7='S7,"Item 7,service,2026-03-01,7.00', row37='S37,Item 37",service,2026-03-01,7.00'),
        (41, 39, 1, 0, 0),
        (8, "closed 30 lines on, over rows"),
    ),
    "closed in the next row": (
        table(row7='S7,"Item 7,service,2026-03-01,7.00', row8='S8,Item 8",service,2026-03-01,7.00'),
        (41, 39, 1, 0, 0),
        (8, "closed 1 lines on, over rows"),
    ),
    "closed in another column": (
        table(row7='S7,"Item 7,service,2026-03-01,7.00', row9='S9,Item 9,service",2026-03-01,7.00'),
        (41, 39, 1, 0, 0),
        (8, "closed 2 lines on, over rows"),
    ),
    "two that are never closed": (
        table(row7='S7,"Item 7,service,2026-03-01,7.00', row9='S9,"Item 9,service,2026-03-01,7.00'),
        (41, 38, 2, 0, 0),
        (8, "closed within a text"),
    ),
    "closed within a text": (table(row7='S7,"a"b,service,2026-03-01,7.00'), (41, 39, 1, 0, 0), (8, "within a text")),
    "escaped with a backslash": (
        table(row7='S7,"a\\"b",service,2026-03-01,7.00'),
        (41, 39, 1, 0, 0),
        (8, "within a text"),
    ),
    "a cell of 100 breaks": (
        table(row7=f'S7,"{"x" + chr(10) * 100}",service,,7'),
        (141, 39, 1, 100, 0),
        (8, "takes 101 lines"),
    ),
    "a NUL": (table(row7="S7,a\0b,service,2026-03-01,7.00"), (41, 39, 1, 0, 0), (8, "NUL")),
    "a NUL within quotes": (table(row7='S7,"a\0b",service,2026-03-01,7.00'), (41, 39, 1, 0, 0), (8, "NUL")),
    "too few cells": (table(row7="S7,a"), (41, 39, 1, 0, 0), (8, "2 cells for 5 columns")),
    "too many cells": (table(row7="S7,a,b,c,d,e"), (41, 39, 1, 0, 0), (8, "6 cells for 5 columns")),
    "too few and too many": (
        table(row7="S7,a,b,c", row8="S8,a,b,c,d,e"),
        (41, 38, 2, 0, 0),
        (8, "Columns: 5 Found: 4"),
    ),
    "no UTF-8": (table(row7="S7,\udcff,service,2026-03-01,7.00"), (41, 39, 1, 0, 0), (8, "no UTF-8")),
    "no UTF-8 within quotes": (
        table(row7='S7,"a\n\udcff",service,2026-03-01,7.00'),
        (42, 39, 1, 1, 0),
        (8, "no UTF-8"),
    ),
    "no UTF-8 behind a carriage return": (
        table(row7="S7,a\r\udcff,service,2026-03-01,7.00"),
        (42, 39, 1, 1, 0),
        (8, "no UTF-8"),
    ),
    "no UTF-8 behind breaks": (
        table(row3='S3,"a\nb",service,,3', row5="", row7="S7,\udcff,service,2026-03-01,7.00"),
        (42, 38, 1, 1, 1),
        (9, "no UTF-8"),
    ),
    "a blank": (table(row7=" "), (41, 39, 1, 0, 0), (8, "1 cells")),
    "a byte order mark in the middle": (table(row7="\ufeffS7,a"), (41, 39, 1, 0, 0), (8, "2 cells")),
    "the end of a file of DOS": (table() + b"\x1a", (42, 40, 1, 0, 0), (42, "1 cells")),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damage_costs_its_own_line_and_no_other(tmp_path, case):
    content, counted, (line, reason) = DAMAGED[case]
    (tmp_path / "lines.csv").write_bytes(content)
    read = read_file(tmp_path / "lines.csv")
    assert read.lines == counted
    assert read.malformed[0][0] == line
    assert reason in read.malformed[0][1]


def test_many_lines_of_no_encoding_are_set_aside_one_by_one(tmp_path):
    rows = b"".join(b"S%d,%s,service,2026-03-01,7.00\n" % (n, b"\xff\xfe" if n % 2 else b"ok") for n in range(200_000))
    (tmp_path / "lines.csv").write_bytes(f"{HEADER}\n".encode() + rows)
    read = read_file(tmp_path / "lines.csv")
    assert read.lines == (200_001, 100_000, 100_000, 0, 0)
    assert [line for line, *_ in read.malformed] == list(range(3, 200_003, 2))
    assert {reason for _, reason, _ in read.malformed} == {"malformed line: bytes that are no UTF-8"}


@pytest.mark.parametrize("seed", range(30))
def test_random_quotes_breaks_and_nuls_lose_no_line(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(lines, "BLOCK_BYTES", 512)
    monkeypatch.setattr(sift, "BLOCK_BYTES", 512)
    draw = random.Random(seed)
    content = bytearray(table(end=draw.choice(["\n", "\r\n"]))) * 3
    for _ in range(draw.randrange(1, 12)):
        place = draw.randrange(len(HEADER) + 2, len(content))
        piece = draw.choice([b'"', b'""', b"\n", b"\r", b"\r\n", b",", b"\0", b'"\n', b',"', b"\xff", b"\n\n"])
        content[place : place + draw.randrange(2)] = piece
    (tmp_path / "lines.csv").write_bytes(bytes(content))
    read = read_file(tmp_path / "lines.csv")
    # the account adds up, or it could not have been made; here: over the lines of the file as Python counts them
    assert read.count.n_lines == len(bytes(content).splitlines())
    assert len(read.rows) + len(read.malformed) == read.count.n_rows + read.count.n_malformed
    assert read.count.n_rows > 60


def test_a_line_beyond_the_reader_is_set_aside_with_what_its_raw_content_lacks(tmp_path, monkeypatch):
    for module in (lines, sift):
        monkeypatch.setattr(module, "MAX_RECORD_BYTES", 2_000_000)
    long = "x" * 3_000_000
    (tmp_path / "lines.csv").write_bytes(table(row7=f"S7,{long},service,2026-03-01,7.00", row9=f'S9,"{long}",a,b,c'))
    read = read_file(tmp_path / "lines.csv")
    assert read.lines == (41, 38, 2, 0, 0)
    (line, reason, raw), (other, *_) = read.malformed
    assert (line, other, reason) == (8, 10, "malformed line: longer than 2,000,000 bytes")
    kept, _, missing = raw.removesuffix(" characters more").rpartition(" … ")
    assert len(kept) + int(missing.replace(",", "")) == 3_000_000 + len("S7,,service,2026-03-01,7.00")


def test_raw_content_of_an_unreadable_line_says_what_it_lacks(tmp_path):
    name = "é" * (limits.MAX_RAW_CHARACTERS + 500)
    (tmp_path / "lines.csv").write_bytes(table(row7=f"S7,{name}\udcff,service,2026-03-01,7.00"))
    (malformed,) = read_file(tmp_path / "lines.csv").malformed
    whole = len(name) + len("S7,?,service,2026-03-01,7.00")
    assert malformed[2].endswith(f" … {whole - limits.MAX_RAW_CHARACTERS:,} characters more")
    assert malformed[2].startswith("S7,ééé")


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "\x01", "，", " "])
def test_any_delimiter_of_a_mapping_is_taken(tmp_path, delimiter):
    (tmp_path / "lines.csv").write_bytes(
        table(row7='S7,"a\nb",service,2026-03-01,"7').replace(b"Item ", b"I").replace(b",", delimiter.encode())
    )
    read = read_file(tmp_path / "lines.csv", delimiter=delimiter)
    assert read.lines == (42, 39, 2, 0, 0)


def test_a_reader_that_loses_rows_is_found_out(tmp_path, monkeypatch):
    (tmp_path / "lines.csv").write_bytes(table())
    honest = sift.count_regular
    monkeypatch.setattr(sift, "count_regular", lambda *given: (honest(*given) or 0) + 3)
    with pytest.raises(InputError, match=r"'lines.csv': 43 rows in it, 40 read and 0 unreadable"):
        read_file(tmp_path / "lines.csv")


def test_a_stray_quote_in_a_large_file_costs_one_line(tmp_path):
    row = "S{0},Item {0},service,2026-03-01,7.00"
    rows = [HEADER, *(row.format(n) for n in range(150_000))]
    rows[500] = rows[500].replace("Item", '"Item')
    (tmp_path / "lines.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    read = read_file(tmp_path / "lines.csv")
    assert read.lines == (150_001, 149_999, 1, 0, 0)
    assert read.malformed == [(501, "malformed line: a quote that is never closed", rows[500])]


def test_a_million_blank_lines_are_blank_lines(tmp_path):
    (tmp_path / "lines.csv").write_bytes(table() + b"\n" * 1_000_000)
    assert read_file(tmp_path / "lines.csv").lines == (1_000_041, 40, 0, 0, 1_000_000)


def test_a_file_of_malformed_lines_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(damaged, "MAX_DAMAGED_LINES", 30)
    (tmp_path / "lines.csv").write_bytes(table() + b"x\n" * 31)
    with pytest.raises(InputError, match=r"'lines.csv': more than 30 malformed lines, the first line 42"):
        read_file(tmp_path / "lines.csv")
