"""T05: a shop sells first; in the evening a friendly prescriber writes the scripts for what was sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.world import World

_CODE = "T05"
_SCRIPTS = {"small": 20, "medium": 100, "large": 500}
_FEWEST_CUSTOMERS = 8
_ILLNESSES = ("hypertension", "diabetes", "heart", "copd")
_SOONEST, _LATEST = HOUR, 3 * DAY  # from the sale to the script
_GAPS, _GAP_SHARES = (1, 2, 3), (0.5, 0.35, 0.15)  # days from one evening of writing to the next
_LAG = "scripts written before the sale, recorded one to five minutes after it by a slow exchange"


def _near(stage: Stage, shop: int) -> npt.NDArray[np.int64]:
    """Return the five nearest small clinics that are idle."""
    providers = stage.world.places.providers
    idle = stage.idle("clinic", "village")
    east, north = (providers[c].to_numpy()[idle] - providers[c].to_numpy()[shop] for c in ("longitude", "latitude"))
    return idle[np.argsort(np.hypot(east, north), kind="stable")[:5]]


def _customers(stage: Stage, rng: np.random.Generator, shop: int, wanted: int) -> npt.NDArray[np.int64]:
    """Draw customers of the shop, rather those with a chronic illness."""
    visits, people = stage.visits, stage.world.people
    known = visits["person"].to_numpy()[visits["provider"].to_numpy() == shop]
    known = np.union1d(known, np.flatnonzero(stage.world.usual["pharmacy"] == shop))
    known = known[np.isin(known, stage.idle_adults())]
    if len(known) < _FEWEST_CUSTOMERS:
        raise NoRoomError("the shop has hardly any customer left")
    weight = 1.0 + 5 * people.conditions[known][:, : len(_ILLNESSES)].any(axis=1)
    return np.asarray(rng.choice(known, min(wanted, len(known)), replace=False, p=weight / weight.sum()))


def _written(rng: np.random.Generator, sold: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return when the scripts for sales are written: in batches, on the next evening of writing."""
    n_evenings = int(sold.max() - sold.min()) // DAY + 8
    evening = sold.min() // DAY - 1 + np.cumsum(rng.choice(_GAPS, n_evenings, p=_GAP_SHARES))
    begins = evening * DAY + ((19 + 2.4 * rng.random(n_evenings)) * HOUR).astype(np.int64)
    batch = np.searchsorted(begins, sold + _SOONEST)
    order = np.lexsort((rng.random(len(sold)), batch))
    starts = np.searchsorted(batch[order], batch[order])
    rank = np.empty(len(sold), np.int64)
    rank[order] = np.arange(len(sold)) - starts
    pace = rng.integers(35, 110, n_evenings)  # seconds a script
    at = begins[batch] + rank * pace[batch] + rng.integers(0, 20, len(sold))
    written: npt.NDArray[np.int64] = np.minimum(at, sold + _LATEST - rng.integers(0, 2 * HOUR, len(sold)))
    return written


@dataclass(frozen=True)
class _Partners:
    """The shop, the clinic and its prescriber."""

    shop: int
    clinic: int
    doctor: int


@dataclass(frozen=True)
class _Sales:
    """One element per sale with a script: buyer, when sold and written, main diagnosis, place among the illnesses."""

    person: npt.NDArray[np.int64]
    sold: npt.NDArray[np.int64]
    written: npt.NDArray[np.int64]
    dx1: npt.NDArray[np.int64]
    illness: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, world: World, rng: np.random.Generator, person: npt.NDArray[np.int64], sold: npt.NDArray[np.int64]
    ) -> _Sales:
        """Draw when scripts are written; those past the window fall away."""
        written = _written(rng, sold)
        here = written + HOUR < world.calendar.end
        person, sold, written = person[here], sold[here], written[here]
        has = world.people.conditions[person][:, : len(_ILLNESSES)]
        illness = np.where(has.any(axis=1), has.argmax(axis=1), 0)
        groups = world.catalogue.diagnoses["group"].to_numpy()
        dx1 = np.array([np.flatnonzero(groups == name)[0] for name in _ILLNESSES])[illness]
        return cls(person, sold, written, dx1, illness)


def _bill(
    stage: Stage, rng: np.random.Generator, number: int, partners: _Partners, sales: _Sales
) -> npt.NDArray[np.int64]:
    bills, n, shop, sold = Bills(), len(sales.person), partners.shop, sales.sold
    draft = bills.open(
        f"{_CODE}/{number}/fill",
        n,
        person=sales.person,
        provider=shop,
        encounter=np.where(rng.random(n) < rng.uniform(0.5, 0.8), CHRONIC, PHARMACY),
        start=sold,
        end=sold,
        settle=sold + rng.integers(20, 200, n),
        dx1=sales.dx1,
    )
    rx = bills.prescribe(
        f"{_CODE}/{number}",
        n,
        person=sales.person,
        issuer=partners.clinic,
        prescriber=partners.doctor,
        issue_time=sales.written,
        channel=rng.choice(3, n, p=(0.12, 0.2, 0.68)),
        dispenser=shop,
        dispense_time=sold,
        draft=draft,
    )
    _sell_drugs(stage, rng, bills, sales, draft=draft, rx=rx, doctor=partners.doctor)
    _bill_paper_visits(stage, rng, bills, number, partners=partners, sales=sales)
    return stage.add(bills)


def _sell_drugs(
    stage: Stage,
    rng: np.random.Generator,
    bills: Bills,
    sales: _Sales,
    *,
    draft: npt.NDArray[np.int64],
    rx: npt.NDArray[np.int64],
    doctor: int,
) -> None:
    """Sell everyone's own drugs again and again, and with many a sale something dear."""
    catalogue, n = stage.world.catalogue, len(draft)
    days = catalogue.items["days_per_pack"].to_numpy(float)

    def sell(on: npt.NDArray[np.bool_], item: npt.NDArray[np.int64], packs: npt.NDArray[np.int64]) -> None:
        supply = (packs * days[item]).astype(np.int64)
        bills.charge(draft[on], item, sales.sold[on], quantity=packs, days_supply=supply, prescriber=doctor, rx=rx[on])

    members, whose = np.unique(sales.person, return_inverse=True)
    second = (rng.random(len(members)) < 0.4)[whose]
    for place, name in enumerate(_ILLNESSES):
        shelf = catalogue.group(name)
        mine = sales.illness == place
        pick = np.argsort(rng.random((len(members), len(shelf))), axis=1)[whose]
        for on, column in ((mine, 0), (mine & second, 1)):
            sell(on, shelf[pick[on, column]], rng.integers(1, 4, int(on.sum())))
    premium = unquestioned(catalogue, catalogue.group("premium"))
    dear = rng.choice(premium, 4, replace=False)  # what this shop wants to sell
    on = rng.random(n) < rng.uniform(0.35, 0.6)
    sell(on, rng.choice(dear, int(on.sum())), rng.integers(1, 3, int(on.sum())))


def _bill_paper_visits(
    stage: Stage, rng: np.random.Generator, bills: Bills, number: int, *, partners: _Partners, sales: _Sales
) -> None:
    """Bill a visit at the clinic for some scripts, though nobody came."""
    seen = rng.random(len(sales.person)) < rng.uniform(0.15, 0.5)
    written = sales.written[seen]
    visit = bills.open(
        f"{_CODE}/{number}/visit",
        len(written),
        person=sales.person[seen],
        provider=partners.clinic,
        encounter=OUTPATIENT,
        start=written - 60,
        end=written,
        settle=written + rng.integers(60, 600, len(written)),
        doctor=partners.doctor,
        dx1=sales.dx1[seen],
    )
    bills.charge(visit, stage.world.catalogue.item("普通门诊诊察"), written - 60, prescriber=partners.doctor)


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant a shop and the prescriber who signs for it afterwards."""
    rng = stage.rng(_CODE, str(number))
    shop = stage.host(rng, "pharmacy")
    clinic = stage.host(rng, "clinic", "village", among=_near(stage, shop))
    staff = stage.world.places.providers
    doctor = int(staff["first_doctor"].to_numpy()[clinic] + rng.integers(0, staff["n_doctors"].to_numpy()[clinic]))
    n = _SCRIPTS[size]
    patients = _customers(stage, rng, shop, max(_FEWEST_CUSTOMERS, round(n / rng.uniform(2.0, 4.0))))
    person, day = returning(rng, patients, n, stage.window(rng))
    sold = day * DAY + stage.world.calendar.draw_seconds(rng, n, "pharmacy")
    drafts = _bill(stage, rng, number, _Partners(shop, clinic, doctor), _Sales.of(stage.world, rng, person, sold))
    visits, scripts = stage.visits, stage.prescriptions
    visits = visits[np.isin(visits["draft"].to_numpy(), drafts)]
    written = scripts["issue_time"].to_numpy()[np.isin(scripts["draft"].to_numpy(), drafts)] // DAY
    day = visits["start"].to_numpy() // DAY
    if not len(written):
        return
    stage.busy_persons.update(visits["person"].tolist())
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    truth.add_provider(shop, _CODE, int(day.min()), int(day.max()), size)
    truth.add_provider(clinic, _CODE, int(written.min()), int(written.max()), size)
    truth.add_patients(_CODE, visits["person"].to_numpy(), day)
    truth.add_practitioners(_CODE, [doctor])
    truth.add_settlements(_CODE, visits["draft"].to_numpy())
    truth.rings += [(ring, "pharmacy", shop), (ring, "clinic", clinic), (ring, "practitioner", doctor)]


def plant_twin(stage: Stage) -> None:
    """Let the scripts of one busy shop arrive some minutes after the sale: written in time, recorded late."""
    rng = stage.rng(_CODE, "twin")
    scripts = stage.prescriptions
    idle = stage.idle("pharmacy")
    counts = np.bincount(scripts["dispenser"], minlength=len(stage.world.places.providers))[idle]
    shop = stage.host(rng, "pharmacy", among=idle[np.argsort(-counts, kind="stable")[:5]])
    mine = scripts[(scripts["dispenser"] == shop).to_numpy()]
    mine = mine[mine["dispense_time"].to_numpy() + 600 < stage.world.calendar.end]
    late = mine[rng.random(len(mine)) < rng.uniform(0.6, 0.9)]
    stage.revise(prescriptions=late.assign(issue_time=late["dispense_time"] + rng.integers(60, 301, len(late))))
    stage.truth.add_twins("provider", [shop], _CODE, _LAG)


BACK_FILLED_PRESCRIPTIONS = Scheme(_CODE, 400, plant, plant_twin)
