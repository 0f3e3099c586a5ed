"""The reader of scored months: what it hands out, and what it does with months of an older version."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from features.errors import InputError, ToolkitError
from fraud.cases.keyed_ids import stored_findings
from fraud.cli.main import main
from fraud.pseudonyms import Pseudonyms
from fraud.runs.manifest import MANIFEST, Manifest
from fraud.runs.read import ScoredRun, previous_run, scored_months
from fraud.runs.tables import read_output
from fraud.scoring import score_month
from fraud.settings import Settings

MONTH, BEFORE = "2026-03", "2026-02"


def make_old(folder):
    """Give a run the manifest that version 1 of the format had."""
    file = folder / MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 1}))


def told(workspace, capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace.root), *words])
    return left.value.code, " ".join(capsys.readouterr().err.split())


def test_tables_by_subject_are_sorted_and_read_once(scored_city):
    run = ScoredRun.open(scored_city[0], MONTH)
    scores = run.scores("provider")
    assert scores.index.name == "provider_id"
    assert scores.index.is_monotonic_increasing
    assert run.scores("provider") is scores
    assert run.profiles("patient").index.tolist() == run.scores("patient").index.tolist()
    assert "peer_group" in run.profiles("practitioner").columns
    pd.testing.assert_series_equal(run.ranks("provider"), scores["rank"])
    assert run.table("findings") is run.table("findings")
    pd.testing.assert_frame_equal(run.table("findings"), read_output(run.folder, "findings"))


def test_a_run_says_what_it_is(scored_city):
    workspace, _ = scored_city
    run = ScoredRun.open(workspace, MONTH)
    assert (run.month, run.window) == (MONTH, ("2026-01", "2026-02", "2026-03"))
    assert run.folder == workspace.run(MONTH).resolve()
    assert run.manifest == Manifest.read(run.folder)
    assert run.reference.version == run.folder.name
    before = previous_run(workspace, MONTH)
    assert run.manifest.inputs.previous_run == before.reference
    assert before.folder == workspace.run(BEFORE).resolve()
    assert previous_run(workspace, BEFORE) is None


def test_months_that_are_scored(scored_city):
    workspace = scored_city[0]
    assert scored_months(workspace) == (BEFORE, MONTH)
    assert scored_months(workspace, BEFORE) == (BEFORE,)
    assert scored_months(workspace, "2026-01") == ()


def test_a_month_scored_anew_does_not_change_what_is_being_read(own_copy):
    run = ScoredRun.open(own_copy, MONTH)
    findings = read_output(run.folder, "findings")
    newer = own_copy.versions / f"{MONTH}-0123456789ab"
    shutil.copytree(own_copy.run(BEFORE).resolve(), newer)
    (own_copy.runs / MONTH).unlink()
    (own_copy.runs / MONTH).symlink_to(f"../versions/{newer.name}")
    assert run.folder != own_copy.run(MONTH).resolve()
    pd.testing.assert_frame_equal(run.table("findings"), findings)


def test_unknown_tables_and_entities_are_refused(scored_city):
    run = ScoredRun.open(scored_city[0], MONTH)
    with pytest.raises(InputError, match="did you mean 'findings'"):
        run.table("finding")
    with pytest.raises(InputError, match="output table 'ring_scores'"):
        run.scores("ring")


@pytest.mark.parametrize(
    "words",
    [
        ("cases", "export", "--month", MONTH),
        ("evaluate", "--month", MONTH),
        ("compare", "1", "2", "--month", MONTH),
        ("score", "--replay", "MANIFEST"),
    ],
)
def test_a_month_of_an_earlier_format_is_refused_with_the_way_out(own_copy, capsys, words):
    make_old(own_copy.run(MONTH))
    given = [str(own_copy.run(MONTH) / MANIFEST) if word == "MANIFEST" else word for word in words]
    code, said = told(own_copy, capsys, *given)
    assert code == 2
    assert "of format 1, written by another version of the tool; this one reads format 2" in said
    assert f"Hint: score the month again with this version: `fraud score --month {MONTH}`" in said
    assert not own_copy.cases.exists()


@pytest.mark.slow
def test_the_month_before_may_be_of_an_earlier_format(own_copy):
    first = ScoredRun.open(own_copy, MONTH)
    make_old(own_copy.run(BEFORE))
    with own_copy.writer():
        scored = score_month(own_copy, MONTH, settings=Settings(), model_alias="none", threads=2)
    # Its tables are what they were, so ranks and rings follow from them as before.
    assert scored.manifest.outputs == first.manifest.outputs
    assert scored.manifest.inputs.previous_run == previous_run(own_copy, MONTH).reference


def test_decisions_about_a_month_of_an_earlier_format_still_come_back(own_copy):
    names = Pseudonyms(own_copy)
    before = stored_findings(own_copy, names)
    assert before
    for month in (BEFORE, MONTH):
        make_old(own_copy.run(month))
    assert stored_findings(own_copy, names) == before


def test_a_folder_that_is_not_finished_is_refused(own_copy):
    (own_copy.run(MONTH) / MANIFEST).unlink()
    with pytest.raises(InputError, match=r"no such file\. Hint: .* or score the month again"):
        ScoredRun.open(own_copy, MONTH)
    assert scored_months(own_copy) == (BEFORE,)


@pytest.mark.parametrize("table", ["patient_scores", "rings", "findings"])
def test_a_table_that_is_not_what_was_published_is_not_read(own_copy, table):
    file = own_copy.run(BEFORE).resolve() / f"{table}.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ToolkitError, match=f"output {table} at .*`fraud score --month {BEFORE}`"):
        ScoredRun.open(own_copy, BEFORE).table(table)


@pytest.mark.parametrize(
    "target", ["/etc", "../../elsewhere", "../versions/2026-03-000000000000", "2026-02", "../versions"]
)
def test_a_link_that_leads_elsewhere_is_no_scored_month_and_no_absent_one(own_copy, target):
    link = own_copy.runs / BEFORE
    link.unlink()
    link.symlink_to(target)
    told = f"month '{BEFORE}' in .*: its link leads to no version of it.*`fraud score --month {BEFORE}`"
    for ask in (lambda: own_copy.run(BEFORE), lambda: scored_months(own_copy), lambda: previous_run(own_copy, MONTH)):
        with pytest.raises(ToolkitError, match=told):
            ask()
    assert ScoredRun.open(own_copy, MONTH).month == MONTH


def test_a_month_before_whose_version_is_gone_is_no_absent_one(own_copy):
    shutil.rmtree(own_copy.run(BEFORE).resolve())
    with pytest.raises(ToolkitError, match=r"its version 2026-02-\w+ is gone"):
        previous_run(own_copy, MONTH)


@pytest.mark.parametrize("content", ["[]", "{}", "{", '{"format": 2}'])
def test_a_month_before_whose_manifest_is_damaged_is_no_absent_one(own_copy, content):
    (own_copy.run(BEFORE) / MANIFEST).write_text(content)
    with pytest.raises(InputError, match="manifest at"):
        previous_run(own_copy, MONTH)


def test_a_month_copied_without_its_link_is_read(own_copy):
    folder = own_copy.run(MONTH).resolve()
    (own_copy.runs / MONTH).unlink()
    shutil.copytree(folder, own_copy.runs / MONTH)
    assert ScoredRun.open(own_copy, MONTH).month == MONTH
