"""A city being invented: care and schemes first, then the settled months one by one, then registers and truth."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from features.errors import InputError
from fraud.synthetic import registers, tables
from fraud.synthetic.benefits import Accounts, price_lines, settle_visits
from fraud.synthetic.book import Book
from fraud.synthetic.care import Care
from fraud.synthetic.closing import settled_in_order
from fraud.synthetic.identity import Identity
from fraud.synthetic.randomness import stream
from fraud.synthetic.referrals import referrals_table, with_referrals
from fraud.synthetic.schemes import NoRoomError, Stage, choose_schemes
from fraud.synthetic.truth import Truth
from fraud.synthetic.world import make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from fraud.synthetic.schemes import Scheme
    from fraud.synthetic.world import World


@dataclass(frozen=True)
class Asked:
    """What a city was asked to be.

    Attributes
    ----------
    persons, providers : int
        Insured persons and providers under agreement.
    months : tuple of str
        Claims months, `YYYY-MM`.
    seed : int
        Equal seeds give equal cities.
    schemes : str
        `all`, `none`, or codes with sizes.
    """

    persons: int
    providers: int
    months: tuple[str, ...]
    seed: int
    schemes: str


class Invention:
    """A city with its care and schemes decided, to be settled once, month by month.

    Parameters
    ----------
    asked : Asked
        What to invent.
    world : World
        Its land, people and providers.
    stage : Stage
        Its drafts, schemes planted.
    not_planted : tuple of str
        Schemes for which no provider was left.
    """

    def __init__(self, asked: Asked, world: World, stage: Stage, not_planted: tuple[str, ...]) -> None:
        self.asked = asked
        self.not_planted = not_planted
        self._world = world
        self._stage = stage
        self._who = Identity.of(world)
        self._month_of = np.searchsorted(world.calendar.month_first_day, _settle_day(stage.visits), side="right") - 1

    @property
    def by_month(self) -> Iterator[tuple[str, dict[str, pa.Table]]]:
        """Settle the months in order, once: the name of each and its tables; memory holds one month's lines."""
        accounts, numbers = Accounts(len(self._world.people)), tables.LineNumbers()
        for month in self._world.calendar.spans:
            yield month.name, self._settled(month.number, accounts, numbers)

    def _settled(self, number: int, accounts: Accounts, numbers: tables.LineNumbers) -> dict[str, pa.Table]:
        world, who, every = self._world, self._who, self._stage.visits
        visits = every[self._month_of == number].reset_index(drop=True)
        reversed_later = np.unique(every["reverses"].to_numpy()[self._month_of > number])
        lines = price_lines(world, visits, self._stage.lines(visits["draft"].to_numpy()))
        visits = settle_visits(world, visits, lines, accounts, reversed_later)
        numbers.enter(lines)
        self._stage.truth.note_month(visits, lines)
        written = {
            "settlements": tables.settlements_table(world, who, visits),
            "claim_lines": tables.lines_table(world, who, lines, visits, numbers),
            "diagnoses": tables.diagnoses_table(world, who, visits),
            "procedures": tables.procedures_table(world, who, visits),
            "drg_assignments": tables.drg_table(world, who, visits),
        }
        numbers.leave(reversed_later)
        return written

    def registers(self) -> dict[str, pa.Table]:
        """Write the tables that know no claims month, once every month is settled."""
        world, who, stage = self._world, self._who, self._stage
        return {
            "prescriptions": tables.prescriptions_table(world, who, stage.prescriptions),
            "referrals": referrals_table(world, who, stage.visits),
            "stay_leaves": tables.leaves_table(world, who, stage.all_leaves()),
            "persons": registers.persons_table(world, who, stage.household),
            "providers": registers.providers_table(world, who),
            "practitioners": registers.practitioners_table(world, who, stage.teams),
            "ref_items": registers.items_table(world),
            "ref_item_pairs": registers.pairs_table(world),
            "ref_item_packages": registers.packages_table(world),
            "ref_prices": registers.prices_table(world),
            "ref_regions": registers.regions_table(world),
            "ref_holidays": registers.holidays_table(world),
            "ref_drg_groups": registers.drg_groups_table(world),
        }

    def truth(self) -> dict[str, pa.Table]:
        """Write the tables of `truth.csv`, once every month is settled."""
        return self._stage.truth.tables(self._world, self._who)


@contextmanager
def invent(
    persons: int,
    providers: int,
    months: int,
    start: str,
    seed: int,
    *,
    schemes: str,
    scratch: Path | None = None,
) -> Iterator[Invention]:
    """Invent a city up to the point where its months can be settled.

    Parameters
    ----------
    persons, providers, months : int
        Insured persons (at least 300), providers (at least 30), claims months (1 to 60).
    start : str
        First claims month, `YYYY-MM`.
    seed : int
        Equal seeds give equal cities.
    schemes : str
        `all`, `none`, or codes with sizes such as `R01,H04:large`.
    scratch : Path, optional
        Where lines lie until they are settled, about 60 bytes each; the system's temporary folder by default.

    Raises
    ------
    InputError
        For numbers out of range, a start that is no month, an unknown scheme or size, or a scheme asked for by name
        in a city too small for it.
    """
    chosen = choose_schemes(schemes)
    world = make_world(persons, providers, months, start, seed)
    care = Care(world)
    with tempfile.TemporaryDirectory(prefix="invented-city-", dir=scratch) as folder:
        book = Book(Path(folder))
        for ledger in care.months():
            book.shelve(ledger)
        stage = Stage(world, care.presence, book, Truth(), world.people.household.copy())
        not_planted = _plant(stage, chosen, providers, schemes)
        visits, late = settled_in_order(with_referrals(world, book.visits), world.calendar.end)
        book.rewrite_visits(visits)
        book.remove(late)
        asked = Asked(persons, providers, world.calendar.months, seed, schemes)
        yield Invention(asked, world, stage, not_planted)


def _plant(stage: Stage, chosen: tuple[tuple[Scheme, str | None], ...], providers: int, asked: str) -> tuple[str, ...]:
    """Plant the schemes; with `all` a city has as many as its size allows, those asked for by name it must have."""
    plan = []
    for scheme, size in chosen:
        rng = stream(stage.world.seed, f"how many/{scheme.code}") if asked == "all" else None
        sizes = scheme.sizes(providers, size, rng)
        plan += [(scheme, sizes)] if sizes else []
    missing = []
    for scheme, _ in plan:
        try:
            scheme.plant_twin(stage)
        except NoRoomError:
            missing.append(f"{scheme.code} twin")
    for scheme, sizes in plan:
        for number, size in enumerate(sizes):
            try:
                scheme.plant(stage, size, number)
            except NoRoomError as error:
                if asked != "all" and number == 0:
                    hint = "ask for more providers or fewer schemes"
                    raise InputError.of(f"scheme {scheme.code}", "in --schemes", str(error), hint) from error
                missing.append(f"{scheme.code} {size}")
    return tuple(missing)


def _settle_day(visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    days: npt.NDArray[np.int64] = visits["settle"].to_numpy() // 86_400
    return days
