"""Check-ups, children's colds, decoctions and opioids look as they should before any check at the counter."""

import numpy as np
import pandas as pd
import pytest

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.care.care import Care
from experiments.synthetic.care.checkups import bill_checkups, bill_childrens_colds, bill_decoctions, bill_pain_relief
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.limits import packages
from experiments.synthetic.world.people import CONDITIONS
from experiments.synthetic.world.world import make_world


@pytest.fixture(scope="module")
def town():
    world = make_world(9_000, 100, 3, "2026-01", 3)
    return world, Care(world).presence


def billed(town, pathway) -> pd.DataFrame:
    """Lines of all months of a pathway, with who came where and when."""
    world, presence = town
    bills = Bills()
    for month in world.calendar.spans:
        pathway(world, bills, presence, month)
    ledger = bills.ledger()
    day = ledger.visits["start"].to_numpy() // DAY
    assert presence.is_free(ledger.visits["person"].to_numpy(), day).all()
    assert set(np.searchsorted(world.calendar.month_first_day, day, side="right")) == {1, 2, 3}
    items = world.catalogue.items
    lines = ledger.lines.assign(name=items["base_name"].to_numpy()[ledger.lines["item"]])
    return lines.merge(ledger.visits[["draft", "person", "provider", "start", "dx1"]], on="draft")


def test_checkups_bill_panels_or_single_tests(town):
    """Never so many parts of a package that they mean the package, nor a part beside the whole."""
    world, _ = town
    lines = billed(town, bill_checkups)
    for panel, rows in packages(world.catalogue).groupby("package"):
        parts = lines[lines["item"].isin(rows["component"])]
        wholes = lines[lines["item"] == panel]
        assert parts.groupby("draft").size().max() < rows["min_components"].iloc[0]
        assert not set(parts["draft"]) & set(wholes["draft"])
        assert len(parts)
        assert len(wholes)
    assert world.people.conditions[lines["person"], :4].any(axis=1).all()
    female = world.people.female[lines["person"]]
    assert female[lines["name"] == "宫颈细胞学检查"].all()
    assert not female[lines["name"] == "前列腺特异性抗原测定"].any()
    sugar = world.people.conditions[lines["person"], CONDITIONS.index("diabetes")]
    assert sugar[lines["name"] == "糖化血红蛋白"].all()


def test_granules_are_for_children(town):
    world, _ = town
    lines = billed(town, bill_childrens_colds)
    assert ((world.people.age[lines["person"]] >= 1) & (world.people.age[lines["person"]] < 12)).all()
    drugs = lines[lines["days_supply"] >= 0]
    assert drugs["name"].str.startswith("小儿").all()
    assert drugs.groupby("draft")["item"].nunique().eq(drugs.groupby("draft").size()).all()


def test_decoctions_have_several_herbs(town):
    lines = billed(town, bill_decoctions)
    herbs = lines[lines["name"].str.endswith("饮片")]
    count = herbs.groupby("draft")["item"].nunique()
    assert count.min() >= 3
    assert count.max() == 6
    assert set(herbs["quantity"]) == {7, 14}
    assert not herbs["name"].isin(["人参饮片", "鹿茸饮片"]).any()


def test_opioids_come_in_fortnights(town):
    """At most 15 days at a time, the next about as much later: visits move by a day and some hours."""
    world, _ = town
    lines = billed(town, bill_pain_relief)
    drugs = lines[lines["name"] == "盐酸羟考酮缓释片"].sort_values(["person", "start"])
    assert drugs["days_supply"].max() <= 15
    gap = drugs.groupby("person")["start"].diff().dropna() // DAY
    assert gap.min() >= 13
    assert gap.max() <= 60
    assert world.people.conditions[drugs["person"], CONDITIONS.index("oncology")].all()
