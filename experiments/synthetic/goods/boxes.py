"""Boxes of each bill line: how many it hands over, and with whose trace code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.goods.goods import Goods
    from experiments.synthetic.world.world import World

MOST_BOXES = 30  # scanned on one line at the most


def is_boxed(world: World) -> npt.NDArray[np.bool_]:
    """Whether each item is a drug that people take home in a box with a code of its own."""
    items = world.catalogue.items
    drug = items["item_type"].isin(("western_drug", "chinese_patent_drug"))
    boxed: npt.NDArray[np.bool_] = (drug & (items["unit"] == "盒")).to_numpy(bool)
    return boxed


def sold_boxes(world: World, goods: Goods, visits: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of boxes taken home, with what their visit knows.

    Returns
    -------
    DataFrame
        One row per line: uid, item, time, quantity and cancels as billed; row (place of the visit), provider, draft,
        settle, boxes (handed over, negative when returned).
    """
    lines = lines[is_boxed(world)[lines["item"].to_numpy()]]
    order = np.argsort(visits["draft"].to_numpy())
    row = order[np.searchsorted(visits["draft"].to_numpy()[order], lines["draft"].to_numpy())]
    provider = visits["provider"].to_numpy()[row]
    home = ~visits["is_stay"].to_numpy(bool)[row]
    frame = pd.DataFrame(
        {name: lines[name].to_numpy() for name in ("draft", "uid", "item", "time", "quantity", "cancels")}
    )
    frame = frame.assign(row=row, provider=provider, settle=visits["settle"].to_numpy()[row])[home]
    edit = _edit_of(frame, goods.books, ("provider", "item"))
    factor = np.where(edit >= 0, np.r_[goods.books["factor"].to_numpy(), 1][edit], 1)
    frame["boxes"] = np.sign(frame["quantity"]) * np.maximum(1, frame["quantity"].abs() // factor)
    return frame


def _edit_of(frame: pd.DataFrame, edits: pd.DataFrame, keys: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return for each row of a frame the row of the edit that has its keys; -1 where there is none."""
    found = np.full(len(frame), -1, np.int64)
    rows = np.flatnonzero(np.isin(frame[keys[0]].to_numpy(), edits[keys[0]].to_numpy()))
    if len(rows):
        known = edits.reset_index(drop=True).drop_duplicates(list(keys), keep="last")
        wanted = pd.MultiIndex.from_arrays([frame[key].to_numpy()[rows] for key in keys])
        place = pd.MultiIndex.from_arrays([known[key].to_numpy() for key in keys]).get_indexer(wanted)
        found[rows] = np.where(place >= 0, np.r_[known.index.to_numpy(), -1][place], -1)
    return found


def origins_of(sold: pd.DataFrame, visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the line whose boxes a line hands over: a refund and a second scan have those of the first sale."""
    base = visits["same_encounter_as"].to_numpy()[sold["row"].to_numpy()]
    again = (base >= 0) & (visits["reverses"].to_numpy()[sold["row"].to_numpy()] < 0)
    uid, item, draft = (sold[name].to_numpy() for name in ("uid", "item", "draft"))
    origin: npt.NDArray[np.int64] = np.where(sold["cancels"] >= 0, sold["cancels"], uid)
    of = np.where(again, base, draft)
    mine = np.flatnonzero((sold["boxes"].to_numpy() > 0) & np.isin(of, base[again]))
    order = mine[np.lexsort((uid[mine], again[mine], item[mine], of[mine]))]
    # Within a settlement and an item the first sale's lines come first; the second scan's follow in the same order.
    frame = pd.DataFrame({"of": of[order], "item": item[order], "again": again[order], "uid": uid[order]})
    frame["turn"] = frame.groupby(["of", "item", "again"]).cumcount()
    place = _edit_of(frame[frame["again"]], frame[~frame["again"]], ("of", "item", "turn"))
    first = np.r_[frame.loc[~frame["again"], "uid"].to_numpy(), -1][place]
    rows = order[frame["again"].to_numpy()]
    origin[rows] = np.where(place >= 0, first, uid[rows])
    return origin


def boxes_of(sold: pd.DataFrame, goods: Goods) -> pd.DataFrame:
    """Return the boxes of lines that know their `origin`.

    Returns
    -------
    DataFrame
        One row per box: columns of the line and pack (number in the line), code_uid and code_pack (the box whose code
        was scanned), portions (patients who share it), moved (row of the transfer, -1 without), is_edited (scanned as
        another box), is_own (it came in for this line).
    """
    n = np.minimum(sold["boxes"].abs().to_numpy(), MOST_BOXES)
    place = np.repeat(np.arange(len(sold)), n)
    pack = np.arange(len(place)) - np.repeat(np.cumsum(n) - n, n)
    boxes = sold.iloc[place].reset_index(drop=True).assign(pack=pack)
    lookup = pd.DataFrame({"uid": boxes["origin"].to_numpy(), "pack": pack})
    same = _edit_of(lookup, goods.codes, ("uid", "pack"))
    part = _edit_of(lookup, goods.parts, ("uid",))
    of_uid, of_pack = lookup["uid"].to_numpy(), pack
    for edit, edits in ((same, goods.codes), (part, goods.parts)):
        of_uid = np.where(edit >= 0, np.r_[edits["of_uid"].to_numpy(), -1][edit], of_uid)
        of_pack = np.where(edit >= 0, np.r_[edits["of_pack"].to_numpy(), -1][edit], of_pack)
    shares = goods.parts.groupby(["of_uid", "of_pack"]).size()
    opened = _edit_of(
        pd.DataFrame({"of_uid": of_uid, "of_pack": of_pack}), shares.index.to_frame(index=False), ("of_uid", "of_pack")
    )
    portions = np.where(opened >= 0, np.r_[shares.to_numpy(), 0][opened], 0) + 1
    moved = _edit_of(lookup, goods.transfers, ("uid", "pack"))
    edited = (same >= 0) | (part >= 0)
    own = ~edited & (boxes["origin"] == boxes["uid"]).to_numpy()
    return boxes.assign(
        code_uid=of_uid, code_pack=of_pack, portions=portions, moved=moved, is_edited=edited, is_own=own
    )
