"""A month that is scored while something is set aside says so, everywhere; what ends is found again."""

import json
import re
from datetime import date

import openpyxl
import pytest

from fraud.cases.pack.write import export_cases
from fraud.cli.main import main
from fraud.pseudonyms import shown_by
from fraud.rules.catalogue import find_rule
from fraud.rules.set_aside import SetAside, begin_set_aside, end_set_aside
from fraud.runs.manifest import Manifest
from fraud.scoring import replay_month, score_month
from fraud.scoring.backfill import is_current
from fraud.scoring.month import month_request
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.rules.examples.duplicate_line import duplicate
from tests.rules.examples.service_after_death import after_death
from tests.support.claims import make_store

MARCH, TODAY, SETTINGS = "2026-03", date(2026, 4, 2), Settings()


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "workspace")
    make_store(made.root, duplicate().tables())
    return made


def aside(workspace, until=date(2026, 12, 31), **names):
    one = SetAside("", names.pop("rule", "duplicate_line"), until, "mended soon", **names)
    return begin_set_aside(workspace, one, TODAY).name


def score(workspace, **options):
    with workspace.writer():
        return score_month(workspace, MARCH, settings=SETTINGS, model_alias="none", **options)


def rule_findings(scored):
    return int((scored.findings["source"] == "rule").sum())


def test_the_manifest_has_it_and_a_replay_repeats_it_after_its_end(workspace):
    name = aside(workspace)
    scored = score(workspace)
    assert rule_findings(scored) == 0
    (used,) = Manifest.read(scored.folder).set_aside
    assert (used.name, used.findings, used.lines, used.exposure_amount) == (name, 1, 1, 8000)
    asked = month_request(workspace, MARCH, settings=SETTINGS, model_alias="none")
    assert is_current(workspace, asked)
    with workspace.writer():
        end_set_aside(workspace, name, "mended", TODAY)
        assert replay_month(workspace, scored.folder / "manifest.json", settings=SETTINGS).differing == ()
    # What was scored with it is no longer what would be scored now.
    asked = month_request(workspace, MARCH, settings=SETTINGS, model_alias="none")
    assert not is_current(workspace, asked)
    again = score(workspace)
    assert (rule_findings(again), again.manifest.set_aside) == (1, ())


def test_its_day_is_held_against_the_day_that_is_looked_at(workspace):
    name = aside(workspace, until=date(2026, 4, 15))
    days = {None: [name], date(2026, 4, 15): [name], date(2026, 4, 16): []}
    for day, names in days.items():
        asked = month_request(workspace, MARCH, settings=SETTINGS, as_of=day)
        assert [each.name for each in asked.set_asides] == names


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Findings not shown until 2026-12-31: 1, worth 80.00 (provider P1, items I1), because: mended soon"),
        ("zh", "至2026-12-31暂不提示的线索：1条，涉及80.00（医药机构 P1，项目I1），原因：mended soon"),
    ],
)
def test_every_pack_tells_what_is_set_aside_and_what_was_not_checked(workspace, tmp_path, lang, told):
    aside(workspace, subject_type="provider", subject_id="P1", items=("I1",))
    score(workspace)
    folder = export_cases(workspace, MARCH, settings=SETTINGS, lang=lang, out=tmp_path / lang)
    page = (folder / "cases.html").read_text(encoding="utf-8")
    assert '<details class="gaps" open>' in page
    lacks = "ref_items.standard_minutes"
    assert told in page
    assert lacks in page
    book = openpyxl.load_workbook(folder / "cases.xlsx", read_only=True)
    sheet = next(each for each in book if each.title in {"Sampling", "抽样方案"})
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    name = find_rule("duplicate_line").name.of(lang)
    assert [f"{name} duplicate_line", "1", told] in [row[1:] for row in rows]
    assert any(row[1].endswith(" practitioner_day") and lacks in row[3] for row in rows)
    gaps = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["gaps"]
    assert {"kind": "set_aside", "rule": "duplicate_line", "says": told} in gaps
    assert ("not_checked", "practitioner_day") in [(gap["kind"], gap["rule"]) for gap in gaps]


def test_a_pack_tells_of_a_person_who_is_set_aside_without_naming_it(tmp_path, capsys):
    workspace = Workspace(tmp_path / "workspace")
    make_store(workspace.root, after_death("2026-03-12").tables())
    pseudonym = shown_by(workspace)("patient", "A")
    aside(workspace, rule="service_after_death", subject_type="patient", subject_id=pseudonym)
    with pytest.raises(SystemExit) as leave:
        main(["--workspace", str(workspace.root), "score", "--month", MARCH, "--model", "none", "--json"])
    said = capsys.readouterr()
    assert leave.value.code == 0
    ((told,),) = [one["set_aside"] for one in json.loads(said.out)]
    assert (told["subject"], told["findings"]) == (f"patient:{pseudonym}", 2)
    folder = export_cases(workspace, MARCH, settings=SETTINGS, formats=["html"], out=tmp_path / "pack")
    (says,) = [
        gap["says"]
        for gap in json.loads((folder / "manifest.json").read_text("utf-8"))["gaps"]
        if gap["kind"] == "set_aside"
    ]
    assert re.match(r"Findings not shown until 2026-12-31: 2, worth [\d.]+ \(insured person\)", says)
