"""H34: what one fill may not have is written on several prescriptions of the same and the following days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H34"
_SHARES = {"small": 0.04, "medium": 0.15, "large": 0.4}  # of the visits with a drug
_HOSTS = ("community", "township", "clinic")
_FEWEST = 3  # visits at the least
_CLOSING = 21 * HOUR
_IN_PARTS = "the shelf was empty: the rest of one fill is handed out the next day, together no more than one fill"


def _drugs(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return a drug line of each visit, with the most packs of one fill, its person and its doctor."""
    visits = standing(stage, provider, span, OUTPATIENT)
    visits = visits[~np.isin(visits["person"].to_numpy(), sorted(stage.busy_persons))].drop_duplicates("person")
    lines = counted(stage, visits)
    limits = strictest_limits(stage.world.catalogue)
    item = lines["item"].to_numpy()
    most = limits["max_fill_quantity"].to_numpy(float)[item]
    course = limits["max_course_days"].to_numpy(float)[item]
    category = stage.world.catalogue.items["category"].to_numpy()[item]
    fit = np.isin(category, ("western_drug", "chinese_patent_drug")) & (most >= 4) & (most <= 20) & np.isnan(course)
    fit &= stage.world.catalogue.items["in_scope"].to_numpy()[item] > 0
    lines = lines.assign(most=np.nan_to_num(most).astype(np.int64))[fit].drop_duplicates("draft")
    heads = visits.set_index("draft")[["person", "doctor", "dx1", "start"]].reindex(lines["draft"])
    return pd.concat([lines.reset_index(drop=True), heads.reset_index(drop=True)], axis=1)


def _days(stage: Stage, item: npt.NDArray[np.int64], packs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the days that packs of a drug last."""
    each = np.nan_to_num(stage.world.catalogue.items["days_per_pack"].to_numpy(float)[item])
    days: npt.NDArray[np.int64] = np.maximum(1, packs * each).astype(np.int64)
    return days


def _again(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    provider: int,
    rows: pd.DataFrame,
    later: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Write the drug of each row once more, some seconds later, before closing; return the lines that stand."""
    bills, n = Bills(), len(rows)
    start = rows["start"].to_numpy()
    time = start + later
    time = np.maximum(np.minimum(time, time // DAY * DAY + _CLOSING), start + 600)
    doctor = rows["doctor"].to_numpy()
    draft = bills.open(
        source,
        n,
        person=rows["person"].to_numpy(),
        provider=provider,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=doctor,
        dx1=rows["dx1"].to_numpy(),
    )
    bills.charge(
        draft,
        rows["item"].to_numpy(),
        time + 240,
        quantity=rows["packs"].to_numpy(),
        days_supply=_days(stage, rows["item"].to_numpy(), rows["packs"].to_numpy()),
        prescriber=doctor,
    )
    return stage.lines(stage.add(bills))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider write several prescriptions where one would be too large."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS, busier=0.7)
    rows = _drugs(stage, provider, stage.window(rng))
    rows = rows.iloc[np.sort(rng.permutation(len(rows))[: max(_FEWEST, int(len(rows) * _SHARES[size]))])]
    if not len(rows):
        raise NoRoomError("no provider with visits enough is left")
    billed = stage.lines(rows["draft"].to_numpy())
    most = rows.set_index("uid")["most"].reindex(billed["uid"]).to_numpy(float)
    packs = np.where(np.isnan(most), billed["quantity"], most).astype(np.int64)
    days = np.where(np.isnan(most), billed["days_supply"], _days(stage, billed["item"].to_numpy(), packs))
    stage.revise(lines=billed.assign(quantity=packs, days_supply=days))
    rows = rows.assign(packs=rows["most"])
    parts = [
        _again(
            stage, rng, f"{_CODE}/{number}", provider=provider, rows=rows, later=HOUR + rng.integers(0, HOUR, len(rows))
        )
    ]
    thrice = rows[rng.random(len(rows)) < 0.6]
    parts.append(
        _again(stage, rng, f"{_CODE}/{number}/on", provider=provider, rows=thrice, later=np.full(len(thrice), DAY))
    )
    guilty = pd.concat(parts, ignore_index=True)
    if not len(guilty):
        raise NoRoomError("nobody could come again")
    visits = stage.book.visits_of(np.unique(guilty["draft"].to_numpy()))
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())
    stage.busy_persons.update(visits["person"].tolist())


def plant_twin(stage: Stage) -> None:
    """Let one provider hand out the rest of a fill on the next day."""
    rng = stage.rng(_CODE, "twin")
    provider = busy_host(stage, rng, *_HOSTS)
    rows = _drugs(stage, provider, (0, stage.world.calendar.n_days))
    rows = rows.assign(packs=rows["most"] - rows["quantity"])
    rows = rows[(rows["packs"].to_numpy() > 0) & (rng.random(len(rows)) < 0.08)]
    _again(stage, rng, f"{_CODE}/rest", provider=provider, rows=rows, later=np.full(len(rows), DAY))
    stage.truth.add_twins("provider", [provider], _CODE, _IN_PARTS)


SPLIT_PRESCRIPTIONS = Scheme(_CODE, 800, plant, plant_twin)
