"""T05: a dual-channel pharmacy sells negotiated drugs on the fund's account that the electronic centre never sent."""

from __future__ import annotations

import numpy as np

from experiments.synthetic.care.bills import HOSPITAL_SYSTEM, NONE, PAPER, Bills
from experiments.synthetic.care.chronic import DEAREST
from experiments.synthetic.schemes.parts.dual_channel import open_fills, trading
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.standing import standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

_CODE, _WAY = "T05", "off-centre"
_FILLS = {"small": 5, "medium": 20, "large": 60}
_FEWEST_SHOPS = 2  # dual-channel pharmacies: one to cheat, one to look as if it did
_EACH = 3.0  # fills of one card, about
_WITHOUT = 0.45  # share of the fills for which there is no script at all
_NO_NUMBERS = (
    "the shop's system sends no prescription numbers: the centre has every script, and names the bill it filled"
)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one pharmacy fill negotiated drugs on paper, on scripts of the hospital's own system, or on nothing."""
    rng = stage.rng(_CODE, f"{_WAY}/{number}")
    world, catalogue, n = stage.world, stage.world.catalogue, _FILLS[size]
    shop = stage.host(rng, "dual_channel", among=trading(stage))
    adults = stage.idle_adults()
    if len(adults) < n:
        raise NoRoomError("hardly any adult is left")
    people = rng.choice(adults, max(2, round(n / _EACH)), replace=False)
    stage.busy_persons.update(people.tolist())
    person, day = returning(rng, people, n, stage.window(rng))
    time = day * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    hospital = np.full(n, world.places.oncology_hospital)
    doctor = world.places.rota("doctor", hospital, day)
    filled = catalogue.items["is_dual_channel"].to_numpy(bool) & (catalogue.items["price"].to_numpy() < DEAREST)
    shelf = np.flatnonzero(filled)
    drug = rng.choice(shelf, len(people))[np.searchsorted(np.sort(people), person)]
    bills = Bills()
    source = f"{_CODE}/{_WAY}/{number}"
    draft = open_fills(stage, bills, rng, source, person=person, shop=shop, time=time)
    scripted = np.flatnonzero(rng.random(n) >= _WITHOUT)
    rx = np.full(n, NONE)
    rx[scripted] = bills.prescribe(
        source,
        len(scripted),
        person=person[scripted],
        issuer=hospital[scripted],
        prescriber=doctor[scripted],
        issue_time=time[scripted] - rng.integers(HOUR, 20 * HOUR, len(scripted)),
        channel=rng.choice((PAPER, HOSPITAL_SYSTEM), len(scripted), p=(0.7, 0.3)),
        dispenser=shop,
        dispense_time=time[scripted],
        draft=draft[scripted],
    )
    pack_days = catalogue.items["days_per_pack"].to_numpy(float)[drug]
    packs = np.maximum(1, np.rint(28 / pack_days)).astype(np.int64)
    supply = (packs * pack_days).astype(np.int64)
    bills.charge(draft, drug, time, quantity=packs, days_supply=supply, prescriber=doctor, rx=rx)
    kept = stage.book.visits_of(stage.add(bills))
    if not len(kept):
        raise NoRoomError("hardly any adult is left")
    first = kept["start"].to_numpy() // DAY
    stage.truth.add_provider(shop, _CODE, int(first.min()), int(first.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), first)


def plant_twin(stage: Stage) -> None:
    """Let the system of one such pharmacy send no prescription numbers with its bills."""
    rng = stage.rng(_CODE, f"{_WAY}/twin")
    shops = trading(stage)
    if len(shops) < _FEWEST_SHOPS:
        raise NoRoomError("hardly any dual-channel pharmacy is left")
    shop = stage.host(rng, "dual_channel", among=shops)
    mine = standing(stage, shop, (0, stage.world.calendar.n_days))
    lines = stage.lines(mine["draft"].to_numpy())
    stage.revise(lines=lines.assign(rx=NONE))
    stage.truth.add_twins("provider", [shop], _CODE, _NO_NUMBERS)


OFF_CENTRE_FILLS = Scheme(_CODE, 800, plant, plant_twin, way=_WAY)
