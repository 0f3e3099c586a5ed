"""A manifest comes from outside: what no run writes is refused with its key, and nothing that differs is published."""

import json

import pytest

from features.errors import InputError
from fraud.cli.main import main
from fraud.rules import library_rules, with_rule_numbers
from fraud.scoring import replay_month
from fraud.scoring.write import settings_digest
from fraud.settings import Settings

MONTH = "2026-03"


def state(workspace):
    """Everything that readers of scored months see."""
    files = sorted([*workspace.runs.iterdir(), *workspace.versions.rglob("*"), workspace.audit_log])
    return {str(path): path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes() for path in files}


def edited(workspace, folder, *steps, value):
    told = json.loads((workspace.run(MONTH) / "manifest.json").read_text())
    place = told
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    file = folder / "edited.json"
    file.write_text(json.dumps(told))
    return file


@pytest.mark.parametrize(
    ("steps", "value", "match"),
    [
        (["month"], "../../x", "key 'month'"),
        (["month"], "0000-03", "key 'month'"),
        (["window_months"], 999, "key 'window_months'.*a window has 1 to 60 months"),
        (["window_months"], 0, "key 'window_months'"),
        (["engine"], "evil", "key 'engine'"),
        (["settings"], {"evil": 1}, "key 'settings'"),
        (["settings"], {}, "key 'settings'"),
        (["settings", "engine"], {"threads": 256}, "key 'settings'"),
        (["settings", "scoring", "seed"], -5, r"settings key 'scoring\.seed'"),
        (["settings", "scoring", "seed"], "7", r"settings key 'scoring\.seed'"),
        (["settings", "scoring", "evil"], 1, "settings key 'evil'"),
        (["settings", "scoring"], [], "settings key 'scoring'"),
        (["settings", "scoring", "seed"], 8, "key 'settings'.*not those of settings_sha256"),
        (["settings", "rules", "evil"], 1, "settings key 'evil'"),
        (["settings", "rules", "stay_margin_days"], "1", r"settings key 'rules\.stay_margin_days'"),
        (["settings_sha256"], "0" * 64, "not those of settings_sha256"),
        (["inputs", "models"], {}, r"key 'inputs\.models'"),
        (["inputs", "labels"], {}, r"key 'inputs\.labels'"),
        (["inputs", "models", "provider"], {"name": "x", "version": -5, "sha256": "x", "mode": "x"}, "models.version"),
        (
            ["inputs", "previous_run"],
            {"version": "../../etc", "manifest_sha256": "x"},
            r"inputs\.previous_run\.version",
        ),
        (["inputs", "claims", "registers"], "0", "registers of the run to replay"),
        (["inputs", "claims", "months"], {}, "claims months of the run to replay"),
        (["catalogues", "rules"], "0", "rules of the catalogues"),
        (["catalogues", "\x1b"], "0", "of the catalogues"),
    ],
)
def test_what_no_run_writes_is_refused_with_its_key(scored_city, tmp_path, steps, value, match):
    workspace, _ = scored_city
    before = state(workspace)
    with pytest.raises(InputError, match=match):
        replay_month(workspace, edited(workspace, tmp_path, *steps, value=value), settings=Settings())
    assert state(workspace) == before


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"month": 3}', '{"format": NaN}'])
def test_what_is_no_manifest_is_refused(scored_city, tmp_path, capsys, content):
    file = tmp_path / "manifest.json"
    file.write_text(content)
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(scored_city[0].root), "score", "--replay", str(file)])
    assert left.value.code == 2
    assert "manifest" in capsys.readouterr().err


def test_a_result_that_differs_is_never_published(own_copy, tmp_path, capsys):
    before = state(own_copy)
    told = json.loads((own_copy.run(MONTH) / "manifest.json").read_text())
    told["settings"]["scoring"]["policy"] = "money"
    told["settings_sha256"] = settings_digest(with_rule_numbers(Settings(**told["settings"]), library_rules()))
    told["outputs"]["findings"]["sha256"] = "0" * 64
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(told))
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(own_copy.root), "score", "--replay", str(file)])
    assert left.value.code == 1
    differing = "explanations, findings, patient_scores, provider_scores, review_places"
    assert f"replay: not identical, and not published; {differing} differ" in capsys.readouterr().out
    assert state(own_copy) == before
