"""Items whose every bill names another thing than the reference: their limits are silent, and that is told."""

import json

import pytest

from features.engine import DuckDBEngine
from fraud.cases.rule_gaps import rule_gaps
from fraud.cli.main import main
from fraud.rules import find_rule, library_rules, run_rules
from fraud.runs.manifest import Manifest
from fraud.workspace import Workspace
from tests.rules.world import World
from tests.support.claims import make_store

MARCH = "2026-03"


def billed_as(*names, listed="Chest CT", **limits):
    """Return a world in which T may be billed twice in thirty days, and is billed under these names, one a provider."""
    world = World().add("ref_items", item_code="T", item_name=listed, **(limits or FREQUENCY))
    for number, name in enumerate(names):
        for day in (1, 10, 20):
            lines = [(f"2026-03-{day:02d} 10:00:00", "T", 1, 100, {"item_name": name})]
            world.bill(f"S{number}-{day}", lines=lines, provider_id=f"P{number}", person_id=f"A{number}")
    return world


FREQUENCY = {"frequency_max_count": 2, "frequency_window_days": 30}
# A world, a rule, whether it finds something, and the items that it says nothing of.
WORLDS = {
    "its own name": (billed_as("Chest CT"), "too_often", True, ()),
    "a form of its name": (billed_as("chest CT (plain)"), "too_often", True, ()),
    "its only biller names another": (billed_as("Registration"), "too_often", False, ("T",)),
    "all billers name others": (billed_as("Registration", "Blood count"), "too_often", False, ("T",)),
    "another biller names it": (billed_as("Registration", "Chest CT"), "too_often", True, ()),
    "no name on the bill": (billed_as(None, "Registration"), "too_often", True, ()),
    "no name in the reference": (billed_as("Registration", listed=None), "too_often", True, ()),
    "no limit of the rule": (billed_as("Registration"), "interval_too_short", False, ()),
    "a limit of one line": (billed_as("Registration", gender_limit="male"), "service_for_other_sex", False, ("T",)),
    "a permission": (billed_as("Registration", is_internet_allowed=True), "internet_drug_scope", False, ()),
}


@pytest.mark.parametrize("case", WORLDS)
def test_what_nobody_bills_by_its_name_is_told(found, case):
    world, rule, is_found, items = WORLDS[case]
    said, run = found(world, rule)
    assert (bool(said), run.other_named) == (is_found, items)


def test_a_rule_that_asks_no_names_leaves_nothing_out(tmp_path):
    store = make_store(tmp_path, billed_as("Registration").tables())
    with DuckDBEngine(threads=1) as engine:
        assert run_rules(store, engine, MARCH, rules=(find_rule("duplicate_line"),)).other_named == ()
        assert run_rules(store, engine, MARCH, rules=library_rules()).other_named == ("T",)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = tmp_path_factory.mktemp("other-names")
    make_store(root, billed_as("Registration").tables())
    return Workspace(root)


def ran(workspace, *words):
    with pytest.raises(SystemExit) as leave:
        main(["--workspace", str(workspace.root), *words])
    assert not leave.value.code


TOLD = {
    "en": "not checked: limits of items (1) whose every bill names another item than the reference: T",
    "zh": "未核查：1 个项目的限定条件，其全部结算名称均与目录名称不符：T",
}


@pytest.mark.parametrize("lang", TOLD)
def test_rules_run_tells_it(workspace, monkeypatch, capsys, lang):
    monkeypatch.setenv("FRAUD_LANG", lang)
    ran(workspace, "rules", "run", "--month", MARCH, "--rule", "too_often", "--json")
    told = capsys.readouterr()
    assert json.loads(told.out)["other_named_items"] == ["T"]
    ran(workspace, "rules", "run", "--month", MARCH, "--rule", "too_often")
    assert TOLD[lang] in " ".join(capsys.readouterr().err.split())


def test_a_scored_month_tells_it_and_so_do_its_packs(workspace, capsys):
    ran(workspace, "score", "--month", MARCH, "--model", "none")
    assert TOLD["en"] in " ".join(capsys.readouterr().err.split())
    manifest = Manifest.read(workspace.run(MARCH))
    assert manifest.not_checked.items == ("T",)
    (gap,) = [gap for gap in rule_gaps(manifest, {}) if gap.kind == "items"]
    assert "items T names another item than the reference" in gap.says.en
    assert "项目T的全部结算名称均与目录名称不符" in gap.says.zh
    many = manifest.not_checked.model_copy(update={"items": tuple(f"T{n}" for n in range(7))})
    (gap,) = [gap for gap in rule_gaps(manifest.model_copy(update={"not_checked": many}), {}) if gap.kind == "items"]
    assert "items T0, T1, T2, T3, T4 and 2 more names" in gap.says.en
    assert "项目T0、T1、T2、T3、T4等7项的全部" in gap.says.zh
