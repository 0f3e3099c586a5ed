"""Archives, headers, encodings and Parquet files that are damaged or odd: refused with the file's name, or read."""

import gzip
import io
import random
import stat
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.claims import check_source, ingest_source
from features.claims.reading import unpack
from features.claims.reading.decode import text_encoding
from features.errors import InputError
from tests.support.claims import write_source
from tests.support.reading import read_file

ROWS = b"id,name\n" + b"".join(b"S%d,Item %d\n" % (n, n) for n in range(1, 200))


def zipped(content=ROWS, *members, method=zipfile.ZIP_DEFLATED, mode=0o644):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name in members or ("lines.csv",):
            member = zipfile.ZipInfo(name)
            member.compress_type, member.external_attr = method, mode << 16
            archive.writestr(member, content)
    return into.getvalue()


def patched(content, at, piece):
    return content[:at] + piece + content[at + len(piece) :]


def encrypted():
    """Set the bit of encryption in both headers of the one member."""
    content = zipped()
    return patched(patched(content, 6, b"\1"), content.rindex(b"PK\1\2") + 8, b"\1")


PACKED = gzip.compress(ROWS, mtime=0)
UNREADABLE = {
    "broken deflate in gzip": ("a.csv.gz", patched(PACKED, 20, b"\xff" * 40), "not a readable gzip"),
    "cut gzip": ("a.csv.gz", PACKED[:-9], "not a readable gzip"),
    "wrong sum in gzip": ("a.csv.gz", PACKED[:-8] + bytes(8), "not a readable gzip"),
    "plain text named gzip": ("a.csv.gz", ROWS, "not a readable gzip"),
    "garbage behind gzip": ("a.csv.gz", PACKED + b"garbage", "not a readable gzip"),
    "empty gzip": ("a.csv.gz", b"", "empty"),
    "broken deflate in zip": ("a.csv.zip", patched(zipped(), 45, b"\xff" * 40), "not a readable zip"),
    "cut zip": ("a.csv.zip", zipped()[:-30], "not a readable zip"),
    "empty file named zip": ("a.csv.zip", b"", "not a readable zip"),
    "encrypted zip": ("a.csv.zip", encrypted(), "not a readable zip.*encrypted"),
    "unknown packing": (
        "a.csv.zip",
        zipped().replace(b"\x08\x00\x00\x00\x21", b"\x63\x00\x00\x00\x21"),
        "not a readable",
    ),
    "no file in zip": ("a.csv.zip", zipped(b"", "folder/"), "0 files inside"),
    "a link in zip": ("a.csv.zip", zipped(b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "a link inside"),
    "zip in zip": ("a.csv.zip", zipped(zipped()), "a zip archive inside and no table"),
    "gzip in zip": ("a.csv.zip", zipped(PACKED), "a gzip file inside and no table"),
    "nothing": ("a.csv", b"", "empty"),
    "only blank lines": ("a.csv", b"\n\r\n\n", "empty"),
    "NULs": ("a.csv", bytes(500), "header .*a NUL"),
    "UTF-16 that nobody said": ("a.csv", ROWS.decode().encode("utf-16"), "a NUL|reads as utf-16"),
    "a header that is not UTF-8": ("a.csv", b"id,\xff\xfe\n1,2\n", "header .*not UTF-8.*encoding"),
    "a header that is never closed": ("a.csv", b'id,"name\n' * 500, "header .*a quote that is not closed"),
    "a column twice": ("a.csv", b"id,ID\n1,2\n", "header .*named twice: .id. .columns 1, 2"),
    "a column without a name": ("a.csv", b"id,,name\n1,2,3\n", "header .*without a name .column 2 of 3"),
    "a name of 200,000 characters": ("a.csv", b"id," + b"x" * 200_000 + b"\n1,2\n", "header .*200,000 characters"),
    "100,000 columns": ("a.csv", b",".join(b"c%d" % n for n in range(100_000)) + b"\n", "header .*100,000 columns"),
    "one line of 9 MB": ("a.csv", b"x" * 9_000_000, "header .*a line without an end"),
    "bytes that are no Parquet": ("a.parquet", ROWS, "not readable Parquet"),
    "nothing named Parquet": ("a.parquet", b"", "not readable Parquet"),
    "an index larger than the file": ("a.parquet", b"PAR1" + b"\xff\xff\xff\x7fPAR1", "not readable Parquet"),
    "encrypted Parquet": ("a.parquet", b"PARE" + bytes(50) + b"\1\0\0\0PARE", "not readable Parquet .encrypted"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_named(tmp_path, case):
    name, content, said = UNREADABLE[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"(?s)'{name}'|{name}") as refused:
        read_file(tmp_path / name)
    refused.match(said)
    assert "Hint: " in str(refused.value)


READABLE = {
    "gzip of several members": ("a.csv.gz", gzip.compress(ROWS[:100]) + gzip.compress(ROWS[100:])),
    "an ending in capitals": ("a.CSV.GZ", PACKED),
    "stored zip": ("a.csv.zip", zipped(method=zipfile.ZIP_STORED)),
    "bzip2 in zip": ("a.csv.zip", zipped(method=zipfile.ZIP_BZIP2)),
    "lzma in zip": ("a.csv.zip", zipped(method=zipfile.ZIP_LZMA)),
    "a name that leaves the archive": ("a.csv.zip", zipped(ROWS, "../../../../escaped.csv")),
    "a folder beside the file": ("a.csv.zip", zipped(ROWS, "folder/lines.csv")),
}


@pytest.mark.parametrize("case", READABLE)
def test_a_readable_file_is_read(tmp_path, case):
    name, content = READABLE[case]
    (tmp_path / name).write_bytes(content)
    assert read_file(tmp_path / name).lines == (200, 199, 0, 0, 0)
    assert not list(tmp_path.parent.rglob("escaped.csv"))


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.zip", "a.parquet"])
@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_are_refused_or_lose_no_row(tmp_path, name, seed):
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"id": [f"S{n}" for n in range(199)], "name": ["x"] * 199}), tmp_path / name)
    else:
        (tmp_path / name).write_bytes(PACKED if name.endswith(".gz") else zipped())
    draw = random.Random(seed)
    content = bytearray((tmp_path / name).read_bytes())
    for _ in range(1 + seed % 3):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    (tmp_path / name).write_bytes(bytes(content))
    try:
        read = read_file(tmp_path / name)
    except InputError as error:
        assert name in str(error)  # noqa: PT017
    else:
        assert read.count.n_rows + read.count.n_malformed == 199


def test_what_unpacks_far_beyond_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MAX_UNPACKED_FLOOR", 100_000)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(ROWS + b"S,x\n" * 100_000))
    with pytest.raises(InputError, match=r"'a.csv.gz': unpacks to more than \d\d\d,\d\d\d bytes"):
        read_file(tmp_path / "a.csv.gz")


NO_ENCODING = ["punycode", "undefined", "idna", "rot13", "base64", "hex", "utf-8\0", "", "unicode_escape", "utf-7"]
NO_ENCODING += ["raw_unicode_escape", "nosuch", "zlib", "../x", "x" * 1000]


@pytest.mark.parametrize("name", NO_ENCODING)
def test_what_is_no_encoding_of_tables_is_refused_where_the_mapping_is_read(tmp_path, name):
    with pytest.raises(ValueError, match="unknown encoding, or none of text files"):
        text_encoding(name)


@pytest.mark.parametrize("encoding", ["gb18030", "GBK", "utf-16", "utf-16-le", "utf-32", "big5", "utf_8_sig", "UTF8"])
def test_tables_are_read_in_their_encoding(tmp_path, encoding):
    text = 'id,name\n1,"門診\r掛號"\n2,處方\n'
    (tmp_path / "a.csv").write_bytes(text.encode(encoding if encoding != "GBK" else "gbk"))
    read = read_file(tmp_path / "a.csv", encoding=encoding)
    assert read.rows == [("1", "門診\r掛號"), ("2", "處方")]


def test_bytes_that_the_encoding_does_not_have_cost_their_line(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,name\n1,门诊\n".encode("gb18030") + b"2,\xff\xff\n3,\x81\n4,ok\n")
    read = read_file(tmp_path / "a.csv", encoding="gb18030")
    assert [row[0] for row in read.rows] == ["1", "4"]
    assert [line for line, *_ in read.malformed] == [3, 4]


def test_parquet_of_odd_types_is_read_as_text(tmp_path):
    table = pa.table(
        {
            "id": pa.array(["a", "b"]).dictionary_encode(),
            "list": [[1, 2], None],
            "struct": [{"x": {"y": [1]}}, None],
            "map": pa.array([[("k", "v")], None], pa.map_(pa.string(), pa.string())),
            "float": [float("nan"), 1.5],
            "bytes": [b"\xff\0", b"ok"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    read = read_file(tmp_path / "a.parquet")
    assert (read.lines, read.count.n_rows) == ((None, 2, 0, 0, 0), 2)
    assert [row[0] for row in read.rows] == ["a", "b"]
    assert read.rows[0][4] == "nan"
    assert all(read.rows[0][column].startswith("\0") for column in (1, 2, 3, 5))
    assert read.rows[1][5] == "ok"


def test_parquet_with_a_column_twice_is_refused(tmp_path):
    pq.write_table(pa.table([pa.array(["a"]), pa.array(["b"])], names=["id", "Id"]), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"header of file 'a.parquet': .*named twice"):
        read_file(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("persons.csv.gz", patched(PACKED, 20, b"\xff" * 40)),
        ("persons.csv.zip", patched(zipped(), 45, b"\xff" * 40)),
        ("persons.csv", b"x" * 200_000 + b"\n"),
        ("persons.csv", b'person_id,"gender\n' + b"P1,male\n" * 200),
    ],
)
def test_check_and_ingest_refuse_alike_and_leave_nothing(tmp_path, name, content):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    (source / "persons.csv").unlink()
    (source / name).write_bytes(content)
    said = []
    for job in (lambda: check_source(source), lambda: ingest_source(source, tmp_path / "store")):
        with pytest.raises(InputError, match=name) as refused:
            job()
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert not (tmp_path / "store").exists()


def test_zlib_says_itself_what_is_wrong(tmp_path):
    """The table above holds files that the unpacker raises on, and not only such as an archive's own sums tell."""
    with pytest.raises(zlib.error):
        gzip.decompress(UNREADABLE["broken deflate in gzip"][1])
