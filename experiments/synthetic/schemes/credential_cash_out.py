"""P07: shops turn account money into cash or groceries: the e-credential is scanned, no drug leaves the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import ACCOUNT_ONLY, CREDENTIALS, PHARMACY, Bills
from experiments.synthetic.goods.trace import scanning_since
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P07"
_SHOPS = {"small": 1, "medium": 2, "large": 5}
_SHELVES = ("otc", "digestive", "pain", "respiratory")  # what a shop sells without a script
_ROUND = np.array([5_000, 10_000, 15_000, 20_000, 30_000, 50_000])  # cents, as asked for in cash
_DEARER = (0.85, 1.25)  # a pack may cost so much of the catalogue's price to make a sum round
_E_CREDENTIAL, _SOCIAL_SECURITY_CARD = (CREDENTIALS.index(name) for name in ("e_credential", "social_security_card"))
_EMPLOYEE = 0
_FEWEST_HOLDERS = 10
_MOST_PACKS = 12  # of one item in a basket
_SHOPS_LEFT = 5  # one of so many idle shops at the most: other parts need some too
_LEAST = 12  # payments: below that it is not worth the risk
_PROMOTION = "a week of gift packs: the till cuts a basket in two documents, but stock moves and packs are scanned"


def _baskets(stage: Stage, shelf: npt.NDArray[np.int64], sums: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return every item, number of packs and price in cents that make one of these sums with a likely price."""
    usual = stage.world.catalogue.items["price_cents"].to_numpy()
    most = np.minimum(largest_fill(stage.world.catalogue), _MOST_PACKS)
    packs = np.arange(1, _MOST_PACKS + 1)
    total, item, n = (grid.ravel() for grid in np.meshgrid(sums, shelf, packs, indexing="ij"))
    price = total // n
    low, high = _DEARER
    fit = (total % n == 0) & (n <= most[item]) & (price >= low * usual[item]) & (price <= high * usual[item])
    baskets: npt.NDArray[np.int64] = np.stack([total, item, n, price], axis=1)[fit]
    return baskets


def _takings(stage: Stage, shop: int) -> float:
    """Return what the shop sells a day, in cents."""
    visits = stage.visits
    lines = stage.lines(visits["draft"].to_numpy()[visits["provider"].to_numpy() == shop])
    price = stage.world.catalogue.items["price_cents"].to_numpy()[lines["item"].to_numpy()]
    factor = float(stage.world.places.providers["price_factor"].to_numpy()[shop])
    return float((price * lines["quantity"].to_numpy()).sum()) * factor / stage.world.calendar.n_days


def _till(stage: Stage, rng: np.random.Generator, shop: int) -> int:
    return int(rng.integers(0, stage.world.places.providers["n_terminals"].to_numpy()[shop]))


def _adults_with_account(stage: Stage, townships: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    people = stage.world.people
    adults = stage.idle_adults()
    adults = adults[people.insurance[adults] == _EMPLOYEE]
    near: npt.NDArray[np.int64] = adults[np.isin(people.township[adults], townships)]
    holders = near if len(near) >= _FEWEST_HOLDERS else adults
    if len(holders) < _FEWEST_HOLDERS:
        raise NoRoomError("hardly anyone with an account is left")
    return holders


def _visits(
    stage: Stage, rng: np.random.Generator, holders: npt.NDArray[np.int64], span: tuple[int, int], n: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return holder and second of `n` visits: in the days after accounts are topped up, some after hours."""
    first, last = span
    calendar = stage.world.calendar
    top_up = np.array([month.first_day for month in calendar.spans]) + int(rng.integers(0, 15))
    top_up = np.r_[top_up[0] - 30, top_up]
    start = top_up[np.searchsorted(top_up, rng.integers(first, last + 1, n), side="right") - 1]
    day = np.clip(start + rng.exponential(rng.uniform(4, 9), n).astype(np.int64), first, last)
    at = calendar.draw_seconds(rng, n, "pharmacy")
    late = rng.random(n) < rng.uniform(0.15, 0.4)
    at = np.where(late, (21.8 * HOUR + 1.6 * HOUR * rng.random(n)).astype(np.int64), at)
    weight = rng.gamma(1.5, 1.0, len(holders))  # some come whenever there is money
    return rng.choice(holders, n, p=weight / weight.sum()), day * DAY + at


def _cash_out(
    stage: Stage, rng: np.random.Generator, source: str, *, shop: int, holders: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    world, bills = stage.world, Bills()
    shelf = np.concatenate([world.catalogue.group(name) for name in _SHELVES])
    liked = rng.choice(_ROUND[1:], 3, replace=False)  # each shop has its usual sums
    choices = _baskets(stage, unquestioned(world.catalogue, shelf), np.sort(liked))
    first, _ = stage.window(rng)
    span = (first, min(first + int(rng.integers(45, 76)), world.calendar.n_days - 2))
    target = _takings(stage, shop) * (span[1] - span[0] + 1) * rng.uniform(0.45, 0.8)
    each = 2.5 * float(choices[:, 0].mean())
    n = max(_LEAST // 2, round(target / each))
    holder, begin = _visits(stage, rng, holders, span, n)
    times = rng.choice((1, 2, 3, 4), n, p=(0.15, 0.4, 0.25, 0.2))  # equal payments of one visit
    of = np.repeat(np.arange(n), times)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times)
    pause = rng.integers(6, 55, n)
    time = begin[of] + turn * pause[of] + rng.integers(0, 4, len(of))
    sums = choices[rng.integers(0, len(choices), n)]
    odd = rng.random(n) < rng.uniform(0.1, 0.3)  # nobody rounds always
    packs = np.where(odd, rng.integers(2, 5, n), sums[:, 2])
    price = np.where(odd, -1, sums[:, 3])
    draft = bills.open(
        source,
        len(of),
        person=holder[of],
        provider=shop,
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(4, 20, n)[of],
        credential=np.where(rng.random(n) < 0.92, _E_CREDENTIAL, _SOCIAL_SECURITY_CARD)[of],
        pays=ACCOUNT_ONLY,
        terminal=_till(stage, rng, shop),
    )
    bills.charge(draft, sums[of, 1], time, quantity=packs[of], price=price[of])
    return stage.add(bills)


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the shops that one broker works with."""
    rng = stage.rng(_CODE, str(number))
    wanted = min(_SHOPS[size], max(1, len(stage.idle("pharmacy")) // _SHOPS_LEFT))
    shops = [stage.host(rng, "pharmacy") for _ in range(wanted)]
    reached = next(name for name, n in reversed(_SHOPS.items()) if n <= wanted)
    seat = stage.world.places.providers["township"].to_numpy()
    adults = _adults_with_account(stage, seat[shops])
    holders = rng.choice(adults, min(len(adults), wanted * int(rng.integers(8, 16))), replace=False)
    stage.busy_persons.update(holders.tolist())
    drafts = []
    for place, shop in enumerate(shops):
        own = holders[rng.random(len(holders)) < max(0.5, 1 / wanted)]
        source = f"{_CODE}/{number}/{place}"
        drafts.append(_cash_out(stage, rng, source, shop=shop, holders=own if len(own) else holders))
    _note(stage, number, reached, np.concatenate(drafts))


def _note(stage: Stage, number: int, size: str, drafts: npt.NDArray[np.int64]) -> None:
    uids = stage.lines(drafts)["uid"].to_numpy()
    stage.goods.unsupplied(uids)
    stage.goods.unscanned(uids)
    visits = stage.visits
    visits = visits[np.isin(visits["draft"].to_numpy(), drafts)]
    provider, person, day = (visits[c].to_numpy() for c in ("provider", "person", "start"))
    day = day // DAY
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    shops = np.unique(provider).tolist()
    for shop in shops:
        mine = day[provider == shop]
        truth.add_provider(shop, _CODE, int(mine.min()), int(mine.max()), size)
    truth.add_patients(_CODE, person, day)
    truth.add_settlements(_CODE, visits["draft"].to_numpy())
    if len(shops) > 1:
        truth.rings += [(ring, "pharmacy", int(shop)) for shop in shops]
        truth.rings += [(ring, "patient", int(p)) for p in np.unique(person)]


def plant_twin(stage: Stage) -> None:
    """Hold a promotion: gift packs at round prices, each basket cut in two documents by the till."""
    rng = stage.rng(_CODE, "twin")
    world, bills = stage.world, Bills()
    idle = stage.idle("pharmacy")
    scans = scanning_since(world)[idle] < 0
    idle = idle[scans] if scans.any() else idle
    regulars = np.bincount(world.usual["pharmacy"], minlength=len(world.places.providers))[idle]
    shop = stage.host(rng, "pharmacy", among=idle[np.argsort(-regulars, kind="stable")[:5]])
    shelf = unquestioned(world.catalogue, world.catalogue.group("otc"))
    choices = _baskets(stage, shelf, np.array([5_000, 10_000]))
    gifts = rng.choice(choices, 3, replace=False)
    known = np.flatnonzero(world.usual["pharmacy"] == shop)
    customers = known[np.isin(known, stage.idle_adults())]
    week = int(rng.integers(0, max(1, world.calendar.n_days - 8)))
    value = 2 * float(gifts[:, 0].mean())
    n = min(
        len(customers), max(_LEAST, round(_takings(stage, shop) * 60 * 0.6 / value))
    )  # as much as a shop cashes out
    person = rng.choice(customers, n, replace=False)
    time = (week + rng.integers(0, 7, n)) * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    gift = gifts[rng.integers(0, len(gifts), n)]
    credential, till = np.where(rng.random(n) < 0.7, _E_CREDENTIAL, _SOCIAL_SECURITY_CARD), _till(stage, rng, shop)
    paying = rng.integers(4, 20, n)
    for part, wait in enumerate((np.zeros(n, np.int64), rng.integers(4, 30, n))):
        draft = bills.open(
            f"{_CODE}/promotion/{part}",
            n,
            person=person,
            provider=shop,
            encounter=PHARMACY,
            start=time + wait,
            end=time + wait,
            settle=time + wait + paying,
            credential=credential,
            terminal=till,
        )
        bills.charge(draft, gift[:, 1], time + wait, quantity=gift[:, 2], price=gift[:, 3])
    stage.add(bills)
    stage.truth.add_twins("provider", [shop], _CODE, _PROMOTION)


CREDENTIAL_CASH_OUT = Scheme(_CODE, 400, plant, plant_twin)
