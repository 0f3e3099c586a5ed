import json
import subprocess
import sys

import pandas as pd
import pytest

from experiments.benchmarks import features as bench
from experiments.benchmarks import ingest as ingest_bench
from experiments.benchmarks.dozen import NAMES, difference, ours, with_pandas, with_polars
from experiments.benchmarks.feature_steps import profile
from experiments.benchmarks.machine import peak_mib
from experiments.synthetic import generate_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from tests.support.claims import write_source


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("bench")
    with generate_city(900, 40, 4, "2026-01", 7, schemes="all", scratch=scratch) as city:
        write_city(city, scratch / "city")
    ingest_source(scratch / "city", scratch / "store")
    return ClaimsStore.open(scratch / "store")


def test_the_dozen_is_the_same_in_sql_pandas_and_polars(store):
    found = ours(store)
    assert list(found) == list(NAMES)
    assert found.notna().any().all()
    assert difference(found, with_pandas(store)) <= 1e-9
    assert difference(found, with_polars(store)) <= 1e-9


def test_the_dozen_is_that_of_the_profiles(store):
    with DuckDBEngine() as engine:
        values = build_profiles(store, store.months()[-1], engine).providers.features
        codes = engine.frame("select provider_key, provider_id from codes_provider").set_index("provider_key")
    found = ours(store)
    found.index = codes["provider_id"].reindex(found.index)
    pd.testing.assert_frame_equal(found.sort_index(), values[list(NAMES)], check_names=False)


def test_a_difference_is_seen():
    one = pd.DataFrame({"a": [1.0, 2.0]})
    assert difference(one, one + 1e-6) > 1e-9
    assert difference(one, one.where(one > 1)) == float("inf")


@pytest.mark.slow
def test_ratios_are_printed(store, monkeypatch, capsys):
    def here(job, folder, word=""):  # one process is enough for a test
        return json.loads(json.dumps(bench._one(job, folder, word)))

    monkeypatch.setattr(bench, "_measured", here)
    monkeypatch.setattr("sys.argv", ["features", "--store", str(store.folder)])
    bench.main()
    printed = capsys.readouterr().out
    for text in ("duckdb", "polars", "aim: 25", "aim: 60 %", "memory limit of 1 GB", "2 months stored before", "agree"):
        assert text in printed


def test_the_profile_adds_up(store):
    rows = dict(profile(store, 4, 1))
    parts = sum(cpu for step, cpu in rows.items() if step.startswith(("all ", "peers")))
    assert parts == pytest.approx(rows["everything"])


def test_ingest_tells_what_relations_take_alone(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    found = ingest_bench._measured("ingest", source, tmp_path / "store")
    assert found["rows"] == 4
    assert 0 < found["relations_cpu"] < found["cpu"]
    assert "(aim: 1)" in ingest_bench._relations_row(found, found)


def test_the_peak_of_a_process_is_its_own():
    weight = bytearray(200 * 2**20)
    weight[::4096] = b"x" * len(weight[::4096])
    code = "from experiments.benchmarks.machine import peak_mib; print(peak_mib())"
    alone = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    assert peak_mib() > 200
    assert 0 < alone < 100
