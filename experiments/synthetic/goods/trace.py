"""Scans of drug boxes: each box comes in once and is sold once, unless it is returned, split, or sold by cheats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from experiments.synthetic import arrow
from experiments.synthetic.goods.boxes import boxes_of, origins_of, sold_boxes
from experiments.synthetic.randomness import scramble, uniform
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.goods.goods import Goods
    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

NEVER = 1 << 40  # a day that does not come
_EVENTS = ("inbound", "sale", "return", "transfer", "inbound", "sale")
_INBOUND, _SALE, _RETURN, _TRANSFER, _ARRIVAL, _FAILED = range(len(_EVENTS))
_SCANNED_BEFORE = 70  # seconds from a scan that failed to the sale
_FROM_THE_START, _NEVER_SCANS = 0.62, 0.9  # providers by a draw: scan all along; begin in the window; do not scan
_MISSED = 0.08  # a provider's share of lines without scan lies between none and this
_SHORTEST, _LONGEST = 3, 60  # days on the shelf
_WHOLE = 10_000  # a box, in ten-thousandths


def scanning_since(world: World) -> npt.NDArray[np.int64]:
    """Day since which each provider scans boxes: negative before the window, NEVER for those that do not."""
    kind = world.places.providers["kind"].to_numpy().astype(str)
    every = np.arange(len(kind))
    luck = uniform(every, world.seed, "scanner")
    before = (-200 * uniform(every, world.seed, "old scanner")).astype(np.int64) - _LONGEST - 7
    later = (world.calendar.n_days * (luck - _FROM_THE_START) / (_NEVER_SCANS - _FROM_THE_START)).astype(np.int64)
    since = np.select([luck < _FROM_THE_START, luck < _NEVER_SCANS], [before, later], default=NEVER)
    return np.where(np.char.startswith(kind, "outside"), NEVER, since)


def missed_scans(world: World, provider: npt.NDArray[np.int64], uid: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the till misses the scan of each line's boxes: a busy hand or a dull scanner, and no scheme."""
    missed: npt.NDArray[np.bool_] = uniform(uid, world.seed, "scan") < _MISSED * uniform(
        provider, world.seed, "scan care"
    )
    return missed


def trace_table(world: World, who: Identity, goods: Goods, visits: pd.DataFrame, lines: pd.DataFrame) -> pa.Table:
    """One row per scan of a box sold or returned in a month, and per delivery of what was sold in it.

    Parameters
    ----------
    world, who : World, Identity
        The city and its names.
    goods : Goods
        Where boxes went another way than the bill says.
    visits, lines : DataFrame
        Settled visits and priced lines of one month.

    Returns
    -------
    Table
        `trace_events`, in order of time. Deliveries keep their own date, up to ten weeks before the sale.
    """
    sold = sold_boxes(world, goods, visits, lines)
    sold = sold[sold["time"].to_numpy() // DAY >= scanning_since(world)[sold["provider"].to_numpy()]]
    sold = sold.assign(origin=origins_of(sold, visits)).reset_index(drop=True)
    boxes = boxes_of(sold, goods)
    scanned = _scanned(world, goods, boxes)
    handed = _handed(boxes[scanned], visits, world.seed)
    failed = handed[np.isin(handed["uid"].to_numpy(), goods.failed_scans) & (handed["kind"] == _SALE).to_numpy()]
    failed = failed.assign(kind=_FAILED, row=-1, time=failed["time"] - _SCANNED_BEFORE)
    events = pd.concat([handed, failed, *_delivered(world, goods, boxes)], ignore_index=True)
    return _written(world, who, events, visits)


def _scanned(world: World, goods: Goods, boxes: pd.DataFrame) -> npt.NDArray[np.bool_]:
    provider, origin = boxes["provider"].to_numpy(), boxes["origin"].to_numpy()
    missed = missed_scans(world, provider, origin)
    known = boxes["is_edited"].to_numpy() | (boxes["portions"].to_numpy() > 1)
    # A box whose code comes up again was scanned when it was sold.
    scanned: npt.NDArray[np.bool_] = ~missed | known | np.isin(origin, goods.codes["of_uid"].to_numpy())
    return scanned & ~np.isin(origin, goods.not_scanned)


def _handed(boxes: pd.DataFrame, visits: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Sales some seconds after the fee, second scans and returns at their settlement."""
    row, settle = boxes["row"].to_numpy(), boxes["settle"].to_numpy()
    back = boxes["boxes"].to_numpy() < 0
    hangs = visits["same_encounter_as"].to_numpy()[row] >= 0
    wait = 2 + 3 * boxes["pack"].to_numpy() + (9 * uniform(boxes["uid"].to_numpy(), seed, "till")).astype(np.int64)
    time = np.where(hangs | back, settle, np.minimum(boxes["time"].to_numpy() + wait, settle))
    return _events(boxes, boxes["provider"].to_numpy(), time, np.where(back, _RETURN, _SALE), row)


def _delivered(world: World, goods: Goods, boxes: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Deliveries some weeks before the sale, on the mornings when the wholesaler calls; moves between branches."""
    seed, since = world.seed, scanning_since(world)
    supplied = ~np.isin(boxes["uid"].to_numpy(), goods.not_supplied)
    own = boxes[boxes["is_own"].to_numpy() & supplied & (boxes["boxes"] > 0).to_numpy()]
    moves = goods.transfers
    moved = own["moved"].to_numpy()
    away = np.where(moved >= 0, np.r_[moves["source"].to_numpy(), -1][moved], -1)
    provider = np.where(away >= 0, away, own["provider"].to_numpy())
    before = np.where(away >= 0, np.r_[moves["time"].to_numpy(), 0][moved], own["time"].to_numpy())
    luck = uniform(own["uid"].to_numpy() + own["pack"].to_numpy() % 3, seed, "shelf")
    day = before // DAY - _SHORTEST - ((_LONGEST - _SHORTEST) * luck).astype(np.int64)
    weekday = (7 * uniform(provider, seed, "delivery day")).astype(np.int64)
    day -= (day - weekday) % 7
    opens = 8 * HOUR + (2 * HOUR * uniform(provider * 100_000 + day + 1_000, seed, "delivery")).astype(np.int64)
    time = (
        day * DAY
        + opens
        + (900 * uniform(own["uid"].to_numpy() * 31 + own["pack"].to_numpy(), seed, "unpack")).astype(np.int64)
    )
    booked = day >= since[provider]
    deliveries = _events(own[booked], provider[booked], time[booked], _INBOUND)
    sent = boxes[(boxes["moved"] >= 0).to_numpy() & (boxes["boxes"] > 0).to_numpy()]
    edit = sent["moved"].to_numpy()
    left, source = moves["time"].to_numpy()[edit], moves["source"].to_numpy()[edit]
    reached = left + 2 * HOUR + sent["pack"].to_numpy()
    arrivals = _events(sent, sent["provider"].to_numpy(), reached, _ARRIVAL)
    return deliveries, _events(sent, source, left, _TRANSFER), arrivals


def _events(
    boxes: pd.DataFrame, provider: npt.NDArray[np.int64], time: npt.NDArray[np.int64], kind: Any, row: Any = -1
) -> pd.DataFrame:
    columns = ("uid", "pack", "code_uid", "code_pack", "item", "portions")
    frame = pd.DataFrame({name: boxes[name].to_numpy() for name in columns})
    return frame.assign(provider=provider, time=time, kind=kind, row=row)


def _written(world: World, who: Identity, events: pd.DataFrame, visits: pd.DataFrame) -> pa.Table:
    c: dict[str, npt.NDArray[Any]] = {name: events[name].to_numpy() for name in events.columns}
    row, handed = c["row"], c["row"] >= 0
    code = _digits(c["code_uid"], c["code_pack"], world.seed, "trace code")
    number = _digits(c["uid"], c["pack"] * len(_EVENTS) + c["kind"], world.seed, "trace event")
    settlements = who.settlements(visits["draft"].to_numpy()).take(pa.array(np.where(handed, row, 0), mask=~handed))
    person = np.where(handed, np.r_[visits["person"].to_numpy(), -1][row], -1)
    split = c["portions"] > 1
    share = np.where(handed & split, _WHOLE // c["portions"], _WHOLE)
    table = pa.table(
        {
            "event_id": _text("E", number),
            "trace_code": _text("8", code),
            "event_time": arrow.times(c["time"], world.calendar.epoch),
            "event_type": arrow.codes(_EVENTS, c["kind"]),
            "provider_id": arrow.codes(who.providers, c["provider"]),
            "item_code": arrow.codes(who.items, c["item"]),
            "settlement_id": settlements,
            "person_id": arrow.codes(who.persons, person),
            "is_split_pack": pa.array(handed & split),
            "quantity": arrow.decimals(share, 16, 4),
        }
    )
    return table.sort_by([("event_time", "ascending"), ("event_id", "ascending")])


def _digits(
    first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], seed: int, domain: str
) -> npt.NDArray[np.uint64]:
    """Scramble two numbers into one of at most 19 digits."""
    with np.errstate(over="ignore"):
        mixed = scramble(first, seed, domain) + second.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return scramble(mixed.view(np.int64), seed, domain) % np.uint64(10**19)


def _text(prefix: str, numbers: npt.NDArray[np.uint64]) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers, pa.uint64()).cast(pa.string()), 19, "0")
    return pc.binary_join_element_wise(prefix, digits, "")
