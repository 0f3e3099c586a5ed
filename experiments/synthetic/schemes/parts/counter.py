"""Sales over the counter: shops and clinics where boxes change hands, and who buys there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import NONE, OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.goods.trace import scanning_since
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

SHOP_SHELVES = ("premium", "heart", "digestive", "otc")
CLINIC_SHELVES = ("respiratory", "digestive", "pain")
_FEWEST = 6  # customers


def is_shop(stage: Stage, provider: int) -> bool:
    """Whether a provider is a pharmacy: nobody there examines a patient."""
    return str(stage.world.places.providers["kind"].to_numpy()[provider]) == "pharmacy"


def scanning(stage: Stage, *kinds: str) -> npt.NDArray[np.int64]:
    """Return the providers of these kinds that scan boxes all through the window."""
    among = stage.world.places.of_kind(*kinds)
    old: npt.NDArray[np.int64] = among[scanning_since(stage.world)[among] < 0]
    return old


def shelf_of(stage: Stage, provider: int, *, least_cents: int = 0) -> npt.NDArray[np.int64]:
    """Return the drugs that a shop or clinic can sell to any adult, from a price upwards."""
    catalogue = stage.world.catalogue
    names = SHOP_SHELVES if is_shop(stage, provider) else CLINIC_SHELVES
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in names]))
    dear: npt.NDArray[np.int64] = shelf[catalogue.items["price_cents"].to_numpy()[shelf] >= least_cents]
    return dear


def customers(stage: Stage, rng: np.random.Generator, provider: int, n: int) -> npt.NDArray[np.int64]:
    """Draw idle adults who buy at a provider, its regulars before its neighbours, and give them a part.

    Raises
    ------
    NoRoomError
        When hardly anyone is left.
    """
    world, adults = stage.world, stage.idle_adults()
    kind = "pharmacy" if is_shop(stage, provider) else "clinic"
    regular = world.usual[kind][adults] == provider
    near = world.people.township[adults] == world.places.providers["township"].to_numpy()[provider]
    weight = 0.02 + 5.0 * regular + near
    return stage.enlist(rng, adults, min(n, len(adults) // 2), fewest=2 * _FEWEST, weight=weight)


def opening_seconds(stage: Stage, rng: np.random.Generator, provider: int, n: int) -> npt.NDArray[np.int64]:
    """Draw seconds of the day within the provider's opening hours."""
    return stage.world.calendar.draw_seconds(rng, n, "pharmacy" if is_shop(stage, provider) else "clinic")


@dataclass(frozen=True)
class Sales:
    """Sales of one drug each.

    Attributes
    ----------
    person, time, item, packs : array
        One element per sale.
    price : array or int
        Cents a pack; the catalogue's when negative.
    """

    person: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    packs: npt.NDArray[np.int64]
    price: Any = NONE


def sell(
    stage: Stage, rng: np.random.Generator, source: str, sales: Sales, *, provider: int, beside: float = 0.0
) -> npt.NDArray[np.int64]:
    """Bill one drug per visit at a shop, or at a clinic with its examination; now and then an honest one beside it.

    Parameters
    ----------
    stage, rng, source : Stage, Generator, str
        Where, with which luck, under which name.
    sales : Sales
        Who buys what when; one visit each.
    provider : int
        A pharmacy, a clinic or a village clinic.
    beside : float
        Share of visits with a further drug.

    Returns
    -------
    array
        Draft of each visit, -1 where it cannot be: its person lies in hospital then.
    """
    world, bills, n = stage.world, Bills(), len(sales.person)
    catalogue, time, item = world.catalogue, sales.time, sales.item
    most = np.minimum(largest_fill(catalogue)[item], 1_000).astype(np.int64)
    packs = np.minimum(sales.packs, most)
    shop = is_shop(stage, provider)
    where = np.full(n, provider)
    doctor = np.full(n, NONE) if shop else world.places.rota("doctor", where, time // DAY)
    draft = bills.open(
        source,
        n,
        person=sales.person,
        provider=provider,
        encounter=PHARMACY if shop else OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(8, 90, n) + (0 if shop else 300),
        doctor=doctor,
        dx1=NONE if shop else _diagnoses(stage, rng, item),
    )
    if not shop:
        seen = rng.random(n) < 0.9
        bills.charge(draft[seen], catalogue.item("普通门诊诊察"), time[seen] - 120, prescriber=doctor[seen])
    days = np.maximum(1, packs * catalogue.items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
    supply = NONE if shop else days
    bills.charge(draft, item, time, quantity=packs, prescriber=doctor, price=sales.price, days_supply=supply)
    more = rng.random(n) < beside
    other = rng.choice(shelf_of(stage, provider), n)
    more &= ~np.isin(other, item)
    bills.charge(draft[more], other[more], time[more], prescriber=doctor[more])
    kept = stage.add(bills)
    return np.where(np.isin(draft, kept), draft, NONE)


def _diagnoses(stage: Stage, rng: np.random.Generator, item: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Draw for each drug an illness that it is given for."""
    catalogue = stage.world.catalogue
    acute = catalogue.diagnoses_of("acute")
    acute = acute[catalogue.diagnoses["gender"].isna().to_numpy()[acute]]
    group = catalogue.items["group"].to_numpy()[item]
    found = np.empty(len(item), np.int64)
    for name in np.unique(group):
        fitting = acute[(catalogue.diagnoses["group"] == name).to_numpy()[acute]][:3]  # the common ones come first
        found[group == name] = rng.choice(fitting, int((group == name).sum()))
    return found


def lines_sold(stage: Stage, draft: npt.NDArray[np.int64], item: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number (uid) of the line that sells `item` on each draft; -1 where the draft is -1."""
    known = draft >= 0
    lines = stage.lines(draft[known])
    lines = lines[lines["quantity"] > 0].drop_duplicates(["draft", "item"]).set_index(["draft", "item"])["uid"]
    uid = np.full(len(draft), NONE)
    pairs = list(zip(draft[known].tolist(), item[known].tolist(), strict=True))
    uid[known] = lines.loc[pairs].to_numpy() if pairs else []
    return uid
