"""A scheme of whose bills none can be says that there is no room, and notes nothing as guilty."""

import numpy as np
import pytest

from experiments.synthetic.care.book import Book
from experiments.synthetic.care.care import Care
from experiments.synthetic.schemes import SCHEMES, NoRoomError, Stage
from experiments.synthetic.truth import Truth
from experiments.synthetic.world.world import make_world

INVENTING = (
    "P10 others' liability", "P11", "P15", "T06", "T05 off-centre", "T05 forged", "T03", "T13", "T14", "H30",
    "H36 crowded machine", "H35",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    world = make_world(6_000, 200, 4, "2026-01", 11)
    care, book = Care(world), Book(tmp_path_factory.mktemp("book"))
    for ledger in care.months():
        book.shelve(ledger)
    return Stage(world, care.presence, care.absent, book, Truth(), world.people.household.copy())


@pytest.mark.parametrize("scheme", [each for each in SCHEMES if each.name in INVENTING], ids=lambda each: each.name)
def test_nothing_is_planted_where_no_bill_is_kept(stage, scheme, monkeypatch):
    monkeypatch.setattr(stage, "add", lambda *_, **__: np.zeros(0, np.int64))
    stage.busy.clear()
    stage.busy_persons.clear()
    with pytest.raises(NoRoomError):
        scheme.plant(stage, "medium", 0)
    assert not stage.truth.providers
    assert not stage.truth.patients
    assert not stage.truth.lines


def test_every_one_of_them_is_asked():
    assert set(INVENTING) <= {scheme.name for scheme in SCHEMES}
