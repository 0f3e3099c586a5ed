"""Precision by rule: findings confirmed, of those decided."""

from datetime import date

import pandas as pd
import pytest

from fraud.cli.main import main
from fraud.rules.life import precision
from fraud.rules.life.precision import rule_precision, wilson
from fraud.workspace import Workspace
from tests.rules.world import World
from tests.support.claims import make_store

FINDINGS = pd.DataFrame(
    [
        # finding, month, subject type, subject, code, scheme, version
        ("F-1", "2026-01", "provider", "H1", "rule_a", "H08", "1"),
        ("F-2", "2026-02", "provider", "H2", "rule_a", "H08", "1"),
        ("F-3", "2026-02", "provider", "H3", "rule_a", "H08", "2"),
        ("F-4", "2026-01", "provider", "H4", "rule_b", "H06", "1"),
        ("F-5", "2026-03", "provider", "H4", "rule_b", "H06", "1"),
    ],
    columns=["finding_id", "month", "subject_type", "subject_id", "code", "scheme_code", "version"],
)
# label -> subject, decision, decided, finding, scheme, overturned label
LABELS = {
    "L1": ("H1", "confirmed_error", "2026-02-10", "F-1", None, None),
    "L2": ("H2", "confirmed_abuse", "2026-03-10", "F-2", None, None),
    "L3": ("H2", "unfounded", "2026-04-10", "F-2", None, "L2"),
    "L4": ("H3", "insufficient_evidence", "2026-03-10", "F-3", None, None),
    "L5": ("H4", "unfounded", "2026-02-10", None, "H06", None),
    "L6": ("H4", "confirmed_fraud", "2026-04-20", None, "H06", None),
    "L7": ("H4", "confirmed_fraud", "2026-04-20", None, None, None),
}


@pytest.fixture
def decided(tmp_path, monkeypatch):
    world = World()
    for number in range(1, 5):
        world.bill(f"S{number}", provider_id=f"H{number}", lines=[("2026-01-05", "I1", 1, 10)])
    for name, (subject, decision, day, finding, scheme, before) in LABELS.items():
        world.add(
            "labels", label_id=name, subject_type="provider", subject_id=subject, decision=decision, decided_date=day,
            known_date=day, finding_id=finding, scheme_code=scheme, supersedes_label_id=before,
        )  # fmt: skip
    store = make_store(tmp_path / "w", world.tables())
    monkeypatch.setattr(precision, "_findings", lambda _: FINDINGS)
    return Workspace(tmp_path / "w"), store


def test_a_decision_speaks_of_the_finding_it_names_or_of_the_last_one_of_its_scheme(decided):
    said = {(each.code, each.version): (each.n_confirmed, each.n_decided) for each in rule_precision(*decided, DAY)}
    # rule_a: F-1 right, F-2 overturned; of version 2 nothing is decided. rule_b: in February F-4 was wrong, F-5 right.
    assert said == {("rule_a", "1"): (1, 2), ("rule_b", "1"): (1, 2)}


DAY = date(2026, 12, 31)


def test_what_became_known_later_does_not_exist(decided):
    said = {each.code: (each.n_confirmed, each.n_decided) for each in rule_precision(*decided, date(2026, 3, 31))}
    assert said == {"rule_a": (2, 2), "rule_b": (0, 1)}


def test_intervals_are_those_of_wilson_and_few_decisions_are_told():
    # 20 of 20: middle and half are (1 + z²/40) and z √(z²/1600); limits by hand 0.8389 and 1.
    low, high = wilson(20, 20)
    assert (round(low, 4), high) == (0.8389, 1.0)
    assert wilson(0, 5)[0] == 0.0
    made = [precision.RulePrecision("r", "1", n, n, *wilson(n, n)) for n in (19, 20)]
    assert [each.is_few for each in made] == [True, False]


def test_the_list_shows_it(decided, capsys):
    workspace, _ = decided
    with pytest.raises(SystemExit) as leave:
        main(["--workspace", str(workspace.root), "rules", "list", "--precision"])
    out = capsys.readouterr().out
    assert leave.value.code == 0
    assert "rule_a" in out
    assert "few decisions" in out
    assert "9% – 91%" in out


def test_without_decisions_nothing_is_said(tmp_path):
    store = make_store(tmp_path / "w", World().bill("S1", lines=[("2026-01-05", "I1", 1, 10)]).tables())
    assert rule_precision(Workspace(tmp_path / "w"), store, DAY) == ()
