"""The insurer's check at the counter: what passes a limit is not billed by those who heed it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import ENCOUNTERS, NONE
from experiments.synthetic.care.recognition import Recognition
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.limits import exclusive_pairs, second_line, strictest_limits
from experiments.synthetic.world.people import INSURANCE, NEVER

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.care.bills import Ledger
    from experiments.synthetic.world.world import World

    Numbers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_LEVELS = ("primary", "secondary", "tertiary")
_COURSE_GAP_DAYS = 30  # a course is over when the item was not used for so long
_BIRTHDAY_MARGIN = 3  # days; ages near a birthday are left to others
_SPAN = 10_000  # days, beyond any window
_AGE_YEAR = 365.25


def _allowed(words: list[object], names: list[str], *, prefix: bool = False) -> Flags:
    """Mark for every item (rows) the names (columns) that its limit admits; all of them without a limit."""
    table = np.ones((len(words), len(names)), bool)
    for row, word in enumerate(words):
        if isinstance(word, str):
            starts = tuple(word.split("|"))
            table[row] = [name.startswith(starts) if prefix else name in starts for name in names]
    return table


class Prechecks:
    """Leaves out of the months' bills what a limit forbids, in all versions of it that ever held.

    Months must come in order: intervals, frequencies and courses reach from one into the next. Where lines come too
    close together, later ones are left out even if the line before them was left out too.

    Parameters
    ----------
    world : World
        The city whose bills are checked.
    """

    def __init__(self, world: World) -> None:
        catalogue = world.catalogue
        limits = strictest_limits(catalogue)
        self._world = world
        self._limits = {name: limits[name].to_numpy() for name in limits.columns}
        codes = catalogue.diagnoses["code"].tolist()
        # One column more than there are diagnoses: place NONE admits nothing by itself.
        held = _allowed(limits["diagnosis_prefixes"].tolist(), codes, prefix=True)
        self._diagnoses = np.c_[held, np.zeros(len(held), bool)]
        self._encounters = _allowed(limits["encounter_types"].tolist(), list(ENCOUNTERS))
        self._insurance = _allowed(limits["insurance_types"].tolist(), list(INSURANCE))
        least = limits["min_provider_level"].map({name: i for i, name in enumerate(_LEVELS)})
        self._least_level = least.fillna(NONE).to_numpy(np.int64)
        level = world.places.providers["provider_level"].map({name: i for i, name in enumerate(_LEVELS)})
        self._level = level.fillna(len(_LEVELS)).to_numpy(np.int64)  # the ungraded are not bound
        gender = limits["gender_limit"].map({"male": 0, "female": 1})
        self._gender = gender.fillna(NONE).to_numpy(np.int64)
        self._min_age = np.nan_to_num(limits["min_age_years"].to_numpy(float), nan=-1.0) * _AGE_YEAR
        self._max_age = (np.nan_to_num(limits["max_age_years"].to_numpy(float), nan=200.0) + 1) * _AGE_YEAR
        self._pack_days = np.nan_to_num(catalogue.items["days_per_pack"].to_numpy(float), nan=1.0)
        self._pairs = exclusive_pairs(catalogue)
        self._recognition = Recognition(world)
        self._second_line = second_line(catalogue)
        n = len(world.people)
        self._first_use = {priors: np.full(n, NEVER) for priors in dict.fromkeys(self._second_line.values())}
        interval = limits["min_days_between"].to_numpy(float)
        window, most = (limits[name].to_numpy(float) for name in ("frequency_window_days", "frequency_max_count"))
        # An interval is a frequency of one.
        self._window = np.nan_to_num(np.where(np.isnan(interval), window, interval), nan=-1.0)
        self._most = np.nan_to_num(np.where(np.isnan(interval), most, 1.0), nan=-1.0).astype(np.int64)
        self._used = (np.zeros(0, np.int64), np.zeros(0, np.int64))  # key and day of items with a frequency
        self._courses = (
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
            np.zeros(0),
        )  # key, day on which the last is used up, days so far

    def heeded(self, ledger: Ledger) -> Ledger:
        """Return a month's bills without what the limits forbid; visits may be left without lines.

        Parameters
        ----------
        ledger : Ledger
            The next month, before refunds.
        """
        lines, visits = ledger.lines, ledger.visits
        draft = visits["draft"].to_numpy()
        order = np.argsort(draft)
        row = order[np.searchsorted(draft[order], lines["draft"].to_numpy())]
        lines = self._admitted(lines, visits, row)
        row = row[lines.index.to_numpy()]
        person, provider = visits["person"].to_numpy()[row], visits["provider"].to_numpy()[row]
        fits = self._frequent(lines, person) & self._in_course(lines, person, visits["is_stay"].to_numpy(bool)[row])
        fits &= self._alone(lines, person, provider) & self._recognition.admits(lines, visits, row)
        lines, person = self._daily(lines[fits], person[fits])
        return replace(ledger, lines=lines.reset_index(drop=True))

    def _admitted(self, lines: pd.DataFrame, visits: pd.DataFrame, row: Numbers) -> pd.DataFrame:
        """Keep lines of items meant for the person, the illness and the place, cut to the largest fill."""
        people = self._world.people
        item = lines["item"].to_numpy()
        person = visits["person"].to_numpy()[row]
        day = lines["time"].to_numpy() // DAY
        age = people.age_days[person] + day
        dx = [visits[name].to_numpy()[row] for name in ("dx1", "dx2", "dx3")]
        fits = np.logical_or.reduce([self._diagnoses[item, d] for d in dx])
        fits |= np.logical_and.reduce([d == NONE for d in dx])
        fits &= self._encounters[item, visits["encounter"].to_numpy()[row]]
        fits &= self._insurance[item, people.insurance[person]]
        fits &= self._level[visits["provider"].to_numpy()[row]] >= self._least_level[item]
        fits &= (self._gender[item] == NONE) | (self._gender[item] == people.female[person])
        fits &= (age >= self._min_age[item] + _BIRTHDAY_MARGIN) | (self._min_age[item] < 0)
        fits &= age < self._max_age[item] - _BIRTHDAY_MARGIN
        fits &= self._second(item, person, day)
        most = self._limits["max_fill_quantity"].astype(float)[item]
        quantity, supply = lines["quantity"].to_numpy(), lines["days_supply"].to_numpy()
        over = quantity > np.nan_to_num(most, nan=np.inf)
        fill = np.where(over, np.nan_to_num(most), quantity).astype(np.int64)
        supply = np.where(over & (supply >= 0), supply * fill // np.maximum(quantity, 1), supply)
        kept: pd.DataFrame = lines.assign(quantity=fill, days_supply=supply)[fits]
        return kept

    def _second(self, item: Numbers, person: Numbers, day: Numbers) -> Flags:
        """Admit second-line drugs from the day after one of the first line."""
        for priors, first in self._first_use.items():
            used = np.isin(item, priors)
            np.minimum.at(first, person[used], day[used])
        fits = np.ones(len(item), bool)
        for drug, priors in self._second_line.items():
            on = np.flatnonzero(item == drug)
            fits[on] = self._first_use[priors][person[on]] < day[on]
        return fits

    def _frequent(self, lines: pd.DataFrame, person: Numbers) -> Flags:
        """Keep a line when the one so many before it is a window away."""
        item, day = lines["item"].to_numpy(), lines["time"].to_numpy() // DAY
        fits = np.ones(len(item), bool)
        own = np.flatnonzero(self._most[item] >= 0)
        key = person[own] * len(self._most) + item[own]
        before_key, before_day = self._used
        keys, days = np.r_[before_key, key], np.r_[before_day, day[own]]
        order = np.lexsort((np.arange(len(keys)), days, keys))
        keys, days = keys[order], days[order]
        most, window = (column[keys % len(self._most)] for column in (self._most, self._window))
        earlier = np.maximum(np.arange(len(keys)) - most, 0)
        same = (np.arange(len(keys)) >= most) & (keys[earlier] == keys)
        fine = np.empty(len(keys), bool)
        fine[order] = ~same | (days - days[earlier] > window)
        fits[own] = fine[len(before_key) :]
        recent = days >= days.max(initial=0) - self._window.max(initial=0) - _COURSE_GAP_DAYS
        self._used = keys[recent], days[recent]
        return fits

    def _in_course(self, lines: pd.DataFrame, person: Numbers, stay: Flags) -> Flags:
        """Keep lines within the longest course, counted from the first use after a pause."""
        longest = self._limits["max_course_days"].astype(float)
        item, day = lines["item"].to_numpy(), lines["time"].to_numpy() // DAY
        fits = np.ones(len(item), bool)
        own = np.flatnonzero(~np.isnan(longest[item]))
        key, day = person[own] * len(longest) + item[own], day[own]
        supply, packs = lines["days_supply"].to_numpy()[own], lines["quantity"].to_numpy()[own]
        length = np.where(supply >= 0, supply, np.where(stay[own], 1, packs * self._pack_days[item[own]]))
        order = np.lexsort((day, key))
        key, day, length = key[order], day[order], length[order]
        new_key = np.r_[True, key[1:] != key[:-1]] if len(key) else np.zeros(0, bool)
        used_up = day + length.astype(np.int64)
        pause = np.r_[_SPAN, day[1:] - used_up[:-1]] if len(key) else day
        known, last, so_far = self._courses
        place = np.minimum(np.searchsorted(known, key), max(len(known) - 1, 0))
        follows = new_key & (known[place] == key) if len(known) else np.zeros(len(key), bool)
        goes_on = np.zeros(len(key), bool)
        goes_on[follows] = day[follows] - last[place[follows]] <= _COURSE_GAP_DAYS
        begins = new_key | (pause > _COURSE_GAP_DAYS)
        carried = np.where(goes_on, so_far[place] if len(known) else 0.0, 0.0)
        total = np.cumsum(length)
        starts = np.flatnonzero(begins)
        spans = np.diff(np.r_[starts, len(key)])
        in_course = total - np.repeat(np.r_[0.0, total][starts] - carried[starts], spans)
        fine = np.empty(len(key), bool)
        fine[order] = in_course <= longest[key % len(longest)]
        fits[own] = fine
        ends = np.flatnonzero(np.r_[new_key[1:], True]) if len(key) else starts
        others = ~np.isin(known, key[ends])
        merged = np.r_[known[others], key[ends]]
        by_key = np.argsort(merged)
        self._courses = (
            merged[by_key],
            np.r_[last[others], used_up[ends]][by_key],
            np.r_[so_far[others], in_course[ends]][by_key],
        )
        return fits

    def _alone(self, lines: pd.DataFrame, person: Numbers, provider: Numbers) -> Flags:
        """Keep the second of an exclusive pair only where the first is not billed with it."""
        item, day, draft = lines["item"].to_numpy(), lines["time"].to_numpy() // DAY, lines["draft"].to_numpy()
        fits = np.ones(len(item), bool)
        same_day = (provider * len(self._world.people) + person) * _SPAN + _SPAN // 4 + day
        for first, second, scope in zip(*(self._pairs[c] for c in ("item", "excluded", "scope")), strict=True):
            key = same_day if scope == "same_day" else draft
            seconds = np.flatnonzero(item == second)
            fits[seconds] &= ~np.isin(key[seconds], key[item == first])
        return fits

    def _daily(self, lines: pd.DataFrame, person: Numbers) -> tuple[pd.DataFrame, Numbers]:
        """Cut the quantities of a day to the daily maximum, the later line first."""
        most = self._limits["max_daily_quantity"].astype(float)[lines["item"].to_numpy()]
        own = np.flatnonzero(~np.isnan(most))
        item, time = lines["item"].to_numpy()[own], lines["time"].to_numpy()[own]
        quantity = lines["quantity"].to_numpy().copy()
        key = (person[own] * len(self._most) + item) * _SPAN + time // DAY + _SPAN // 4
        order = np.lexsort((time, key))
        given = quantity[own][order]
        total = np.cumsum(given)
        starts = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0]) if len(own) else own
        spans = np.diff(np.r_[starts, len(own)])
        before = total - given - np.repeat((total - given)[starts], spans)
        quantity[own[order]] = np.clip(most[own][order].astype(np.int64) - before, 0, given)
        left = quantity > 0
        return lines.assign(quantity=quantity)[left], person[left]
