"""A city generated month by month: care and schemes first, then the settled months, then registers and truth."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.synthetic.care.book import Book
from experiments.synthetic.care.care import Care
from experiments.synthetic.care.closing import settled_in_order
from experiments.synthetic.payer.office import Office
from experiments.synthetic.payer.referrals import with_referrals
from experiments.synthetic.randomness import stream
from experiments.synthetic.schemes import NoRoomError, Stage, choose_schemes
from experiments.synthetic.schemes.parts.split_packs import open_boxes
from experiments.synthetic.slips import plant_slips
from experiments.synthetic.truth import Truth
from experiments.synthetic.world.agreements import given_up
from experiments.synthetic.world.world import make_world
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from experiments.synthetic.schemes import Scheme


@dataclass(frozen=True)
class CityRequest:
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


class CityByMonth:
    """A city with its care and schemes decided, to be settled once, month by month; one month is in memory at a time.

    Parameters
    ----------
    request : CityRequest
        What the city was asked to be.
    stage : Stage
        Its drafts, schemes planted.
    not_planted : tuple of str
        What the city had no room for: look-alikes, instances, sizes that came out smaller.
    """

    def __init__(self, request: CityRequest, stage: Stage, not_planted: tuple[str, ...]) -> None:
        self.request = request
        self.not_planted = not_planted
        self._office = Office(stage)

    @property
    def by_month(self) -> Iterator[tuple[str, dict[str, pa.Table]]]:
        """Settle the months in order, once: the name of each and its tables; memory holds one month's lines."""
        return self._office.months()

    def registers(self) -> dict[str, pa.Table]:
        """Write the tables that know no claims month, once every month is settled."""
        return self._office.registers()

    def truth(self) -> dict[str, pa.Table]:
        """Write the tables of `truth.csv`, once every month is settled."""
        return self._office.truth()


@contextmanager
def generate_city(
    persons: int,
    providers: int,
    months: int,
    start: str,
    seed: int,
    *,
    schemes: str,
    scratch: Path | None = None,
) -> Iterator[CityByMonth]:
    """Generate a city up to the point where its months can be settled.

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
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="invented-city-", dir=scratch) as folder:
        book = Book(Path(folder))
        for ledger in care.months():
            book.shelve(ledger)
        stage = Stage(world, care.presence, care.absent, book, Truth(), world.people.household.copy())
        stage.busy.update(given_up(world).tolist())
        open_boxes(stage)
        not_planted = _plant(stage, chosen, providers, schemes)
        plant_slips(stage)
        visits, late = settled_in_order(with_referrals(world, book.visits), world.calendar.end)
        book.rewrite_visits(visits)
        book.remove(late)
        request = CityRequest(persons, providers, world.calendar.months, seed, schemes)
        yield CityByMonth(request, stage, not_planted)


def _plant(stage: Stage, chosen: tuple[tuple[Scheme, str | None], ...], providers: int, asked: str) -> tuple[str, ...]:
    """Plant the schemes; with `all` as many as the city has room for; of a code asked for by name it has one way."""
    plan = []
    for scheme, size in chosen:
        rng = stream(stage.world.seed, f"how many/{scheme.name}") if asked == "all" else None
        sizes = scheme.sizes(providers, size, rng)
        plan += [(scheme, sizes)] if sizes else []
    missing = []
    for scheme, _ in plan:
        n_before = len(stage.truth.twins)
        try:
            scheme.plant_twin(stage)
        except NoRoomError:
            part = "a part of its" if len(stage.truth.twins) > n_before else "its"
            missing.append(f"{scheme.name}: {part} look-alikes")
    for scheme, sizes in plan:
        for number, size in enumerate(sizes):
            n_before = len(stage.truth.providers)
            try:
                scheme.plant(stage, size, number)
            except NoRoomError as error:
                if asked != "all" and number == 0 and not scheme.way:
                    hint = (
                        f"ask for more than {providers} providers, or for fewer schemes: look-alikes take providers too"
                    )
                    raise InputError.of(f"scheme {scheme.code}", "in --schemes", str(error), hint) from error
                missing.append(f"{scheme.name}: one {size} instance")
            else:
                reached = {row[-1] for row in stage.truth.providers[n_before:]}
                missing += [f"{scheme.name}: {size} came out {other}" for other in sorted(reached - {size})]
    return tuple(missing)
