"""Benefits: prices, scope, deductible, pooled fund, critical illness, medical aid, account, cash; all in cents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import (
    CHRONIC,
    DAY_SURGERY,
    INPATIENT,
    LIABLE,
    NOTHING_AT_THE_TILL,
    ORDINARY,
    PHARMACY,
    SPECIAL_DRUG,
)
from experiments.synthetic.payer.liability import liability_of
from experiments.synthetic.randomness import scramble, uniform
from experiments.synthetic.world.prices import list_prices

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.world import World

_LEVELS = ("tertiary", "secondary", "primary", "ungraded")
# Percent of what is in scope and over the deductible; rows employee, resident; columns as _LEVELS.
_STAY_RATE = np.array([(86, 89, 92, 92), (62, 72, 82, 82)])
_VISIT_RATE = np.array([(55, 60, 65, 65), (40, 50, 60, 60)])
_CHRONIC_RATE = np.array([(75, 78, 80, 80), (60, 65, 70, 70)])
_STAY_DEDUCTIBLE = np.array([(80_000, 50_000, 20_000, 20_000), (100_000, 60_000, 30_000, 30_000)])
_VISIT_DEDUCTIBLE_A_YEAR = 30_000
_CRITICAL_FROM, _CRITICAL_PERCENT = 1_200_000, 60
_AID_PERCENT, _FULL_RELIEF = 70, 0.25  # what medical aid pays, and the share of those for whom it pays all
_MEDICAL_AID = 4  # place in people.CATEGORIES
_RETIRED = 1
CAPS = np.array([35_000_000, 20_000_000])
_ACCOUNT_LIMIT = 200_000


def fully_relieved(world: World) -> npt.NDArray[np.bool_]:
    """Tell for whom medical aid pays all that is in scope and left: those whom the state supports wholly."""
    every = np.arange(len(world.people))
    relieved: npt.NDArray[np.bool_] = uniform(every, world.seed, "full relief") < _FULL_RELIEF
    relieved &= world.people.category == _MEDICAL_AID
    return relieved


def _aid_percent(world: World) -> npt.NDArray[np.int64]:
    return np.where(fully_relieved(world), 100, _AID_PERCENT)


class Accounts:
    """What persons have used of the year's benefits up to the month being settled.

    Months are settled in order; January begins a new year.
    """

    def __init__(self, n_persons: int) -> None:
        self.year = 0
        self._n = n_persons
        self._reset()
        self.paid = pd.DataFrame()  # how settlements that a later month reverses were paid, by draft

    def _reset(self) -> None:
        self.stays, self.visit_scope, self.fund = (np.zeros(self._n, np.int64) for _ in range(3))

    def enter(self, year: int) -> None:
        """Begin a month of that year."""
        if year != self.year:
            self._reset()
            self.year = year


def price_lines(world: World, visits: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Give every line its price, full price, amount and in-scope amount, and its number within the settlement."""
    items = world.catalogue.items
    order = np.lexsort((lines["uid"], lines["item"], lines["time"], lines["draft"]))
    lines = lines.iloc[order].reset_index(drop=True)
    draft = lines["draft"].to_numpy()
    by_draft = np.argsort(visits["draft"].to_numpy())
    row = by_draft[np.searchsorted(visits["draft"].to_numpy()[by_draft], draft)]
    provider = visits["provider"].to_numpy()[row]
    item = lines["item"].to_numpy()
    full = list_prices(world, provider, item)
    price = np.where(lines["price"].to_numpy() >= 0, lines["price"].to_numpy(), full)
    amount = price * lines["quantity"].to_numpy()
    scope = items["in_scope"].to_numpy().astype(np.int64)[item]
    in_scope = np.sign(amount) * (np.abs(amount) * scope // 10_000)
    starts = np.flatnonzero(np.r_[True, draft[1:] != draft[:-1]])
    number = np.arange(len(draft)) - np.repeat(starts, np.diff(np.r_[starts, len(draft)])) + 1
    return lines.assign(price=price, full=full, amount=amount, in_scope=in_scope, line_number=number)


def _sums(lines: pd.DataFrame, visits: pd.DataFrame, column: str) -> npt.NDArray[np.int64]:
    draft = lines["draft"].to_numpy()
    starts = np.flatnonzero(np.r_[True, draft[1:] != draft[:-1]])
    sums = np.add.reduceat(lines[column].to_numpy(), starts)
    found: npt.NDArray[np.int64] = sums[np.searchsorted(draft[starts], visits["draft"].to_numpy())]
    return found


def _running(
    values: npt.NDArray[np.int64], person: npt.NDArray[np.int64], before: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Cumulate within person on top of what each had before; rows must be sorted by person and time."""
    total = np.cumsum(values)
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    skipped = np.r_[0, total][starts]
    running: npt.NDArray[np.int64] = total - np.repeat(skipped, np.diff(np.r_[starts, len(values)])) + before[person]
    return running


def settle_visits(
    world: World,
    visits: pd.DataFrame,
    lines: pd.DataFrame,
    accounts: Accounts,
    reversed_later: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Split each settlement of a month between those who pay it.

    Parameters
    ----------
    world : World
        Who is insured how, and who charges what.
    visits, lines : DataFrame
        Drafts settled in one month, lines priced.
    accounts : Accounts
        What persons used before; brought up to date.
    reversed_later : array
        Sorted drafts that a later month reverses.

    Returns
    -------
    DataFrame
        One row per settlement, in order of time: the visit's columns and total, in_scope, deductible, pooled,
        critical, aid, fund, account, mutual, cash, cap, paid_to_date (cents). total = fund + account + cash.
    """
    sums = {"total": _sums(lines, visits, "amount"), "in_scope": _sums(lines, visits, "in_scope")}
    visits = visits.assign(**sums, liability=liability_of(world, visits))
    # Among equal times a settlement goes before what reverses it.
    visits = visits.iloc[np.lexsort((visits["draft"], visits["settle"], visits["person"]))].reset_index(drop=True)
    first_second = int(visits["settle"].min())
    accounts.enter((world.calendar.first + timedelta(seconds=first_second)).year)
    column: dict[str, npt.NDArray[Any]] = {name: visits[name].to_numpy() for name in visits.columns}
    person, forward = column["person"], column["reverses"] < 0
    paid = _payments(world, column, forward, person, accounts, with_rx=_with_rx(lines, column["draft"]))
    known = pd.concat([accounts.paid, pd.DataFrame({"draft": column["draft"], **paid})[forward]], ignore_index=True)
    order = np.argsort(known["draft"].to_numpy())
    source = order[np.searchsorted(known["draft"].to_numpy()[order], column["reverses"][~forward])]
    for name, values in paid.items():
        values[~forward] = -known[name].to_numpy()[source]
    paid["paid_to_date"] = _running(paid["fund"], person, accounts.fund)
    np.add.at(accounts.fund, person, paid["fund"])
    accounts.paid = known[np.isin(known["draft"].to_numpy(), reversed_later)]
    visits = visits.assign(**paid, cap=CAPS[world.people.insurance[person]])
    order = np.lexsort((scramble(visits["draft"].to_numpy(), world.seed, "settlement"), visits["settle"]))
    return visits.iloc[order].reset_index(drop=True)


def _with_rx(lines: pd.DataFrame, draft: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.isin(draft, lines["draft"].to_numpy()[lines["rx"].to_numpy() >= 0])


def _payments(
    world: World,
    column: dict[str, npt.NDArray[Any]],
    forward: npt.NDArray[np.bool_],
    person: npt.NDArray[np.int64],
    accounts: Accounts,
    *,
    with_rx: npt.NDArray[np.bool_],
) -> dict[str, npt.NDArray[np.int64]]:
    kind, total, in_scope = column["encounter"], column["total"], column["in_scope"]
    level_of = {name: place for place, name in enumerate(_LEVELS)}
    level = world.places.providers["provider_level"].map(level_of).to_numpy().astype(np.int64)[column["provider"]]
    insurance = world.people.insurance[person]
    stay = np.isin(kind, (INPATIENT, DAY_SURGERY))
    by_benefit = np.isin(kind, (CHRONIC, SPECIAL_DRUG))
    over_counter = (kind == PHARMACY) & ~with_rx
    rate = np.select(
        [stay, by_benefit, over_counter],
        [_STAY_RATE[insurance, level], _CHRONIC_RATE[insurance, level], np.zeros(len(kind), np.int64)],
        default=_VISIT_RATE[insurance, level],
    )
    rate = rate + ((world.people.category[person] == _RETIRED) & (rate > 0)) * 3
    new_stays = (stay & forward).astype(np.int64)
    stays_so_far = _running(new_stays, person, accounts.stays)
    np.add.at(accounts.stays, person, new_stays)
    for_stay = _STAY_DEDUCTIBLE[insurance, level] // np.where(stays_so_far > 1, 2, 1) * ~column["is_planned"]
    others = column["liability"] == LIABLE
    visit_scope = np.where(stay | by_benefit | over_counter | ~forward | others, 0, in_scope)
    used = _running(visit_scope, person, accounts.visit_scope) - visit_scope
    np.add.at(accounts.visit_scope, person, visit_scope)
    for_visit = np.maximum(0, _VISIT_DEDUCTIBLE_A_YEAR - used)
    waived = column["pays"] == NOTHING_AT_THE_TILL
    free = by_benefit | over_counter | waived | others
    deductible = np.where(free, 0, np.minimum(in_scope, np.where(stay, for_stay, for_visit)))
    deductible = np.maximum(deductible, 0)
    pooled = np.where(others, 0, np.maximum(in_scope - deductible, 0) * rate // 100)
    open_scope = np.where(over_counter | others, 0, in_scope - pooled)
    critical = np.where(stay, np.maximum(open_scope - _CRITICAL_FROM, 0) * _CRITICAL_PERCENT // 100, 0)
    poor = world.people.category[person] == _MEDICAL_AID
    aid = np.where(poor, (open_scope - critical) * _aid_percent(world)[person] // 100, 0)
    fund = pooled + critical + aid
    rest = total - fund
    luck = uniform(
        np.where(column["same_encounter_as"] >= 0, column["same_encounter_as"], column["draft"]), world.seed, "account"
    )
    own_account = (insurance == 0) & (luck < 0.84)
    relatives = (insurance == 1) & (luck < 0.12)
    account = np.where((own_account | relatives) & ~others, np.minimum(rest, _ACCOUNT_LIMIT), 0)
    account = np.where(column["pays"] == ORDINARY, account, rest)
    mutual = np.where(relatives, account, 0)
    return {
        "deductible": deductible,
        "pooled": pooled,
        "critical": critical,
        "aid": aid,
        "fund": fund,
        "account": account,
        "mutual": mutual,
        "cash": rest - account,
    }
