"""What `fraud rings find` reads from and says about a workspace."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from experiments.benchmarks.ring_city import make_city
from fraud.cases.keyed_ids import ShownPersons
from fraud.cli.main import main
from fraud.cli.rings import _records, _show
from fraud.rings import Rings, find_rings
from fraud.rings.seeds import seeded_rings
from fraud.runs.read import previous_run
from fraud.runs.tables import write_output
from fraud.settings import RingSettings
from fraud.workspace import Workspace

SETTINGS = RingSettings(n_decoys=0)


@pytest.fixture(scope="module")
def city():
    return make_city(seed=1)


@pytest.fixture(scope="module")
def rings(city):
    return find_rings(city, "2026-05", SETTINGS)


def test_rings_of_the_scored_month_before_keep_their_ids(city, rings, tmp_path):
    workspace = Workspace(tmp_path)
    assert previous_run(workspace, "2026-06") is None
    folder = workspace.runs / "2026-05"
    folder.mkdir(parents=True)
    for frame, table in ((rings.rings, "rings"), (rings.members, "ring_members"), (rings.edges, "ring_edges")):
        write_output(frame, table, folder / f"{table}.parquet")
    assert previous_run(workspace, "2026-06") is None  # not finished: no manifest
    old = {"format": 1, "month": "2026-05", "inputs": {}, "outputs": {}}
    (folder / "manifest.json").write_text(json.dumps(old))
    ledger = Rings(*previous_run(workspace, "2026-06").ring_tables())
    again = find_rings(city, "2026-06", SETTINGS, previous=ledger)
    assert again.rings["ring_id"].tolist() == rings.rings["ring_id"].tolist()
    assert set(again.rings["status"]) == {"stable"}


def test_json_holds_rings_with_members(rings, tmp_path):
    records = json.loads(json.dumps(_records(rings.rings, rings, ShownPersons(Workspace(tmp_path), as_stored=True))))
    assert len(records) == len(rings.rings)
    first = records[0]
    assert len(first["members"]) == first["n_providers"] + first["n_patients"]
    assert date.fromisoformat(first["first_date"][:10]) >= date(2026, 1, 1)
    assert first["q_value"] is None  # no decoys, no q-value


def test_members_and_seeds_are_shown_under_pseudonyms(city, rings, tmp_path):
    persons = ShownPersons(Workspace(tmp_path))
    patients = set(rings.members.loc[rings.members["member_type"] == "patient", "member_id"])
    said = json.dumps(_records(rings.rings, rings, persons))
    said += " ".join(seeded_rings(rings, city.edges, patients, shown=persons.subject)["seed_path"])
    assert patients
    assert not {f'"{each}"' for each in patients} & set(re.findall(r'"[^"]*"', said))
    assert not patients & set(re.findall(r"[^ ,;()]+", said))
    assert persons.subject("patient", min(patients)) in said


def test_table_names_every_ring_and_judges_none(rings, capsys):
    _show(rings.rings, "2026-05")
    said = capsys.readouterr().out
    assert all(name in said for name in rings.rings["ring_id"])
    assert "4 rings in 2026-05. A ring is worth a look; it proves nothing." in said


def test_the_window_is_the_setting_unless_told(ingested, tmp_path, capsys):
    config = tmp_path / "fraud.toml"
    config.write_text("[scoring]\nwindow_months = 2\n")

    def find(*words):
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(ingested.root), *words, "--json"])
        said = capsys.readouterr()
        return left.value.code, json.loads(said.out), said.err

    asked = ("rings", "find", "--month", "2026-03")
    by_default, set_to_two = find(*asked), find("--config", str(config), *asked)
    assert by_default[0] == set_to_two[0] == 0
    assert by_default[2] != set_to_two[2]  # fewer links of fewer persons
    assert find(*asked, "--window-months", "2") == set_to_two
    assert find("--config", str(config), *asked, "--window-months", "6") == by_default
