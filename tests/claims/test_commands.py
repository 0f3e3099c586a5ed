"""`fraud check`, `fraud ingest` and `fraud store` as a user calls them."""

import json

import pandas as pd
import pytest

from fraud.cli.main import main
from tests.support.claims import write_source


@pytest.fixture
def call(tmp_path, capsys):
    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["--workspace", str(tmp_path / "workspace"), *map(str, words)])
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return run


@pytest.fixture
def source(tmp_path):
    folder = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2"}]})
    lines = pd.read_csv(folder / "claim_lines.csv", dtype="str")
    lines.loc[1, "amount"] = "much"
    lines.to_csv(folder / "claim_lines.csv", index=False)
    return folder


def test_check_then_ingest_then_store(call, source, tmp_path):
    code, told, _ = call("check", source)
    assert code == 0
    assert (
        "claim_lines: 1 quarantined: amount: not a number of at most 2 decimals (first: claim_lines.csv row 2)" in told
    )
    assert not (tmp_path / "workspace").exists()
    code, told, _ = call("ingest", source, "--json")
    assert code == 0
    lines = next(t for t in json.loads(told)["tables"] if t["table"] == "claim_lines")
    assert (lines["n_read"], lines["n_stored"], lines["n_repeats"], lines["n_quarantined"]) == (2, 1, 0, 1)
    code, told, _ = call("store", "--json")
    content = json.loads(told)
    assert code == 0
    assert content["months"] == ["2026-01"]
    assert content["settlements_by_month"] == {"2026-01": 2}
    assert {t["table"]: (t["n_rows"], t["n_quarantined"]) for t in content["tables"]}["claim_lines"] == (1, 1)
    code, told, _ = call("store")
    assert "claim_lines" in told
    code, told, _ = call("ingest", source, "--replace-month", "2026-01")
    assert code == 0
    assert "months: 2026-01 to 2026-01 (1)" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "nowhere"], "not a folder"),
        (["ingest", "nowhere"], "not a folder"),
        (["ingest", "SOURCE", "--mapping", "contrat"], "did you mean 'contract'?"),
        (["ingest", "SOURCE", "--replace-month", "2031-01"], "has no settlements of it; it holds 2026-01"),
        (["ingest", "SOURCE", "--replace-month", "januar"], "write it as YYYY-MM"),
        (["store"], "run `fraud ingest SOURCE` first"),
    ],
)
def test_unusable_input_ends_with_2_and_leaves_nothing(call, source, tmp_path, words, said):
    code, _, told = call(*[str(source) if word == "SOURCE" else word for word in words])
    assert code == 2
    assert said in told
    assert not (tmp_path / "workspace" / "store").exists()


def test_the_lines_of_a_file_with_damage_are_accounted_for(call, source):
    path = source / "persons.csv"
    path.write_bytes(path.read_bytes() + b"\nP8\n")
    code, told, _ = call("check", source)
    assert code == 0
    said = " ".join(told.split())
    assert "persons.csv: 4 lines = 1 header + 1 rows + 1 malformed + 0 within quotes + 1 blank + 0 skipped" in said
