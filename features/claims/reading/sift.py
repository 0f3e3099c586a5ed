"""Tell the records of a CSV file from damage, counting every line apart from the reader that takes them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from features.claims.reading.damaged import DamagedLines
from features.claims.reading.header import read_header
from features.claims.reading.limits import MAX_RAW_CHARACTERS, MAX_RECORD_BYTES, MAX_RECORD_LINES
from features.claims.reading.lines import BLOCK_BYTES, Lines, count_regular, is_utf_8
from features.claims.reading.record import Record
from features.claims.reading.sifted import Sifted
from features.claims.reading.totals import AGAIN, TOTALS, totals_at, word_of

if TYPE_CHECKING:
    from pathlib import Path

    from features.claims.mapping.form import Form
    from features.claims.reading.cut import Cut
    from features.claims.reading.header import Header

_PIECE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_NO_UTF_8 = "bytes that are no UTF-8"


def sift(path: Path, staging: Path, form: Form, name: str, skipped: Cut | None = None) -> Sifted:
    """Count the lines and records of a CSV file, and set damaged lines aside.

    A file whose every line is regular is only counted. Otherwise its records are copied in one spelling, and what
    is no record is left out of the copy and kept beside it:

    - a line with a NUL, with bytes that are no UTF-8, without as many cells as the header, or longer than
      `MAX_RECORD_BYTES`;
    - a row of totals among the last lines, and the header where it stands again, as in files put together;
    - the line in which a quote opens that is never closed, is closed within a text, or whose cell holds rows of the
      file. Reading goes on with the very next line, so that a stray quote costs its own line and no other;
    - whole, a record whose cells hold line breaks and that is no UTF-8, or takes more than `MAX_RECORD_LINES` or
      `MAX_RECORD_BYTES`.

    Parameters
    ----------
    path : Path
        A plain file that should be UTF-8.
    staging : Path
        Folder and beginning of names for what is made.
    form : Form
        How it is written.
    name : str
        The file, for errors.
    skipped : Cut, optional
        What was cut off it before.

    Raises
    ------
    InputError
        The header cannot be used.
    """
    n_before, n_behind = (skipped.n_first, skipped.n_last) if skipped else (0, 0)
    with path.open("rb") as file:
        header = read_header(file, form, name)
        with DamagedLines(staging.with_name(f"{staging.name}_damaged.parquet"), name) as damaged:
            sifter = _Sifter(path, file, header, damaged, n_before)
            found = sifter.run(staging.with_name(f"{staging.name}_records.csv"))
    found.n_skipped = n_before + n_behind
    found.n_lines += n_behind
    found.n_damaged = damaged.n
    found.damaged = damaged.path if damaged.n else None
    found.check()
    return found


class _Sifter:
    def __init__(self, path: Path, file: BinaryIO, header: Header, damaged: DamagedLines, n_before: int) -> None:
        self._path = path
        self._file = file
        self._delimiter = header.delimiter
        self._n_columns = len(header.columns)
        self._damaged = damaged
        self._out: BinaryIO | None = None
        self._totals: int | None = None
        self._again = header.line
        line_end = b"\r\n" if header.line_end == b"\r\n" else b"\n"
        n_lines = n_before + header.n_blank + header.n_lines
        self._found = Sifted(path, header, line_end, n_lines=n_lines, n_blank=header.n_blank)

    def run(self, target: Path) -> Sifted:
        try:
            self._take_blocks(target)
        finally:
            if self._out is not None:
                self._out.close()
                self._found.path, self._found.is_copy = target, True
        return self._found

    def _take_blocks(self, target: Path) -> None:
        found, position = self._found, self._found.header.end
        self._totals = totals_at(self._file, position, self._delimiter)
        if not found.header.is_plain or self._totals is not None:
            self._start_copy(target, position)
        while block := self._block(position):
            n_lines = None
            is_again = self._again and self._again in block
            if not is_again and (self._totals is None or position < self._totals):
                n_lines = count_regular(block, self._delimiter, self._n_columns, found.line_end)
            if n_lines is None:
                if self._out is None:
                    self._start_copy(target, position)
                position = self._take_lines(position, position + len(block))
                continue
            self._note_move(found.n_lines + 1)
            found.n_lines += n_lines
            found.n_records += n_lines
            position += len(block)
            if self._out is not None:
                self._out.write(block)

    def _block(self, position: int) -> bytes:
        """Read whole lines; what has no line end by the end of the file gets one."""
        self._file.seek(position)
        block = self._file.read(BLOCK_BYTES)
        if self._totals is not None and position < self._totals:
            block = block[: self._totals - position]
        if len(block) == BLOCK_BYTES:
            return block[: block.rfind(b"\n") + 1] or block
        return block if block.endswith(b"\n") or not block else block + self._found.line_end

    def _start_copy(self, target: Path, end: int) -> None:
        """Begin the copy with the header and the regular lines up to a byte."""
        found = self._found
        self._out = target.open("wb")
        cells = (b'"' + name.replace('"', '""').encode() + b'"' for name in found.header.columns)
        self._out.write(self._delimiter.join(cells).replace(b"\r", b" ").replace(b"\n", b" ") + found.line_end)
        self._file.seek(found.header.end)
        left = end - found.header.end
        while left and (piece := self._file.read(min(left, _PIECE))):
            self._out.write(piece)
            left -= len(piece)

    def _note_move(self, line: int) -> None:
        move = line - self._found.n_records - 1
        if not self._found.moves or self._found.moves[-1] != move:
            self._found.moved_records.append(self._found.n_records + 1)
            self._found.moves.append(move)

    def _take_lines(self, position: int, end: int) -> int:
        """Take records one by one from a byte to where the first ends that reaches another."""
        found = self._found
        lines = Lines(self._file, position)
        while lines.position < end and (line := lines.next()) is not None:
            text = line.rstrip(b"\r\n")
            is_last = self._totals is not None and lines.position > self._totals
            if self._again and text.removeprefix(_BOM) == self._again:
                self._set_aside(AGAIN, line)
            elif is_last and word_of(text, self._delimiter):
                self._set_aside(TOTALS, line)
            elif lines.missing:
                self._set_aside(f"longer than {MAX_RECORD_BYTES:,} bytes", line, 1, lines.missing)
            elif not text:
                found.n_lines += 1
                found.n_blank += 1
            elif b'"' in text or (line.endswith(b"\r") and found.header.line_end != b"\r"):
                self._take_record(lines, line)
            elif b"\0" in text:
                self._set_aside("a NUL byte", line)
            elif (n_cells := text.count(self._delimiter) + 1) != self._n_columns:
                self._set_aside(self._wrong_count(n_cells), line)
            elif not is_utf_8(text):
                self._set_aside(_NO_UTF_8, line)
            else:
                self._keep(text, 1)
        return lines.position

    def _take_record(self, lines: Lines, line: bytes) -> None:
        """Take a record with quotes, or with a carriage return that may be text or end its line."""
        after = lines.place()
        if line.endswith(b"\r") and self._found.header.line_end != b"\r":
            whole, n_lines = self._up_to_line_end(lines, line)
            record = self._read(lines, whole)
            if self._is_good(record):
                self._take_good(record, whole, n_lines + record.n_lines - 1)
                return
            lines.back(after)
        record = Record(self._delimiter)
        head = bytearray()
        following: bytes | None = line
        while following is not None:
            record.feed(following)
            head += following[: max(4 * MAX_RAW_CHARACTERS - len(head), 0)]
            if not record.is_open:
                break
            following = None if (following := lines.next()) is not None and lines.missing else following
        if self._is_good(record):
            self._take_good(record, bytes(head), record.n_lines)
        elif self._is_whole(record) and record.n_lines > 1 and not record.holds_rows(self._n_columns):
            reason = f"a cell that takes {record.n_lines:,} lines and {record.n_bytes:,} bytes"
            self._set_aside(reason, bytes(head), record.n_lines, record.n_bytes - len(head))
        else:
            if record.n_lines > 1 or record.is_open:
                lines.back(after)
            self._set_aside(self._why(record), line)

    def _take_good(self, record: Record, head: bytes, n_lines: int) -> None:
        if is_utf_8(spelled := record.spelled()):
            self._keep(spelled, n_lines)
        else:
            self._set_aside(_NO_UTF_8, head, n_lines, record.n_bytes - len(head))

    def _read(self, lines: Lines, line: bytes) -> Record:
        record = Record(self._delimiter)
        record.feed(line)
        while record.is_open and record.n_lines <= MAX_RECORD_LINES:
            following = lines.next()
            if following is None or lines.missing:
                break
            record.feed(following)
        return record

    def _up_to_line_end(self, lines: Lines, line: bytes) -> tuple[bytes, int]:
        """Join a line that ends with a bare carriage return with what follows up to a line end of the file."""
        whole, n_lines = line, 1
        while whole.endswith(b"\r") and n_lines < MAX_RECORD_LINES:
            if whole.count(self._delimiter) >= self._n_columns and b'"' not in whole:
                break
            following = lines.next()
            if following is None or lines.missing:
                break
            whole += following
            n_lines += 1
        return whole, n_lines

    def _is_whole(self, record: Record) -> bool:
        return not record.is_open and not record.is_damaged and record.n_cells == self._n_columns

    def _is_good(self, record: Record) -> bool:
        within = record.n_lines <= MAX_RECORD_LINES and record.n_bytes <= MAX_RECORD_BYTES
        return within and self._is_whole(record) and not record.holds_rows(self._n_columns)

    def _why(self, record: Record) -> str:
        if record.is_open:
            return "a quote that is never closed"
        if record.is_damaged:
            return "a NUL byte, or a quote that is closed within a text"
        if record.n_lines > 1:
            return f"a quote that is closed {record.n_lines - 1:,} lines on, over rows of the file"
        return self._wrong_count(record.n_cells)

    def _wrong_count(self, n_cells: int) -> str:
        return f"{n_cells:,} cells for {self._n_columns:,} columns"

    def _keep(self, record: bytes, n_lines: int) -> None:
        found = self._found
        self._note_move(found.n_lines + 1)
        found.n_lines += n_lines
        found.n_further += n_lines - 1
        found.n_records += 1
        if self._out is not None:
            self._out.write(record + found.line_end)

    def _set_aside(self, reason: str, raw: bytes, n_lines: int = 1, n_missing: int = 0) -> None:
        self._damaged.add(self._found.n_lines + 1, reason, raw, n_missing)
        self._found.n_no_text += reason == _NO_UTF_8
        self._found.n_lines += n_lines
        self._found.n_further += n_lines - 1
