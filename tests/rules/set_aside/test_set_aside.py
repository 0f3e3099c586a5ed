"""What is set aside is not found until its day, and told; nothing else changes."""

from datetime import date

import pytest

from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.rules import find_rule, run_rules
from fraud.rules.set_aside import (
    SetAside,
    begin_set_aside,
    end_set_aside,
    forget_subject,
    kept_set_asides,
    set_asides_on,
)
from fraud.workspace import Workspace
from tests.rules.world import World
from tests.support.claims import make_store

TODAY, UNTIL = date(2026, 4, 2), date(2026, 6, 30)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """P1 uploads I1 (80.00) and I2 (30.00) twice, P2 I1 (50.00); three findings' worth of lines at two providers."""
    world = World()
    for provider, person, items in (("P1", "A", (("I1", 80), ("I2", 30))), ("P2", "B", (("I1", 50),))):
        for copy in ("a", "b"):
            lines = [("2026-03-10 10:00:00", item, 1, amount) for item, amount in items]
            world.bill(f"{provider}{copy}", lines=lines, provider_id=provider, person_id=person)
    return make_store(tmp_path_factory.mktemp("aside"), world.tables())


def run(store, *set_asides, **options):
    with DuckDBEngine(threads=1) as engine:
        found = run_rules(
            store, engine, "2026-03", rules=(find_rule("duplicate_line"),), set_asides=set_asides, **options
        )
    rows = found.findings.findings.itertuples()
    hidden = [(each.n_findings, each.n_lines, each.exposure_amount) for each in found.hidden]
    return {row.subject_id: (row.n_lines, row.exposure_amount) for row in rows}, hidden


def aside(name="S-1", **names):
    return SetAside(name, "duplicate_line", UNTIL, "the till is mended", **names)


@pytest.mark.parametrize(
    ("names", "left", "hidden"),
    [
        ({}, {}, (2, 3, 16000)),
        ({"subject_type": "provider", "subject_id": "P1"}, {"P2": (1, 5000)}, (1, 2, 11000)),
        ({"items": ("I1",)}, {"P1": (1, 3000)}, (2, 2, 13000)),
        (
            {"subject_type": "provider", "subject_id": "P1", "items": ("I1",)},
            {"P1": (1, 3000), "P2": (1, 5000)},
            (1, 1, 8000),
        ),
        ({"subject_type": "patient", "subject_id": "X-A"}, {"P2": (1, 5000)}, (1, 2, 11000)),
        ({"subject_type": "provider", "subject_id": "P9"}, {"P1": (2, 11000), "P2": (1, 5000)}, (0, 0, 0)),
    ],
)
def test_what_it_names_is_not_found_and_counted(store, names, left, hidden):
    assert run(store, aside(**names), shown=lambda kind, each: f"X-{each}" if kind == "patient" else each) == (
        left,
        [hidden],
    )


def test_a_line_that_two_name_is_counted_by_the_first(store):
    of_p1 = aside(subject_type="provider", subject_id="P1")
    assert run(store, of_p1, aside("S-2")) == ({}, [(1, 2, 11000), (1, 1, 5000)])


def test_another_rules_findings_stay(store):
    other = SetAside("S-1", "overlapping_stays", UNTIL, "another rule")
    assert run(store, other) == ({"P1": (2, 11000), "P2": (1, 5000)}, [(0, 0, 0)])


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def test_it_is_kept_with_who_and_why_and_ends_by_itself(workspace):
    first = begin_set_aside(workspace, aside("", items=("I2", "I1", "I2")), TODAY)
    second = begin_set_aside(workspace, aside("", since=date(2026, 5, 1)), TODAY)
    assert (first.name, first.items, second.name) == ("S-1", ("I1", "I2"), "S-2")
    days = [date(2026, 4, 30), date(2026, 5, 31), UNTIL, date(2026, 7, 31)]
    assert [[each.name for each in set_asides_on(workspace, day)] for day in days] == [
        ["S-1"],
        ["S-1", "S-2"],
        ["S-1", "S-2"],
        [],
    ]
    assert [each.status(TODAY) for each in kept_set_asides(workspace)] == ["in force", "not yet"]
    assert [each.status(date(2026, 7, 1)) for each in kept_set_asides(workspace)] == ["past", "past"]
    assert workspace.audit_log.read_text().count('"action": "set-aside begun"') == 2
    assert workspace.set_asides.stat().st_mode & 0o777 == 0o600


def test_it_is_ended_early_for_a_reason_that_is_kept(workspace):
    begin_set_aside(workspace, aside(""), TODAY)
    end_set_aside(workspace, "S-1", "the till was mended", TODAY)
    (kept,) = kept_set_asides(workspace)
    assert (kept.status(TODAY), kept.ended, kept.ended_reason) == ("ended", "2026-04-02", "the till was mended")
    assert set_asides_on(workspace, TODAY) == ()
    assert '"action": "set-aside ended"' in workspace.audit_log.read_text()
    for name, why in (("S-1", "it was ended before"), ("S-7", "did you mean 'S-1'")):
        with pytest.raises(InputError, match=why):
            end_set_aside(workspace, name, "again", TODAY)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reason": "  "}, "--reason of a set-aside: empty"),
        ({"reason": "two\nlines"}, "not plain text"),
        ({"until": date(2028, 12, 31)}, "too far ahead"),
        ({"since": date(2026, 7, 1)}, "2026-06-30 is before 2026-07-01"),
    ],
)
def test_one_without_reason_or_end_is_refused_and_leaves_nothing(workspace, changes, why):
    asked = {"until": UNTIL, "reason": "fine"} | changes
    with pytest.raises(InputError, match=why):
        begin_set_aside(workspace, SetAside("", "duplicate_line", **asked), TODAY)
    assert not workspace.set_asides.exists()


def test_a_damaged_line_is_refused_and_a_half_written_one_was_never_said(workspace):
    begin_set_aside(workspace, aside(""), TODAY)
    with workspace.set_asides.open("ab") as file:
        file.write(b'{"did": "begun", "na')
    assert len(kept_set_asides(workspace)) == 1
    workspace.set_asides.write_bytes(b'{"did": "begun"}\n')
    with pytest.raises(InputError, match=r"set_aside.jsonl: line 1 is damaged"):
        kept_set_asides(workspace)


def test_what_is_kept_about_an_erased_person_goes(workspace):
    begin_set_aside(workspace, aside(""), TODAY)
    begin_set_aside(workspace, aside("", subject_type="patient", subject_id="X1"), TODAY)
    end_set_aside(workspace, "S-2", "not needed", TODAY)
    assert forget_subject(workspace, "X1", dry_run=True) == 2
    assert forget_subject(workspace, "X1") == 2
    assert [each.set_aside.name for each in kept_set_asides(workspace)] == ["S-1"]
    assert forget_subject(workspace, "X1") == 0
