"""`fraud synth` writes a source, answers in JSON, and refuses what it does not know with exit code 2."""

import json

import pytest

from fraud.cli.main import main

CITY = ["--persons", "800", "--providers", "40", "--months", "2"]


def run(capsys, *words):
    try:
        main(["synth", *words])
    except SystemExit as left:
        code = left.code or 0
    else:
        code = 0
    said = capsys.readouterr()
    return code, said.out, said.err


def test_synth_writes_source_and_truth(tmp_path, capsys):
    code, out, _ = run(capsys, "--out", str(tmp_path / "city"), *CITY, "--json")
    assert code == 0
    rows = json.loads(out)["rows"]
    assert rows["persons"] == 800
    assert rows["providers"] == 40
    assert sorted(p.name for p in tmp_path.iterdir()) == ["city", "city-truth"]
    truth = {p.stem for p in (tmp_path / "city-truth").glob("*.parquet")}
    assert truth == {
        f"truth_{name}" for name in ("providers", "patients", "practitioners", "lines", "rings", "twins", "slips")
    }


def test_synth_says_what_came_out_smaller(tmp_path, capsys):
    """Eight hundred people have no two hundred long stays to split."""
    words = ["--persons", "800", "--providers", "40", "--months", "3", "--schemes", "H04:large", "--json"]
    code, out, said = run(capsys, "--out", str(tmp_path / "city"), *words)
    assert code == 0
    assert json.loads(out)["schemes"] == ["H04"]
    assert "H04: large came out small" in said
    assert json.loads((tmp_path / "city" / "city.json").read_text())["not_planted"] == ["H04: large came out small"]


def test_dispositions_come_back_as_feedback(tmp_path, capsys):
    """What --labels writes is what `fraud feedback import` takes."""
    file = tmp_path / "dispositions.csv"
    words = ["--persons", "2000", "--providers", "60", "--months", "3", "--schemes", "R01:large,P06"]
    assert run(capsys, "--out", str(tmp_path / "city"), *words, "--labels", str(file))[0] == 0
    workspace = ["--workspace", str(tmp_path / "workspace")]
    for command in (["ingest", str(tmp_path / "city")], ["feedback", "import", str(file)]):
        with pytest.raises(SystemExit) as left:
            main([*workspace, *command])
        assert not left.value.code
    n_decisions = len(file.read_text(encoding="utf-8").splitlines()) - 1
    assert n_decisions >= 5
    assert str(n_decisions) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--schemes", "R01x"], "did you mean 'R01'"),
        (["--schemes", "none,R01"], "ask for none alone"),
        (["--schemes", "R01:small,R01:large"], "named twice"),
        (["--start", "January"], "not a month"),
        (["--months", "0"], "greater than or equal to 1"),
    ],
)
def test_synth_refuses(tmp_path, capsys, words, said):
    code, _, error = run(capsys, "--out", str(tmp_path / "city"), *CITY, *words)
    assert code == 2
    assert said in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "{}/file/city"], "is no folder"),
        (["--out", "{}/city", "--labels", "{}/nowhere/labels.csv"], "no file in a folder that is there"),
        (["--out", "{}/city", "--labels", "{}"], "no file in a folder that is there"),
        (["--out", "{}/city", "--start", "9999-12"], "no claims were settled electronically then"),
        (["--out", "{}/deep/city", "--schemes", "XX"], "XX"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(words, told, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    code, _, said = run(capsys, *(word.format(tmp_path) for word in words), *CITY)
    assert code == 2
    assert told in " ".join(said.split())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
