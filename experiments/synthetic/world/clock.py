"""The calendar: weekends, public holidays, the flu wave, opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

DAY = 86_400
HOUR = 3_600
_FIRST_YEAR, _LAST_YEAR = 2000, 2100  # of claims that are settled by machine

_FIXED_HOLIDAYS = (("元旦", 1, 1, 1), ("清明节", 4, 4, 3), ("劳动节", 5, 1, 5), ("国庆节", 10, 1, 7))
_MOVING_HOLIDAYS = {  # first day and length, as the State Council announced or as the lunar calendar gives them
    2024: (("春节", 2, 10, 8), ("端午节", 6, 8, 3), ("中秋节", 9, 15, 3)),
    2025: (("春节", 1, 28, 8), ("端午节", 5, 31, 3), ("中秋节", 10, 6, 1)),
    2026: (("春节", 2, 15, 9), ("端午节", 6, 19, 3), ("中秋节", 9, 25, 3)),
    2027: (("春节", 2, 5, 8), ("端午节", 6, 9, 1), ("中秋节", 9, 15, 1)),
    2028: (("春节", 1, 25, 8), ("端午节", 5, 28, 1), ("中秋节", 10, 3, 1)),
}

# Attendance by weekday, Monday first: hospitals keep few clinics at weekends, shops are busiest then.
_WEEK = {
    "hospital": (1.25, 1.12, 1.08, 1.05, 1.05, 0.62, 0.42),
    "clinic": (1.05, 1.0, 1.0, 1.0, 1.0, 0.95, 0.8),
    "pharmacy": (0.95, 0.95, 0.95, 0.97, 1.0, 1.12, 1.06),
    "admission": (1.35, 1.2, 1.12, 1.08, 0.98, 0.66, 0.6),
}
_ON_HOLIDAY = {"hospital": 0.3, "clinic": 0.55, "pharmacy": 0.8, "admission": 0.4}
_OPEN_HOURS = {  # centre and spread of the morning, of the afternoon, and the share of the morning
    "hospital": (9.4, 0.9, 14.9, 1.0, 0.66, 7.5, 18.0),
    "clinic": (9.6, 1.2, 16.0, 1.7, 0.52, 7.2, 20.5),
    "pharmacy": (10.2, 1.5, 17.4, 2.1, 0.42, 7.5, 21.8),
    "admission": (10.3, 1.2, 15.0, 1.2, 0.66, 8.0, 18.5),
}


def _holidays(first: date, last: date) -> list[tuple[date, str]]:
    days = []
    for year in range(first.year, last.year + 1):
        for name, month, day, length in (*_FIXED_HOLIDAYS, *_MOVING_HOLIDAYS.get(year, ())):
            days += [(date(year, month, day) + timedelta(days=i), name) for i in range(length)]
    return sorted((d, n) for d, n in dict(days).items() if first <= d <= last)


@dataclass(frozen=True)
class Month:
    """One claims month: its number in the window, its name, its first and last day counted from the window's first."""

    number: int
    name: str
    first_day: int
    last_day: int

    @property
    def n_days(self) -> int:
        """Days of the month."""
        return self.last_day - self.first_day + 1


@dataclass(frozen=True)
class Calendar:
    """The claims months of a city, counted in days from its first day."""

    first: date
    months: tuple[str, ...]
    month_first_day: tuple[int, ...]
    n_days: int

    @classmethod
    def of(cls, start: str, n_months: int) -> Calendar:
        """Build the calendar.

        Parameters
        ----------
        start : str
            First claims month, `YYYY-MM`.
        n_months : int
            Number of months, 1 to 60.

        Raises
        ------
        InputError
            When the start is no month or the number is out of range.
        """
        try:
            first = date.fromisoformat(f"{start}-01")
        except ValueError as error:
            raise InputError.of(f"start '{start}'", "of the city", "not a month", "write it as YYYY-MM") from error
        if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
            hint = f"name a month from {_FIRST_YEAR} to {_LAST_YEAR}"
            raise InputError.of(f"start '{start}'", "of the city", "no claims were settled electronically then", hint)
        if not 1 <= n_months <= 60:
            raise InputError.of("months", "of the city", str(n_months), "ask for 1 to 60 months")
        periods = [pd.Period(start, "M") + i for i in range(n_months + 1)]
        starts = [(p.start_time.date() - first).days for p in periods]
        return cls(first, tuple(str(p) for p in periods[:-1]), tuple(starts[:-1]), starts[-1])

    @property
    def spans(self) -> tuple[Month, ...]:
        """The claims months with their days."""
        ends = (*self.month_first_day[1:], self.n_days)
        return tuple(
            Month(i, name, first, end - 1)
            for i, (name, first, end) in enumerate(zip(self.months, self.month_first_day, ends, strict=True))
        )

    @property
    def epoch(self) -> int:
        """Midnight of the first day, in seconds since 1970."""
        return (self.first - date(1970, 1, 1)).days * DAY

    @property
    def end(self) -> int:
        """The first second after the last day, in seconds since the city's first midnight."""
        return self.n_days * DAY

    def holidays(self) -> pd.DataFrame:
        """One row per public holiday of the window: `date`, `name`."""
        rows = _holidays(self.first, self.first + timedelta(days=self.n_days - 1))
        return pd.DataFrame(rows, columns=["date", "name"])

    def month_of(self, day: int) -> str:
        """Return the month of a day counted from the first, bounded to the window."""
        index = np.searchsorted(self.month_first_day, min(max(day, 0), self.n_days - 1), side="right") - 1
        return self.months[int(index)]

    def attendance(self, place: str, *, wave: float = 0.0, lead: int = 0) -> npt.NDArray[np.float64]:
        """Return relative attendance per day, from `lead` days before the window to its end.

        Parameters
        ----------
        place : str
            `hospital`, `clinic`, `pharmacy` or `admission`.
        wave : float
            Height of the winter wave of respiratory infections over the rest of the year (1.0 doubles it).
        lead : int
            Days before the window that are wanted too.
        """
        days = np.arange(-lead, self.n_days)
        weekday = (days + self.first.weekday()) % 7
        weight = np.asarray(_WEEK[place])[weekday]
        off = {(d - self.first).days for d, _ in _holidays(self.first - timedelta(days=lead), self._last)}
        weight = np.where(np.isin(days, sorted(off)), weight * _ON_HOLIDAY[place], weight)
        year_day = (days + self.first.timetuple().tm_yday) % 365
        from_peak = np.minimum(np.abs(year_day - 15), 365 - np.abs(year_day - 15))  # the wave peaks in mid January
        season: npt.NDArray[np.float64] = weight * (1 + wave * np.exp(-((from_peak / 24.0) ** 2)))
        return season

    @property
    def _last(self) -> date:
        return self.first + timedelta(days=self.n_days - 1)

    def draw_days(
        self,
        rng: np.random.Generator,
        n: int,
        place: str,
        *,
        wave: float = 0.0,
        lead: int = 0,
        month: Month | None = None,
    ) -> npt.NDArray[np.int64]:
        """Draw days in proportion to attendance, of one month if given."""
        weight = self.attendance(place, wave=wave, lead=lead)
        first = -lead
        if month is not None:
            first = month.first_day
            weight = weight[lead + first : lead + month.last_day + 1]
        edges = np.cumsum(weight) / weight.sum()
        return np.minimum(np.searchsorted(edges, rng.random(n)), len(weight) - 1) + first

    def share_of(self, month: Month, place: str, *, wave: float = 0.0) -> float:
        """Attendance of a month as years of ordinary attendance: 1/12 and a little, more while the wave lasts."""
        weight = self.attendance(place, wave=wave)[month.first_day : month.last_day + 1]
        return float(weight.sum() / (365 * self._usual(place, wave)))

    def _usual(self, place: str, wave: float) -> float:
        """Mean daily attendance of a whole year, wave and weekends included."""
        wave_mean = 1 + wave * 24.0 * np.sqrt(np.pi) / 365
        return float(np.mean(_WEEK[place]) * wave_mean)

    @staticmethod
    def draw_seconds(rng: np.random.Generator, n: int, place: str) -> npt.NDArray[np.int64]:
        """Draw seconds of the day within opening hours."""
        m_centre, m_spread, a_centre, a_spread, morning_share, opens, closes = _OPEN_HOURS[place]
        morning = rng.random(n) < morning_share
        hours = np.where(morning, m_centre, a_centre) + np.where(morning, m_spread, a_spread) * rng.standard_normal(n)
        inside = np.where((hours < opens) | (hours > closes), opens + (closes - opens) * rng.random(n), hours)
        return (inside * HOUR).astype(np.int64)
