"""Source folders as they may be found: links, loops, pipes, odd names and patterns."""

import os

import pytest

from features.claims import check_source, ingest_source
from features.claims.mapping.file import load_mapping
from features.claims.reading import find, walk
from features.claims.reading.find import find_sources
from features.claims.reading.patterns import matches
from features.claims.reading.seal import seal
from features.claims.staging.stage import stage
from features.errors import InputError
from tests.support.claims import write_source

CONTRACT = load_mapping("contract")


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})


def moved(source, name="claim_lines/part.csv"):
    (source / name).parent.mkdir(exist_ok=True)
    return (source / "claim_lines.csv").rename(source / name)


def lines_of(source):
    return [
        path.relative_to(source).as_posix()
        for each in find_sources(source, CONTRACT)
        if each.name == "claim_lines"
        for path in each.files
    ]


def removed(path):
    path.unlink()
    return path


UNUSABLE = {
    "a pipe": (lambda s: os.mkfifo(removed(s / "claim_lines.csv")), "'claim_lines.csv': not a regular file"),
    "a pipe among parts": (lambda s: (moved(s), os.mkfifo(s / "claim_lines/b.csv")), "b.csv': not a regular file"),
    "a device": (lambda s: removed(s / "claim_lines.csv").symlink_to("/dev/zero"), "leaves the source folder"),
    "a file elsewhere": (lambda s: removed(s / "persons.csv").symlink_to("/etc/passwd"), "leaves the source folder"),
    "a link to nowhere": (
        lambda s: removed(s / "persons.csv").symlink_to("nowhere"),
        "'persons.csv': cannot be looked",
    ),
    "a link to itself": (lambda s: removed(s / "persons.csv").symlink_to("persons.csv"), "'persons.csv': cannot be"),
    "the root": (lambda s: (s / "claim_lines").symlink_to("/"), "'claim_lines': a link that leaves the source folder"),
    "a link upwards": (lambda s: (s / "claim_lines").symlink_to(".."), "'claim_lines': a link that leaves"),
    "an empty folder named as a file": (
        lambda s: removed(s / "persons.csv").mkdir(),
        "table 'persons' .*required and not there",
    ),
    "a name that is not UTF-8": (lambda s: moved(s, os.fsdecode(b"claim_lines/a\xff.csv")), r"udcff.*not UTF-8"),
    "folders without end": (lambda s: (s / "claim_lines").joinpath(*["d"] * 70).mkdir(parents=True), "deeper than 64"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_file_of_the_source_is_refused_and_named(source, tmp_path, case):
    make, said = UNUSABLE[case]
    make(source)
    for job in (lambda: check_source(source), lambda: ingest_source(source, tmp_path / "store")):
        with pytest.raises(InputError, match=said) as refused:
            job()
        str(refused.value).encode("utf-8")
    assert not (tmp_path / "store").exists()


USABLE = {
    "a link within": (
        lambda s: (moved(s, "lines/part.csv"), (s / "claim_lines").symlink_to("lines")),
        ["claim_lines/part.csv"],
    ),
    "a loop": (lambda s: (moved(s), (s / "claim_lines" / "again").symlink_to("..")), ["claim_lines/part.csv"]),
    "a file and a link to it": (
        lambda s: (moved(s, "claim_lines/b.csv"), (s / "claim_lines/a.csv").symlink_to("b.csv")),
        ["claim_lines/a.csv"],
    ),
    "a file and a folder": (lambda s: (s / "claim_lines").mkdir(), ["claim_lines.csv"]),
    "an ending in capitals": (lambda s: moved(s, "claim_lines/PART.CSV"), ["claim_lines/PART.CSV"]),
    "a pipe nobody asks for": (lambda s: os.mkfifo(s / "pipe"), ["claim_lines.csv"]),
    "a link out nobody asks for": (lambda s: (s / "elsewhere").symlink_to("/"), ["claim_lines.csv"]),
}


@pytest.mark.parametrize("case", USABLE)
def test_a_file_is_found_once_however_it_is_reached(source, case):
    make, found = USABLE[case]
    make(source)
    assert lines_of(source) == found


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "persons.csv"])
def test_what_is_no_source_folder_is_refused(source, name):
    with pytest.raises(InputError, match=r"source .*Hint: give the folder"):
        find_sources(source / name, CONTRACT)


def test_too_many_files_and_entries_are_refused(source, monkeypatch):
    moved(source)
    for n in range(5):
        (source / "claim_lines" / f"{n}.csv").write_text("x\n", encoding="utf-8")
    monkeypatch.setattr(find, "MAX_FILES", 5)
    with pytest.raises(InputError, match="more than 5 files"):
        lines_of(source)
    monkeypatch.setattr(walk, "MAX_ENTRIES", 8)
    with pytest.raises(InputError, match="more than 8 files and folders"):
        lines_of(source)


MAPPING = """
name = "two"
[sources.{first}]
files = {patterns}
[sources.{second}]
files = ["claim_lines.csv"]
{more}
[sources.registers]
files = ["settlements.csv"]
[sources.persons]
files = ["persons.csv"]
[sources.providers]
files = ["providers.csv"]
"""


def mapping_of(source, path, first="bills", second="bills_0", *, patterns='["claim_lines.csv"]', more=""):
    """Write a mapping that reads the claim lines twice, under two names."""
    text = [MAPPING.format(first=first, second=second, patterns=patterns, more=more)]
    tables = {
        "claim_lines": [first, second],
        "settlements": ["registers"],
        "persons": ["persons"],
        "providers": ["providers"],
    }
    for table, sources in tables.items():
        columns = (source / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        for name in sources:
            text += [f"[[tables.{table}]]", f"source = '{name.strip(chr(34))}'", f"[tables.{table}.columns]"]
            text += [f"{column} = '{column}'" for column in columns]
    path.write_text("\n".join(text), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("bills", "bills_0"),
        ("bills_0", "bills"),
        ("bills", '"BILLS"'),
        ("select", "from"),
        ('"账单"', '"a b (drop)"'),
        ("source_0", "source_1_file_0"),
    ],
)
def test_sources_of_any_names_are_kept_apart(source, tmp_path, first, second):
    report = check_source(source, mapping=mapping_of(source, tmp_path / "two.toml", first, second))
    counted = {each.table: (each.n_read, each.n_stored, each.n_repeats) for each in report.tables}
    assert counted["claim_lines"] == (2, 1, 1)
    assert {each.source for each in report.files} >= {first.strip('"'), second.strip('"')}


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        ('["."]', r"key 'sources\.bills\.files\.0'.*names no file"),
        ('[""]', r"key 'sources\.bills\.files\.0'.*names no file"),
        ('["/etc/passwd"]', "leaves the folder"),
        ('["a/../../x.csv"]', "leaves the folder"),
        ('["claim_lines.csv/"]', "names no file"),
        ('["a\\u0000.csv"]', "not printable"),
        (f'["{"d/" * 3000}x.csv"]', "longer than 500 characters or 16 folders"),
        ('["nothing*.csv"]', r"source 'bills' in .*no file nothing\*.csv"),
    ],
)
def test_patterns_are_checked_where_the_mapping_is_read(source, tmp_path, patterns, said):
    with pytest.raises(InputError, match=said):
        check_source(source, mapping=mapping_of(source, tmp_path / "two.toml", patterns=patterns))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('encoding = "punycode"', r"key 'sources\.bills_0\.encoding'.*unknown encoding, or none"),
        ('encoding = "utf-8\\u0000"', r"key 'sources\.bills_0\.encoding'.*unknown encoding"),
        *(
            (f'delimiter = "{character}"', r"key 'sources\.bills_0\.delimiter'")
            for character in (r"\n", r"\r", r"\"", r"\u0000", "a", "7")
        ),
    ],
)
def test_encodings_and_delimiters_are_checked_where_the_mapping_is_read(source, tmp_path, more, said):
    with pytest.raises(InputError, match=said):
        load_mapping(mapping_of(source, tmp_path / "two.toml", more=more))


@pytest.mark.parametrize(
    ("pattern", "name", "is_match"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "a/b.csv", False),
        ("**/*.csv", "a.csv", True),
        ("**/*.csv", "a/b/c.csv", True),
        ("a/**/c.csv", "a/c.csv", True),
        ("a/**/c.csv", "b/c.csv", False),
        ("a/*/c[0-9].csv", "a/b/c7.csv", True),
        ("**/**/**/x*x*x*x*x*y", "x" * 200, False),
    ],
)
def test_patterns_match_as_those_of_a_shell(pattern, name, is_match):
    assert matches(tuple(pattern.split("/")), tuple(name.split("/"))) is is_match


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8"), "changed while"),
        (lambda path: path.unlink(), "vanished while it was read"),
        (
            lambda path: (path.with_name("x").write_bytes(path.read_bytes()), path.with_name("x").replace(path)),
            "changed",
        ),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(source, tmp_path, monkeypatch, change, said):
    def meddled(*given, **more):
        staged = stage(*given, **more)
        change(source / "persons.csv")
        return staged

    monkeypatch.setattr("features.claims.ingest.stage", meddled)
    with pytest.raises(InputError, match=f"file 'persons.csv': {said}"):
        ingest_source(source, tmp_path / "store")
    assert not (tmp_path / "store").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_that_may_not_be_read_is_refused(source):
    (source / "persons.csv").chmod(0)
    with pytest.raises(InputError, match=r"file 'persons\.csv': cannot be read"):
        check_source(source)


def test_a_file_that_cannot_be_read_is_refused(source):
    found = find_sources(source, CONTRACT)
    (source / "persons.csv").unlink()
    with pytest.raises(InputError, match=r"file 'persons\.csv': cannot be read .*No such file"):
        seal(source, found)


def test_columns_of_the_contract_are_found_in_any_case(source, tmp_path):
    path = source / "settlements.csv"
    head, rows = path.read_text().split("\n", 1)
    path.write_text(f"{head.upper()},EXTRA\n{rows.rstrip()},x\n")
    counts = {each.table: each for each in ingest_source(source, tmp_path / "store").tables}
    assert (counts["settlements"].n_stored, counts["settlements"].unknown_columns) == (1, ("EXTRA",))
