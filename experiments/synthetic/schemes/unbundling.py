"""H10: the parts of a package are billed one by one, or a service beside the one that contains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.limits import packages

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H10"
_SHARES = {"small": 0.05, "medium": 0.2, "large": 0.6}  # of bills on which a package, or a containing service, stands
_HOSTS = ("tertiary", "secondary", "township", "community")
_BESIDE = (("一级护理", "二级护理"), ("专家诊察", "主治医师诊察"))  # what was done, and what it contains
_WITH_PAIRS = 0.6  # share of instances that bill contained services too
_BUSY = 0.7  # of the idle hosts are less busy
_LOOKED_AT = 6  # of the busiest hospitals, to find one with a gymnasium
_TWO_SITES = "exercise and massage of one day are for two sides of the body, as the pair's exception allows"


def _bills_of(stage: Stage, provider: int, first: int, last: int) -> pd.DataFrame:
    """Return forward lines of a provider in a span of days, of bills that nothing reverses or repeats."""
    visits = stage.visits
    day = visits["start"].to_numpy() // DAY
    mine = (visits["provider"].to_numpy() == provider) & (day >= first) & (day <= last)
    mine &= (visits["reverses"].to_numpy() < 0) & (visits["same_encounter_as"].to_numpy() < 0)
    mine &= ~np.isin(visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy())
    lines = stage.lines(visits["draft"].to_numpy()[mine])
    return lines[(lines["quantity"].to_numpy() > 0) & (lines["cancels"].to_numpy() < 0)]


def _some(rng: np.random.Generator, bills: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.int64]:
    """Draw a share of bills, one at the least."""
    chosen = rng.random(len(bills)) < share
    if len(bills) and not chosen.any():
        chosen[rng.integers(len(bills))] = True
    return bills[chosen]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let the billing office of one provider take packages apart."""
    rng = stage.rng(_CODE, str(number))
    visits = stage.visits
    volume = np.bincount(visits["provider"].to_numpy(), minlength=len(stage.world.places.providers))
    idle = stage.idle(*_HOSTS)
    if not len(idle):
        raise NoRoomError("no hospital or centre is left")
    provider = stage.host(rng, *_HOSTS, among=idle[volume[idle] >= np.quantile(volume[idle], _BUSY)])
    first, last = stage.window(rng)
    lines = _bills_of(stage, provider, first, last)
    share = _SHARES[size] * rng.uniform(0.85, 1.15)
    guilty = _take_apart(stage, rng, lines, share)
    if rng.random() < _WITH_PAIRS:
        guilty = pd.concat([guilty, _bill_beside(stage, rng, lines, share)], ignore_index=True)
    if not len(guilty):
        raise NoRoomError("no provider that bills packages is left")
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())


def _take_apart(stage: Stage, rng: np.random.Generator, lines: pd.DataFrame, share: float) -> pd.DataFrame:
    """Replace packages by all their parts; guilty are the parts beyond the package's price, the dearest first kept."""
    catalogue = stage.world.catalogue
    parts_of = packages(catalogue)
    whole = lines[np.isin(lines["item"].to_numpy(), parts_of["package"].to_numpy())]
    bills = np.unique(whole["draft"].to_numpy())
    bills = _some(rng, bills, share)
    whole = whole[np.isin(whole["draft"].to_numpy(), bills)]
    if not len(whole):
        return whole
    price = catalogue.items["price_cents"].to_numpy()
    parts = parts_of.assign(price=price[parts_of["component"].to_numpy()]).sort_values(
        ["package", "price", "component"], ascending=[True, False, True], kind="stable"
    )
    parts["beyond"] = parts.groupby("package")["price"].cumsum().to_numpy() > price[parts["package"].to_numpy()]
    split = whole.merge(parts[["package", "component", "beyond"]], left_on="item", right_on="package")
    billed = stage.lines(bills)
    kept = billed[~np.isin(billed["uid"].to_numpy(), whole["uid"].to_numpy())]
    beyond = split["beyond"].to_numpy(bool)
    fresh = split.assign(item=split["component"], time=split["time"] + 20)[list(billed.columns)]
    # A bill may have nothing else; its parts go on before its packages leave.
    uid = stage.append(fresh)
    now = fresh.assign(uid=uid)
    stage.revise(lines=pd.concat([kept, now], ignore_index=True))
    return now[beyond]


def _bill_beside(stage: Stage, rng: np.random.Generator, lines: pd.DataFrame, share: float) -> pd.DataFrame:
    """Bill the contained service beside the one that contains it."""
    item = stage.world.catalogue.item
    parts = []
    for done, contained in _BESIDE:
        on = lines[lines["item"].to_numpy() == item(done)]
        bills = np.unique(on["draft"].to_numpy())
        bills = _some(rng, bills, share)
        on = on[np.isin(on["draft"].to_numpy(), bills)]
        on = on[rng.random(len(on)) < 0.8]
        if len(on):
            fresh = on.assign(item=item(contained))
            parts.append(fresh.assign(uid=stage.append(fresh)))
    return pd.concat(parts, ignore_index=True) if parts else lines.iloc[:0]


def plant_twin(stage: Stage) -> None:
    """Treat two sides of the body on one day: what would exclude each other at one site is lawful at two."""
    rng = stage.rng(_CODE, "twin")
    item = stage.world.catalogue.item
    exercise, massage = item("运动疗法"), item("推拿治疗")
    idle = stage.idle("tertiary", "secondary", "township")
    volume = np.bincount(stage.visits["provider"].to_numpy(), minlength=len(stage.world.places.providers))
    busiest = idle[np.argsort(-volume[idle], kind="stable")[:_LOOKED_AT]]
    lines_of = {int(p): _bills_of(stage, int(p), 0, stage.world.calendar.n_days) for p in busiest}
    exercised = {p: lines[lines["item"].to_numpy() == exercise] for p, lines in lines_of.items()}
    most = max((len(on) for on in exercised.values()), default=0)
    able = np.array([p for p, on in exercised.items() if len(on) >= max(1, most // 2)], np.int64)
    provider = stage.host(rng, "tertiary", "secondary", "township", among=able)
    lines, on = lines_of[provider], exercised[provider]
    on = on[rng.random(len(on)) < 0.5]
    other = lines[lines["item"].to_numpy() == massage]
    taken = set(zip(other["draft"], other["time"] // DAY, strict=True))
    free = [(d, t) not in taken for d, t in zip(on["draft"], on["time"] // DAY, strict=True)]
    on = on[np.array(free, bool)] if len(on) else on
    if len(on):
        billed = stage.lines(np.unique(on["draft"].to_numpy()))
        left = np.isin(billed["uid"].to_numpy(), on["uid"].to_numpy())
        stage.revise(lines=billed.assign(site=np.where(left, 1, billed["site"].to_numpy())))
        stage.append(on.assign(item=massage, site=2, time=on["time"] + 30))
    stage.truth.add_twins("provider", [provider], _CODE, _TWO_SITES)


UNBUNDLING = Scheme(_CODE, 400, plant, plant_twin)
