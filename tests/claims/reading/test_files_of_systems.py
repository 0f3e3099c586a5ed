"""Files as systems write and wrap them: whatever the ending, folder or archive, six lines worth 540.00 are read."""

import gzip
import io
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.mapping.file import load_mapping
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import complete, write_source
from tests.support.reading import read_source

IDS = [f"S{n}" for n in range(1, 7)]
TEXT = "id,name,amount\n" + "".join(f"{each},Item,90.00\n" for each in IDS)
CSV = TEXT.encode()
HEAD, *LINES = TEXT.splitlines(keepends=True)
FIRST, LAST = (HEAD + "".join(LINES[:3])).encode(), (HEAD + "".join(LINES[3:])).encode()
NO_AMOUNT = (HEAD + LINES[0]).replace("amount", "amounts").encode()


def parquet(ids=IDS, **more):
    into = io.BytesIO()
    columns = {"id": ids, "name": ["Item"] * len(ids), "amount": ["90.00"] * len(ids), **more}
    pq.write_table(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}), into)
    return into.getvalue()


def zipped(**members):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


def tarred():
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        member = tarfile.TarInfo("lines.csv")
        member.size = len(CSV)
        archive.addfile(member, io.BytesIO(CSV))
    return into.getvalue()


JUNK = b"\0\1\2no table"
MAC = {"__MACOSX/._lines.csv": JUNK, ".DS_Store": JUNK, "readme.txt": b"hello"}
# Files; patterns.
READ = {
    "text of another ending": ({"lines.txt": CSV}, ["lines.txt"]),
    "an ending of the payer's own": ({"CLM.DAT": CSV}, ["CLM.DAT"]),
    "no ending": ({"lines": CSV}, ["lines"]),
    "a name of dots": ({"P.A1.ACO.ZC1Y21.D210101.T1234567": CSV}, ["P.*.ZC1Y*.D*.T*"]),
    "a pattern of another ending": ({"a.txt": FIRST, "b.TXT": LAST, "README.txt": b"hello"}, ["*.txt"]),
    "an ending in other case": ({"LINES.Csv.GZ": gzip.compress(CSV)}, ["LINES.csv.gz"]),
    "a wildcard beside companions": (
        {
            "a": FIRST,
            "b.csv": LAST,
            "_SUCCESS": b"",
            ".b.csv.crc": JUNK,
            "b.csv.md5": JUNK,
            "README": b"x",
            "~$b": JUNK,
        },
        ["*"],
    ),
    "an archive named by nothing but its content": ({"lines.dat": zipped(**{"x.csv": CSV})}, ["lines.dat"]),
    "gzip without its ending": ({"lines.csv": gzip.compress(CSV)}, ["lines.csv"]),
    "gzip of another ending": ({"lines.txt.gz": gzip.compress(CSV)}, ["*.gz"]),
    "Parquet without its ending": ({"lines": parquet()}, ["lines"]),
    "Parquet in gzip": ({"lines.parquet.gz": gzip.compress(parquet())}, ["lines.*"]),
    "a zip made on a Mac": ({"lines.csv.zip": zipped(**{"lines.csv": CSV, **MAC})}, ["lines.csv.zip"]),
    "a zip of several parts": ({"l.zip": zipped(**{"a/1.csv": FIRST, "a/2.CSV": LAST, **MAC})}, ["l.zip"]),
    "a zip of Parquet": ({"l.zip": zipped(**{"1.parquet": parquet()})}, ["l.zip"]),
    "a member by its name": ({"l.zip": zipped(**{"x.csv": NO_AMOUNT, "lines.csv": CSV})}, ["l.zip/lines.csv"]),
    "members by a pattern": ({"l.ZIP": zipped(**{"q/a1.txt": FIRST, "q/a2.txt": LAST, "b": JUNK})}, ["l.ZIP/q/a*"]),
    "a folder of Spark": (
        {
            "out.parquet/part-0.snappy.parquet": parquet(IDS[:3]),
            "out.parquet/part-1.snappy.parquet": parquet(IDS[3:]),
            "out.parquet/part-2.snappy.parquet": parquet([]),
            "out.parquet/_SUCCESS": b"",
            "out.parquet/.part-0.snappy.parquet.crc": JUNK,
            "out.parquet/_temporary/0/part-0.parquet": JUNK,
        },
        ["out.parquet"],
    ),
    "folders by a pattern": ({"a.csv/part-0": FIRST, "b.csv/x/part-0": LAST, "b.csv/_logs/x": JUNK}, ["*.csv"]),
    "a folder of Hive": ({"lines/000000_0": FIRST, "lines/000001_0": LAST}, ["lines"]),
    "a mark that is spelled out": ({"_lines.csv": CSV}, ["_lines.csv"]),
    "deep below a pattern": (
        {"x/y/a.txt": FIRST, "b.txt": LAST, "x/.git/c.txt": JUNK, "_old/b.txt": JUNK},
        ["**/*.txt"],
    ),
}


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("case", READ)
def test_what_a_mapping_names_is_read(tmp_path, case):
    files, patterns = READ[case]
    read = read_source(write(tmp_path, files), files=patterns)
    assert sorted(row["id"] for row in read.rows) == IDS
    assert (read.amount, read.malformed) == (540, [])


# Files of a source of the contract; each holds the six lines.
CONTRACT = {
    "capitals": {"CLAIM_LINES.CSV": CSV},
    "text": {"claim_lines.txt": CSV.replace(b",", b"|")},
    "tabs": {"claim_lines.tsv": CSV.replace(b",", b"\t")},
    "semicolons": {"claim_lines.csv": CSV.replace(b",", b";")},
    "no ending": {"claim_lines": CSV},
    "zip": {"claim_lines.zip": zipped(**{"anything.txt": CSV, **MAC})},
    "gzip in other case": {"claim_lines.Csv.GZ": gzip.compress(CSV)},
    "a folder of Spark": {"claim_lines.parquet/part-0": parquet(), "claim_lines.parquet/_SUCCESS": b""},
    "a folder of CSV": {
        "claim_lines.csv/a.csv": FIRST,
        "claim_lines.csv/b.txt": LAST,
        "claim_lines.csv/b.txt.crc": JUNK,
    },
    "a folder in capitals": {"CLAIM_LINES/A": FIRST, "CLAIM_LINES/._A": JUNK, "CLAIM_LINES/B": LAST},
    "a lock beside it": {"claim_lines.csv": CSV, "~$claim_lines.xlsx": JUNK, "._claim_lines.csv": JUNK, ".~lock": JUNK},
}


@pytest.mark.parametrize("case", CONTRACT)
def test_tables_of_the_contract_are_found_by_name(tmp_path, case):
    read = read_source(write(tmp_path, CONTRACT[case]), identity=True)
    assert sorted(row["id"] for row in read.rows) == IDS
    assert (read.amount, read.malformed) == (540, [])


REFUSED = {
    "two shapes in a zip": (
        {"l.zip": zipped(**{"a.csv": CSV, "b.csv": NO_AMOUNT})},
        r"'l.zip': tables of different columns inside: 'a.csv' and 'b.csv'. Hint: name one .*\[\"l.zip/a.csv\"\]",
    ),
    "no data in a zip": ({"l.zip": zipped(**MAC)}, "'l.zip': 3 files inside, and none that is data"),
    "a tar": ({"l.tar": tarred()}, "'l.tar': its content is tar, .*Hint: unpack it"),
    "a tar in gzip": ({"l.tgz": gzip.compress(tarred())}, "'l.tgz': its content is tar"),
    "7z": ({"l.csv": b"7z\xbc\xaf\x27\x1c" + JUNK}, "'l.csv': its content is 7z"),
    "RAR": ({"l": b"Rar!\x1a\x07\x00" + JUNK}, "'l': its content is RAR"),
    "bzip2": ({"l.csv.bz2": b"BZh91AY&SY" + JUNK}, "its content is bzip2"),
    "an old workbook": ({"l.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + JUNK}, "an old workbook .*password"),
    "a page named as a workbook": ({"l.xls": b"\xef\xbb\xbf\n<html><table>"}, "a page of HTML or XML"),
    "a document": ({"l.docx": zipped(**{"word/document.xml": b"x"})}, "its content is .docx"),
}


@pytest.mark.parametrize(("log", "kind"), [("_delta_log", "Delta"), (".hoodie", "Hudi")])
@pytest.mark.parametrize("form", [{"identity": True}, {"files": ["claim_lines"]}])
def test_a_folder_of_which_not_every_file_counts_is_refused(tmp_path, log, kind, form):
    write(tmp_path, {"claim_lines/a.parquet": parquet(), f"claim_lines/{log}/0.json": b"{}"})
    with pytest.raises(InputError, match=f"folder 'claim_lines': a {kind} table.*Hint: export it"):
        read_source(tmp_path, **form)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_in_words(tmp_path, case):
    files, said = REFUSED[case]
    with pytest.raises(InputError, match=said):
        read_source(write(tmp_path, files), files=list(files))


def test_members_of_an_archive_are_named_with_it(tmp_path):
    write(tmp_path, {"l.zip": zipped(**{"a/1.csv": FIRST, "明细.csv": LAST})})
    assert [each.file for each in read_source(tmp_path, files=["l.zip"]).counts] == ["l.zip/a/1.csv", "l.zip/明细.csv"]


def test_a_name_of_an_archive_of_chinese_windows_is_read(tmp_path):
    content = zipped(**{"ABCD.csv": CSV}).replace(b"ABCD", "明细".encode("gbk"))
    write(tmp_path, {"l.zip": content})
    assert read_source(tmp_path, files=["l.zip/明细.csv"]).amount == 540


KEYED = {
    "a key": ({"l/kind=A/p.csv": CSV}, {"A"}),
    "two values": ({"l/kind=A/p.csv": FIRST, "l/kind=B/month=2026-03/p.csv": LAST}, {"A", "B"}),
    "an encoded value": ({"l/kind=a%20%E5%8C%BB%2Fb/p.csv": CSV}, {"a 医/b"}),
    "no value": ({"l/kind=__HIVE_DEFAULT_PARTITION__/p.csv": FIRST, "l/kind=B/p.csv": LAST}, {None, "B"}),
    "Parquet": ({"l/kind=A/p.parquet": parquet(), "l/_SUCCESS": b""}, {"A"}),
    "in an archive": ({"l": zipped(**{"kind=A/p.csv": FIRST, "kind=B/p.csv": LAST})}, {"A", "B"}),
    "also in the file": ({"l/kind=07/p.parquet": parquet(kind=["07", "7", "07", None, "", "07"])}, {"07", "7"}),
}


@pytest.mark.parametrize("case", KEYED)
def test_keys_of_the_path_are_columns(tmp_path, case):
    files, kinds = KEYED[case]
    read = read_source(write(tmp_path, files), files=["l"])
    assert ({row["kind"] for row in read.rows}, len(read.rows), read.amount) == (kinds, 6, 540)


def test_a_file_that_says_otherwise_than_its_folder_is_refused(tmp_path):
    write(tmp_path, {"l/kind=A/p.parquet": parquet(kind=["A", "B", "A", "A", "A", "C"])})
    said = "2 of its rows say something else in column 'kind' than their folder 'kind=A'"
    with pytest.raises(InputError, match=f"'l/kind=A/p.parquet': {said}"):
        read_source(tmp_path, files=["l"])


def test_keys_of_the_path_are_columns_of_the_contract_or_named_as_unknown(tmp_path):
    rows = [{"settlement_id": "S1", "insurance_type": "resident"}, {"settlement_id": "S2"}]
    frames = complete({"settlements": rows})
    source = write_source(tmp_path / "source", frames)
    (source / "settlements.csv").unlink()
    for kind, part in frames["settlements"].groupby("insurance_type"):
        folder = source / "settlements.parquet" / f"insurance_type={kind}" / "month=2026-01"
        folder.mkdir(parents=True)
        part.drop(columns="insurance_type").astype(str).to_parquet(folder / "part-0.parquet", index=False)
    report = ingest_source(source, tmp_path / "store")
    (found,) = (each for each in report.tables if each.table == "settlements")
    assert (found.n_read, found.n_stored, found.unknown_columns) == (2, 2, ("month",))
    with DuckDBEngine("1GB", 1) as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        kinds = engine.rows("select insurance_type, total_amount from settlements order by 1")
    assert kinds == [("employee", 10_000), ("resident", 10_000)]


MAPPING = """
extends = "contract"
name = "contract of an export"
[files]
encoding = "gb18030"
delimiter = "|"
skip_rows = 1
ignore_unnamed = true
"""


def test_an_extract_of_the_contract_s_tables_says_how_it_is_written(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    for path in source.iterdir():
        text = path.read_text(encoding="utf-8").replace(",", "|").replace("\n", "|\n")
        path.write_bytes(f"某市医保\n{text}".encode("gb18030"))
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    report = check_source(source, mapping=str(tmp_path / "m.toml"))
    assert [(each.table, each.n_read, each.n_stored) for each in report.tables][:2] == [
        ("settlements", 1, 1),
        ("claim_lines", 1, 1),
    ]
    assert {(each.n_skipped_lines, each.n_lines, each.encoding) for each in report.files} == {(1, 3, "gb18030")}


def test_how_files_are_written_holds_for_every_source_that_does_not_say_it_itself(tmp_path):
    text = MAPPING.replace('extends = "contract"', "") + '[[tables.persons]]\nsource = "s"\n'
    text += '[sources.s]\nfiles = ["s"]\nskip_rows = 0\n[sources.t]\nfiles = ["t"]\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    sources = load_mapping(str(tmp_path / "m.toml")).sources
    assert [(each.encoding, each.delimiter, each.skip_rows) for each in sources.values()] == [
        ("gb18030", "|", 0),
        ("gb18030", "|", 1),
    ]


def test_a_source_without_files_says_more_of_the_one_that_is_extended(tmp_path):
    (tmp_path / "m.toml").write_text('extends = "nhsa"\nname = "x"\n[sources.settlements]\nskip_rows = 2\n')
    known, found = (load_mapping(name).sources["settlements"] for name in ("nhsa", str(tmp_path / "m.toml")))
    assert found == known.model_copy(update={"skip_rows": 2})
