"""`fraud rules propose` and `accept`: nothing is in force before it is accepted, and only what was proved can be."""

import json
import shutil
from importlib.resources import files

import pytest

from fraud.cli.main import main
from fraud.rules import rules_of
from fraud.rules.proposals import put_forward
from fraud.workspace import Workspace
from tests.rules.world import World
from tests.support.claims import make_store

ROW = {"code": "own_fill", "items": ["I1"], "max_fill_quantity": 2, "basis": "药品目录", "source": "Row of a payer"}
MARCH = ("--from", "2026-03", "--to", "2026-03", "--json")


def fills():
    """P1 fills four and three of I1 in March, P2 three in April: with a limit of two 50.00 + 33.33 of it, and 33.33.

    In May P2 uploads a line twice.
    """
    world = World().bill("S1", lines=[("2026-03-02", "I1", 4, 100), ("2026-03-02", "I2", 9, 90)])
    world.bill("S2", lines=[("2026-03-09", "I1", 3, 100)], person_id="B")
    world.bill("S3", lines=[("2026-04-09", "I1", 3, 100)], provider_id="P2")
    for copy in ("S4", "S5"):
        world.bill(copy, lines=[("2026-05-09 10:00:00", "I2", 1, 40)], provider_id="P2")
    world.add("providers", provider_id="P1", provider_type="hospital", provider_level="tertiary", region_code="429901")
    return world.add("providers", provider_id="P2", provider_type="clinic", region_code="429902")


def call(root, *words, row=None):
    """Run the program with a row in the file ROW; return its exit code."""
    file = root.parent / "row.toml"
    if row is not None:
        file.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in row.items()), encoding="utf-8")
    with pytest.raises(SystemExit) as leave:
        main(["--workspace", str(root), *(str(file) if word == "ROW" else word for word in words)])
    return leave.value.code


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """A workspace in which ROW is proposed, which tests copy."""
    root = tmp_path_factory.mktemp("proposed") / "workspace"
    make_store(root, fills().tables())
    assert call(root, "rules", "propose", "ROW", row=ROW) == 0
    return root


@pytest.fixture
def workspace(proposed, tmp_path):
    shutil.copytree(proposed, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def fraud(workspace, capsys):
    """Return a function that runs the program in the workspace and returns (exit code, stdout, stderr)."""

    def run(*words, row=None):
        code = call(workspace.root, *words, row=row)
        said = capsys.readouterr()
        return code, said.out, " ".join(said.err.split())

    return run


def codes(workspace):
    return {rule.code: rule.version for rule in rules_of(workspace)}


def test_a_row_is_shown_with_what_it_costs_and_whom_and_is_not_in_force(fraud, workspace):
    code, out, _ = fraud("rules", "propose", "ROW", row=ROW | {"code": "own_new"})
    assert code == 0
    assert out.count("as it should be") == 3
    assert "lines 3, worth 116.66" in out
    assert all(word in out for word in ("hospital", "tertiary", "429902", "P1", "83.33", "33.33"))
    assert "own_new" not in codes(workspace)
    assert "proposed" in fraud("rules", "list")[1]
    folder = workspace.proposed_rules / "own_new"
    proof = json.loads((folder / "proof.json").read_text())
    assert [(each["kind"], each["holds"]) for each in proof["examples"]] == [
        ("hit", True),
        ("near_miss", True),
        ("innocent_twin", True),
    ]
    assert [(each["month"], each["n_lines"]) for each in proof["months"]] == [
        ("2026-03", 2),
        ("2026-04", 1),
        ("2026-05", 0),
    ]
    assert (folder / "references" / "ref_items.csv").read_text() == "item_code,max_fill_quantity\nI1,2\n"


def test_accepted_for_a_reason_it_is_in_force_and_recorded_once(fraud, workspace):
    assert fraud("rules", "accept", "own_fill", "--reason", " ")[0] == 2
    assert "own_fill" not in codes(workspace)
    assert fraud("rules", "accept", "own_fill", "--reason", "agreed by the committee")[0] == 0
    assert codes(workspace)["own_fill"] == "1"
    entry = [json.loads(line) for line in workspace.audit_log.read_text().splitlines()][-1]
    assert (entry["action"], entry["reason"]) == ("rule accepted", "agreed by the committee")
    assert (workspace.accepted_rules / "own_fill" / "proof.json").is_file()
    assert not (workspace.proposed_rules / "own_fill").exists()
    code, _, err = fraud("rules", "accept", "own_fill", "--reason", "again")
    assert (code, "in force already" in err) == (2, True)
    found = json.loads(fraud("rules", "run", "--month", "2026-03", "--rule", "own_fill", "--json")[1])
    assert [(each["subject_id"], each["exposure_amount"]) for each in found["findings"]] == [("P1", "83.33")]


def test_a_new_version_runs_beside_the_one_in_force_until_it_is_accepted(fraud, workspace):
    fraud("rules", "accept", "own_fill", "--reason", "agreed")
    assert "takes the place of version 1" in fraud("rules", "propose", "ROW", row=ROW | {"max_fill_quantity": 3})[1]
    (month,) = json.loads(fraud("rules", "backtest", "own_fill", *MARCH)[1])
    names = ("n_lines", "n_lines_in_force", "n_kept", "n_gained", "n_lost")
    # Of four the fourth is beyond three: 25.00; the three are no longer found.
    assert [month[name] for name in names] == [1, 2, 1, 0, 1]
    assert (month["exposure_amount"], month["exposure_in_force_amount"]) == ("25.00", "83.33")
    assert codes(workspace)["own_fill"] == "1"
    assert fraud("rules", "accept", "own_fill", "--reason", "three are allowed now")[0] == 0
    assert codes(workspace)["own_fill"] == "2"


def test_a_version_of_ours_takes_its_place_only_when_accepted(fraud, workspace):
    ours = len(rules_of(workspace))
    fraud("rules", "propose", "ROW", row=ROW | {"code": "duplicate_line"})
    version = codes(workspace)["duplicate_line"]
    fraud("rules", "accept", "duplicate_line", "--reason", "ours is too loose here")
    assert (codes(workspace)["duplicate_line"], len(rules_of(workspace))) == (str(int(version) + 1), ours)


def test_what_was_changed_after_its_proof_is_refused(fraud, workspace):
    rule = workspace.proposed_rules / "own_fill" / "rule.toml"
    rule.write_text(rule.read_text().replace("max_fill_quantity = 2", "max_fill_quantity = 1"))
    code, _, err = fraud("rules", "accept", "own_fill", "--reason", "agreed")
    assert (code, "rule.toml was changed after it was proved" in err) == (2, True)
    proof = workspace.proposed_rules / "own_fill" / "proof.json"
    proof.write_text(proof.read_text().replace('"n_lines": 2', '"n_lines": 0'))
    assert "its proof is not the one that was recorded" in fraud("rules", "accept", "own_fill", "--reason", "x")[2]
    assert "own_fill" not in codes(workspace)
    assert "not listed" in fraud("rules", "list")[2]


def test_what_was_proved_beside_another_version_is_refused(fraud, workspace):
    workspace.rules.joinpath("mine.toml").write_text((workspace.proposed_rules / "own_fill" / "rule.toml").read_text())
    code, _, err = fraud("rules", "accept", "own_fill", "--reason", "agreed")
    assert code == 0, "the same rule: an acceptance that was broken off is repeated"
    assert "mine.toml" in {rule.origin.rpartition("/")[2] for rule in rules_of(workspace)}
    fraud("rules", "propose", "ROW", row=ROW | {"max_fill_quantity": 3})
    workspace.rules.joinpath("mine.toml").unlink()
    code, _, err = fraud("rules", "accept", "own_fill", "--reason", "agreed")
    assert (code, "proved beside version 1, while version none is in force" in err) == (2, True)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW | {"items": ["I9"]}, "unknown items: I9"),
        (ROW | {"max_fill_quantity": 0}, "is no number above 0"),
        ({key: value for key, value in ROW.items() if key != "source"}, "it has no source"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason_and_leaves_nothing(fraud, workspace, row, why):
    before = (workspace.proposed_rules / "own_fill" / "proof.json").read_bytes()
    code, _, err = fraud("rules", "propose", "ROW", row=row)
    assert (code, why in err) == (2, True)
    assert [path.name for path in workspace.proposed_rules.iterdir()] == ["own_fill"]
    assert (workspace.proposed_rules / "own_fill" / "proof.json").read_bytes() == before


def test_rows_beside_a_wrong_one_are_proposed(fraud, workspace, tmp_path):
    table = tmp_path / "points.csv"
    table.write_text(
        "code,items,max_fill_quantity,basis,source\nown_a,I1,2,b,s\nown_b,I9,2,b,s\nown_c,I2,2,b,s\n", encoding="utf-8"
    )
    code, out, err = fraud("rules", "propose", str(table), "--json")
    assert code == 2
    assert [each["code"] for each in json.loads(out)] == ["own_a", "own_c"]
    assert "points.csv, row 3: unknown items: I9" in err


def test_a_rule_that_misses_its_own_hit_is_refused(fraud, workspace, monkeypatch):
    proved = put_forward.prove
    monkeypatch.setattr(
        put_forward, "prove", lambda *given: tuple(type(p)(p.kind, p.expected, frozenset()) for p in proved(*given))
    )
    before = (workspace.proposed_rules / "own_fill" / "proof.json").read_bytes()
    code, _, err = fraud("rules", "propose", "ROW", row=ROW)
    assert (code, "its hit is not found" in err) == (2, True)
    assert [path.name for path in workspace.proposed_rules.iterdir()] == ["own_fill"]
    assert (workspace.proposed_rules / "own_fill" / "proof.json").read_bytes() == before


def test_a_rules_file_is_tried_beside_the_version_in_force(fraud, workspace, tmp_path):
    ours = next(rule for rule in rules_of(workspace) if rule.code == "duplicate_line")
    text = files("fraud.rules").joinpath("library/exclusive_pair/duplicate_line.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(f'version = "{ours.version}"', 'version = "9"'), encoding="utf-8")
    (month,) = json.loads(fraud("rules", "backtest", str(path), "--from", "2026-05", "--to", "2026-05", "--json")[1])
    assert (month["n_kept"], month["n_gained"], month["n_lost"]) == (1, 0, 0)
