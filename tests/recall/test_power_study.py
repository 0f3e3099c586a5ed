"""The study over held-out seeds, its cities replaced by one that is known."""

from __future__ import annotations

import json

import pytest

from experiments.recall import measure_recall, read_truth
from experiments.recall.scored import Budget
from experiments.studies import detection_power
from experiments.studies.detection_power import choices, main, measure_city
from experiments.synthetic.schemes import SCHEMES
from features.errors import InputError

CODES = list(dict.fromkeys(scheme.code for scheme in SCHEMES))


@pytest.fixture(scope="module")
def recall(scored_city):
    truth = read_truth(scored_city[0].root.parent / "source-truth")
    return measure_recall(scored_city[0], "2026-03", truth, budget=Budget(0.1, 40), alias="none", n_draws=5)


def test_each_scheme_occurs_once_in_each_size() -> None:
    for schemes_each in (1, 3, 100):
        words = [word for text in choices(CODES, schemes_each) for word in text.split(",")]
        assert sorted(words) == sorted(f"{code}:{size}" for code in CODES for size in ("small", "medium", "large"))


@pytest.mark.slow
def test_a_city_is_made_scored_and_measured() -> None:
    found = measure_city((1200, 40, 2, 3), "H08:large", n_scored=1, budget=Budget(0.05, 20), n_draws=5)
    assert set(found.schemes["scheme_code"]) == {"H08"}
    assert len(found.scored) == 1
    assert found.city["seed"] == 3


def test_report_of_all_seeds(recall, monkeypatch, tmp_path, capsys) -> None:
    cities = []

    def known(asked, schemes, *, n_scored, budget):
        cities.append((asked, schemes))
        return recall

    monkeypatch.setattr(detection_power, "measure_city", known)
    out = tmp_path / "out"
    main([str(out), "--seeds", "2", "--schemes-each", "100", "--persons", "500"])
    assert [asked[0] for asked, _ in cities] == [500] * 6  # two seeds, three sizes
    assert len({asked[3] for asked, _ in cities}) == 2
    record = json.loads((out / "detection-power.json").read_text(encoding="utf-8"))
    assert record["n_cities"] == len(record["cities"]) == 6
    assert "cores" in record["machine"]
    assert "duckdb" in record["versions"]
    assert {path.name for path in out.glob("*.html")} == {"detection-power.html", "detection-power-zh.html"}
    assert "6 cities" in capsys.readouterr().out


def test_a_crowded_city_is_split_and_what_does_not_fit_alone_is_named(recall, monkeypatch, tmp_path, capsys) -> None:
    planted = []

    def crowded(asked, schemes, *, n_scored, budget):
        if "," in schemes or schemes.startswith(CODES[0]):
            raise InputError.of("scheme", "in --schemes", "no room", "ask for fewer")
        planted.append(schemes)
        return recall

    monkeypatch.setattr(detection_power, "measure_city", crowded)
    main([str(tmp_path / "out"), "--seeds", "1", "--schemes-each", "4"])
    assert sorted(planted) == sorted(f"{code}:{size}" for code in CODES[1:] for size in ("small", "medium", "large"))
    assert capsys.readouterr().out.count("left out") == 3


def test_a_folder_that_holds_something_else_is_refused(tmp_path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
