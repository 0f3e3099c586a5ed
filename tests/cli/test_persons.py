"""Screens show no person's id unless asked, and what is asked for is recorded first."""

from __future__ import annotations

import json
import re

import pytest

from features.claims import check_source
from features.vocabulary.entities import ID_COLUMNS
from fraud.audit import read_audit
from fraud.cases.keyed_ids import ShownPersons
from fraud.cli.main import main
from fraud.cli.score import _show
from fraud.scoring.month import ScoredMonth
from fraud.workspace import Workspace
from tests.rules.examples.practitioner_day import long_day
from tests.rules.examples.service_after_death import after_death
from tests.rules.payer import write_rule
from tests.support.claims import make_store, write_source

MONTH = "2026-03"


@pytest.fixture
def fraud(tmp_path, capsys):
    def call(*words):
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path / "workspace"), *words])
        said = capsys.readouterr()
        return leave.value.code, said.out, said.err

    return call


def _whom(findings):
    return {(each["subject_type"], each["subject_id"]) for each in findings}


@pytest.mark.parametrize(("world", "kind"), [(after_death("2026-03-12"), "patient"), (long_day(13), "practitioner")])
def test_rules_run_shows_persons_under_pseudonyms(fraud, tmp_path, world, kind):
    make_store(tmp_path / "workspace", world.tables())
    write_rule(tmp_path / "workspace")
    workspace = Workspace(tmp_path / "workspace")
    words = ("rules", "run", "--month", MONTH)
    plain = json.loads(fraud(*words, "--json", "--show-ids", "letter 7")[1])["findings"]
    shown = json.loads(fraud(*words, "--json")[1])["findings"]
    persons = {subject for whose, subject in _whom(plain) if whose == kind}
    assert persons
    screens = ShownPersons(workspace)
    assert _whom(shown) == {(whose, screens.subject(whose, subject)) for whose, subject in _whom(plain)}
    about = {each["finding_id"] for each in plain if each["subject_type"] == kind}
    assert not about & {each["finding_id"] for each in shown}
    code, out, err = fraud(*words)
    assert code == 0
    assert not [one for one in persons if re.search(rf"\b{one}\b", out + err)]
    entries = [e for e in read_audit(workspace.audit_log, workspace.key()).entries if e["action"] == "ids shown"]
    assert [(e["command"], e["reason"], e["month"]) for e in entries] == [("rules run", "letter 7", MONTH)]


def test_ids_that_cannot_be_recorded_are_not_shown(fraud, tmp_path):
    make_store(tmp_path / "workspace", after_death("2026-03-12").tables())
    words = ("rules", "run", "--month", MONTH, "--show-ids")
    assert fraud(*words, " ")[:2] == (2, "")
    (tmp_path / "workspace" / "audit.jsonl").mkdir()
    assert fraud(*words, "letter 7")[:2] == (1, "")


def test_score_shows_the_pseudonyms_of_packs(scored_city, tmp_path, capsys):
    run = scored_city[1]
    names = ("provider_scores", "patient_scores", "practitioner_scores", "findings", "rings")
    last = ScoredMonth(run.month, run.folder, run.manifest, *(run.table(name) for name in names))
    persons = ShownPersons(Workspace(tmp_path))
    _show(last, persons)
    said = capsys.readouterr().out
    words = set(re.findall(r"\w+", said))
    for kind, scores in (("patient", last.patients), ("practitioner", last.practitioners)):
        ids = scores.sort_values("rank")[ID_COLUMNS[kind]]
        assert persons.subject(kind, ids.iloc[0]) in words
        assert not set(ids) & words


def test_check_names_the_place_of_a_person_and_no_cell(tmp_path):
    person = {"person_id": "P77", "birth_date": "2000-01-01", "death_date": "1990-01-01"}
    source = write_source(tmp_path / "s", {"settlements": [{"settlement_id": "S1"}], "persons": [person]})
    report = check_source(source)
    failing = {each.name: each.first for each in report.quality if each.n_failing}
    assert failing == {"birth_date before death_date of persons": "persons.csv row 1"}
