"""Limits of the engine: memory shared with the process, room to spill, nothing left behind."""

import doctest
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from features.engine import DuckDBEngine, OutOfMemoryError, memory_share
from features.errors import InputError

# In order it takes more than 40 MB hold.
LARGE = "select hash(i) as h, cast(hash(i + 1) as varchar) as t from range(2000000) r(i) order by h"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def memory_limit(engine):
    """What the engine may take in MB, as DuckDB prints it: to a tenth of a GiB."""
    ((said,),) = engine.rows("select current_setting('memory_limit')")
    number, unit = said.split()
    return float(number) * {"MiB": 1.048576, "GiB": 1073.741824}[unit]


def test_it_spills_into_a_folder_of_its_own_that_goes_with_it(tmp_path):
    (tmp_path / "kept.txt").write_text("not ours")
    with DuckDBEngine("40MB", 1, tmp_path) as engine, DuckDBEngine("40MB", 1, tmp_path):
        engine.create_table("t", LARGE)
        folders = [path for path in tmp_path.iterdir() if path.is_dir()]
        assert len(folders) == 2
        assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
        assert sum(file.stat().st_size for folder in folders for file in folder.iterdir()) > 0
    assert names(tmp_path) == ["kept.txt"]


def test_by_default_it_spills_where_tmpdir_says_and_not_where_one_stands(tmp_path, monkeypatch):
    place, here = tmp_path / "place", tmp_path / "here"
    place.mkdir()
    here.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(here)
    with DuckDBEngine("40MB", 1) as engine:
        engine.create_table("t", LARGE)
        assert len(names(place)) == 1
    assert names(place) == names(here) == []


def test_what_a_killed_engine_left_behind_goes_and_what_a_living_one_needs_stays(tmp_path):
    waits = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from features.engine import DuckDBEngine
        engine = DuckDBEngine("40MB", 1, Path(sys.argv[1]))
        print("ready", flush=True)
        time.sleep(60)
    """)
    words = [sys.executable, "-c", waits, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"ready\n"
        (living,) = names(tmp_path)
        with DuckDBEngine("40MB", 1, tmp_path):
            assert living in names(tmp_path)
        other.send_signal(signal.SIGKILL)
    assert names(tmp_path) == [living]
    with DuckDBEngine("40MB", 1, tmp_path):
        assert living not in names(tmp_path)
    assert names(tmp_path) == []


def test_others_folders_and_links_of_that_name_are_left_alone(tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    (away / "file").write_text("stays")
    (tmp_path / "fraud-spill-link").symlink_to(away)
    with DuckDBEngine("40MB", 1, tmp_path):
        assert names(away) == ["file"]
    assert names(tmp_path) == ["away", "fraud-spill-link"]


def test_too_little_room_to_spill_names_the_folder_and_the_way_out(tmp_path):
    with DuckDBEngine("40MB", 1, tmp_path, spill_limit="10MB") as engine:
        with pytest.raises(OutOfMemoryError, match=rf"memory_limit 40MB.*{tmp_path}\. Hint: .*spill_limit") as met:
            engine.create_table("t", LARGE)
        assert met.value.exit_code == 1
        assert engine.rows("select 1") == [(1,)]
    assert names(tmp_path) == []


@pytest.mark.parametrize("bad", ["file", "file/below"])
def test_a_place_that_cannot_be_written_to_is_bad_input(tmp_path, bad):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"spill folder at .*file.*: .*Hint: .*spill_folder"):
        DuckDBEngine(spill_folder=tmp_path / bad)


def test_senseless_limits_leave_no_folder(tmp_path):
    for limits in ({"memory_limit": "plenty"}, {"spill_limit": "plenty"}):
        with pytest.raises(InputError, match="engine settings"):
            DuckDBEngine(spill_folder=tmp_path, **limits)
    assert names(tmp_path) == []


def test_what_the_process_holds_is_taken_from_the_engines_share(tmp_path, monkeypatch):
    with DuckDBEngine("2GB", 1, tmp_path) as engine:
        for held, left in ((0, 2000), (300, 1700), (1500, 1000), (900, 1100)):
            monkeypatch.setattr("features.engine.duckdb_engine.resident_bytes", lambda held=held: held * 10**6)
            engine.create_table("t", "select 1 as a")
            assert memory_limit(engine) == pytest.approx(left, abs=110)


def test_a_small_change_of_what_the_process_holds_sets_no_limit(tmp_path, monkeypatch):
    with DuckDBEngine("2GB", 1, tmp_path) as engine:
        said = []
        for held in (300, 310, 400):
            monkeypatch.setattr("features.engine.duckdb_engine.resident_bytes", lambda held=held: held * 10**6)
            engine.make_room()
            said.append(memory_limit(engine))
    assert said[0] == said[1] > said[2]


def test_a_limit_that_cannot_be_given_back_now_is_asked_for_again(tmp_path, monkeypatch):
    # Without room to spill, a table of 64 MB cannot leave the memory.
    monkeypatch.setattr("features.engine.duckdb_engine.engine_share", lambda limit, _: limit)
    with DuckDBEngine("200MB", 1, tmp_path, spill_limit="1MB") as engine:
        engine.create_table("t", "select hash(i) as a, hash(i + 1) as b from range(4000000) r(i)")
        monkeypatch.setattr("features.engine.duckdb_engine.engine_share", lambda limit, _: limit // 4)
        said = []
        for _ in range(2):
            engine.make_room()
            said.append(memory_limit(engine))
            engine.drop("t")
            engine.release()
    assert said == pytest.approx([200, 50], abs=1)


def test_what_the_process_holds_is_read_from_the_system():
    before = memory_share.resident_bytes()
    if before:
        held = np.ones(50_000_000)
        assert memory_share.resident_bytes() - before == pytest.approx(held.nbytes, abs=60e6)


def test_examples():
    assert doctest.testmod(memory_share).failed == 0
