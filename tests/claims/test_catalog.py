"""The catalogue: nothing is believed of it that a catalogue does not say."""

import json
import os

import pytest

from features.claims import ClaimsStore
from features.claims.store.catalog import FILE_NAME, Catalog
from features.errors import InputError, ToolkitError
from tests.support.claims import make_store


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("made"), {"claim_lines": [{"settlement_id": "S1"}]})


@pytest.fixture
def text(made):
    return (made.folder / FILE_NAME).read_text()


def part(found):
    return found["tables"]["claim_lines"][0]


def twice(found):
    found["tables"]["claim_lines"].append(part(found))


def first(found):
    return next(iter(found["relations"].values()))


def at(file):
    return lambda found: part(found).update(file=file)


DIGEST = "0" * 32
CHANGES = {
    "a list": (lambda _: [], "no object"),
    "nothing": (lambda _: {}, "must have"),
    "a key more": (lambda found: found.update(more={}), "and nothing else"),
    "tables a list": (lambda found: found.update(tables=[]), "'tables' is no object"),
    "parts an object": (lambda found: found["tables"].update(claim_lines={}), "is no list"),
    "unknown table": (lambda found: found["tables"].update(lines=[]), "contract does not have"),
    "unknown domain": (lambda found: found["codes"].update(lines=[]), "contract does not have"),
    "unknown column": (lambda found: found["columns"].update(claim_lines=["no"]), "has no column"),
    "columns a text": (lambda found: found["columns"].update(claim_lines="no"), "no list of names"),
    "columns numbers": (lambda found: found["columns"].update(claim_lines=[1]), "no list of names"),
    "part a text": (lambda found: found["tables"].update(claim_lines=["x"]), "must have file, month, rows"),
    "part with more": (lambda found: part(found).update(more=1), "and nothing else"),
    "rows negative": (lambda found: part(found).update(rows=-1), "whole number above 0"),
    "rows a text": (lambda found: part(found).update(rows="1"), "whole number above 0"),
    "rows true": (lambda found: part(found).update(rows=True), "whole number above 0"),
    "rows huge": (lambda found: part(found).update(rows=10**30), "whole number above 0"),
    "month a number": (lambda found: part(found).update(month=202601), "must be texts"),
    "month none": (lambda found: part(found).update(month="2026-13"), "impossible month"),
    "absolute": (at(f"/etc/{DIGEST}.parquet"), "where no part of it lies"),
    "upwards": (at(f"parts/claim_lines/2026-01/../../../x/{DIGEST}.parquet"), "where no part of it lies"),
    "of another table": (at(f"parts/settlements/2026-01/{DIGEST}.parquet"), "where no part of it lies"),
    "of another month": (at(f"parts/claim_lines/2026-02/{DIGEST}.parquet"), "where no part of it lies"),
    "no Parquet": (at(f"parts/claim_lines/2026-01/{DIGEST}.csv"), "where no part of it lies"),
    "a pattern": (at("parts/claim_lines/2026-01/*.parquet"), "where no part of it lies"),
    "twice": (twice, "names a file twice"),
    "escapes": (at("\x1b]0;x\x07"), r"\\x1b"),
    "counts of no file": (lambda found: found["relations"].update({"parts/x": {}}), "no file of a table"),
    "counts a list": (lambda found: found.update(relations=[]), "'relations' is no object"),
    "counts texts": (lambda found: first(found).update(a=["1", "1"]), "no two whole numbers"),
    "counts one": (lambda found: first(found).update(a=[1]), "no two whole numbers"),
    "counts beyond": (lambda found: first(found).update(a=[1, 2]), "more rows failing than checked"),
    "counts negative": (lambda found: first(found).update(a=[1, -1]), "more rows failing than checked"),
    "format none": (lambda found: found.update(format={"store": "two"}), "format is no number"),
    "format a list": (lambda found: found.update(format=[]), "format is no number"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_no_catalogue_says_is_refused(tmp_path, text, name):
    change, told = CHANGES[name]
    found = json.loads(text)
    changed = change(found)
    (tmp_path / FILE_NAME).write_text(json.dumps(found if changed is None else changed))
    with pytest.raises(InputError, match=f"claims store at .*: unreadable catalogue: .*{told}"):
        ClaimsStore.open(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 99_999, b'{"tables": ' + b"9" * 5000 + b"}", b"NaN"],
    ids=["empty", "cut", "not UTF-8", "deep", "long number", "not finite"],
)
def test_bytes_that_are_no_catalogue_are_refused(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(InputError, match="Hint: restore it from a backup"):
        Catalog.read(tmp_path)


@pytest.mark.parametrize("given", [4, {"store": "4"}, {"store": 99}])
def test_a_newer_version_is_refused_as_such(tmp_path, text, given):
    (tmp_path / FILE_NAME).write_text(json.dumps({**json.loads(text), "format": given, "unheard_of": {}}))
    with pytest.raises(InputError, match=r"made by a newer version; this one knows 3\. Hint: upgrade the toolkit"):
        ClaimsStore.open(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "link to nothing", "link to itself", "fifo"])
def test_no_regular_file_is_no_absent_catalogue(tmp_path, kind):
    path = tmp_path / FILE_NAME
    {
        "folder": path.mkdir,
        "link to nothing": lambda: path.symlink_to("nothing"),
        "link to itself": lambda: path.symlink_to(FILE_NAME),
        "fifo": lambda: os.mkfifo(path),
    }[kind]()
    with pytest.raises(InputError, match="catalogue"):
        Catalog.read(tmp_path)


@pytest.mark.parametrize("said", [{}, {"format": {"store": "2"}}])
def test_a_format_before_is_read_and_written_anew(tmp_path, made, text, said):
    found = {group: parts for group, parts in json.loads(text).items() if group not in {"format", "days", "relations"}}
    for name in ("persons", "providers"):
        for each in found["tables"][name]:
            each["month"] = ""
    (tmp_path / FILE_NAME).write_text(json.dumps({**found, **said}))
    old = Catalog.read(tmp_path)
    # What has no months was known from always, which is what it is seen as now.
    assert (old.format, old.days, old.digest()) == (len(said) + 1, {}, made.catalog.digest())
    old.write(tmp_path)
    assert Catalog.read(tmp_path) == old


def test_a_catalogue_that_cannot_be_written_leaves_the_one_before(tmp_path, made, text, monkeypatch):
    (tmp_path / FILE_NAME).write_text(text)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ToolkitError, match=r"not written \(No space left on device\)\. Hint: free space"):
        Catalog().write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert Catalog.read(tmp_path) == made.catalog
