"""H10: the parts of a package are billed one by one instead of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, LINE_COLUMNS
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import packages
from experiments.synthetic.world.prices import list_prices

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H10"
_SHARES = {"small": 0.05, "medium": 0.2, "large": 0.6}  # of bills on which a package stands
_HOSTS = ("tertiary", "secondary", "township", "community")
_BUSY = 0.7  # of the idle hosts are less busy
_SCANNED, _SHORTEST = 12, 5  # stays of the look-alike, and their nights
_STAGED = "one part of the body is scanned, and on a later day of the stay, when the ward asks for it, another"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let the billing office of one provider take packages apart."""
    rng = stage.rng(_CODE, str(number))
    visits = stage.visits
    volume = np.bincount(visits["provider"].to_numpy(), minlength=len(stage.world.places.providers))
    idle = stage.idle(*_HOSTS)
    if not len(idle):
        raise NoRoomError("no hospital or centre is left")
    provider = stage.host(rng, *_HOSTS, among=idle[volume[idle] >= np.quantile(volume[idle], _BUSY)])
    lines = counted(stage, standing(stage, provider, stage.window(rng)))
    guilty = _take_apart(stage, rng, provider, lines, _SHARES[size] * rng.uniform(0.85, 1.15))
    if not len(guilty):
        raise NoRoomError("no provider that bills packages is left")
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(day.min()), int(day.max()), size)
    beyond, cents = guilty["beyond"].to_numpy(), guilty["cents"].to_numpy()
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy(), part=beyond, whole=cents)


def _some(rng: np.random.Generator, bills: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.int64]:
    """Draw a share of bills, one at the least."""
    chosen = rng.random(len(bills)) < share
    if len(bills) and not chosen.any():
        chosen[rng.integers(len(bills))] = True
    return bills[chosen]


def _take_apart(
    stage: Stage, rng: np.random.Generator, provider: int, lines: pd.DataFrame, share: float
) -> pd.DataFrame:
    """Replace packages by all their parts; guilty is what passes the package's price, the dearest part first."""
    parts = _priced_parts(stage, provider)
    whole = lines[np.isin(lines["item"].to_numpy(), parts["package"].to_numpy())]
    bills = _some(rng, np.unique(whole["draft"].to_numpy()), share)
    whole = whole[np.isin(whole["draft"].to_numpy(), bills)]
    if not len(whole):
        return whole
    split = whole.merge(parts[["package", "component", "beyond", "cents"]], left_on="item", right_on="package")
    billed = stage.lines(bills)
    kept = billed[~np.isin(billed["uid"].to_numpy(), whole["uid"].to_numpy())]
    fresh = split.assign(item=split["component"], time=split["time"] + 20)[list(billed.columns)]
    # A bill may have nothing else; its parts go on before its packages leave.
    uid = stage.append(fresh)
    now = fresh.assign(uid=uid)
    stage.revise(lines=pd.concat([kept, now], ignore_index=True))
    return now.assign(beyond=split["beyond"], cents=split["cents"])[split["beyond"].to_numpy() > 0]


def _priced_parts(stage: Stage, provider: int) -> pd.DataFrame:
    """Return the parts of packages with the provider's price and, of it, what passes that of the package."""
    parts = packages(stage.world.catalogue)
    here = np.full(len(parts), provider)
    parts["cents"] = list_prices(stage.world, here, parts["component"].to_numpy())
    parts["price"] = list_prices(stage.world, here, parts["package"].to_numpy())
    parts = parts.sort_values(["package", "cents", "component"], ascending=[True, False, True], kind="stable")
    so_far = parts.groupby("package")["cents"].cumsum().to_numpy()
    return parts.assign(beyond=np.clip(so_far - parts["price"].to_numpy(), 0, parts["cents"].to_numpy()))


def plant_twin(stage: Stage) -> None:
    """Scan one part of the body, and another on a later day of the stay: no package was done."""
    rng = stage.rng(_CODE, "twin")
    hospital = busy_host(stage, rng, "secondary", "tertiary", encounter=INPATIENT)
    stays = standing(stage, hospital, (0, stage.world.calendar.n_days), INPATIENT)
    nights = stays["end"].to_numpy() // DAY - stays["start"].to_numpy() // DAY
    stays = stays[nights >= _SHORTEST]
    lines = stage.lines(stays["draft"].to_numpy())
    whole = lines["draft"].to_numpy()[np.isin(lines["item"].to_numpy(), stage.world.catalogue.group("ct_whole"))]
    stays = stays[~np.isin(stays["draft"].to_numpy(), whole)]
    stays = stays.iloc[np.sort(rng.permutation(len(stays))[:_SCANNED])]
    if not len(stays):
        raise NoRoomError("no hospital with stays long enough is left")
    first, later = (stage.world.catalogue.item(name) for name in ("上腹部CT平扫", "中腹部CT平扫"))
    for item, days_in in ((first, 1), (later, 3)):
        day = stays["start"].to_numpy() // DAY + days_in
        columns = {name: np.full(len(stays), default) for name, default in LINE_COLUMNS.items()}
        columns |= {
            "draft": stays["draft"].to_numpy(),
            "item": np.full(len(stays), item),
            "time": day * DAY + 10 * HOUR + rng.integers(0, 4 * HOUR, len(stays)),
            "prescriber": stays["doctor"].to_numpy(),
            "executor": stage.world.places.rota("technician", np.full(len(stays), hospital), day),
        }
        stage.append(pd.DataFrame(columns))
    stage.truth.add_twins("provider", [hospital], _CODE, _STAGED)


UNBUNDLING = Scheme(_CODE, 400, plant, plant_twin)
