"""The payer's office: settles the drafts month by month and writes the tables of claims, registers and truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.drg import drg_groups_table, drg_table
from experiments.synthetic.goods.stock import Stock
from experiments.synthetic.goods.trace import trace_table
from experiments.synthetic.identity import Identity
from experiments.synthetic.payer import funds, registers, tables
from experiments.synthetic.payer.benefits import Accounts, price_lines, settle_visits
from experiments.synthetic.payer.enrolments import enrolments_table
from experiments.synthetic.payer.family_doctors import contracts_table
from experiments.synthetic.payer.referrals import referrals_table
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from experiments.synthetic.schemes import Stage


class Office:
    """Settles a city once.

    Parameters
    ----------
    stage : Stage
        The city's drafts, everything planted.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._world = stage.world
        self._who = Identity.of(stage.world)
        first_days = stage.world.calendar.month_first_day
        self._month_of = np.searchsorted(first_days, stage.visits["settle"].to_numpy() // DAY, side="right") - 1
        self._accounts = Accounts(len(stage.world.people))
        self._numbers = tables.LineNumbers()
        self._stock = Stock(stage.world, stage.goods)
        self._fund_paid: list[funds.Cents] = []
        self._paid_to = np.zeros(len(stage.world.places.providers), np.int64)

    def months(self) -> Iterator[tuple[str, dict[str, pa.Table]]]:
        """Settle the months in order: the name of each and its tables."""
        for month in self._world.calendar.spans:
            yield month.name, self._settled(month.number)

    def _settled(self, number: int) -> dict[str, pa.Table]:
        world, who, every = self._world, self._who, self._stage.visits
        visits = every[self._month_of == number].reset_index(drop=True)
        reversed_later = np.unique(every["reverses"].to_numpy()[self._month_of > number])
        lines = price_lines(world, visits, self._stage.lines(visits["draft"].to_numpy()))
        visits = settle_visits(world, visits, lines, self._accounts, reversed_later)
        self._numbers.enter(lines)
        self._stage.truth.note_month(visits, lines)
        self._stock.note(visits, lines)
        self._fund_paid.append(funds.fund_paid(world, visits))
        np.add.at(self._paid_to, visits["provider"].to_numpy(), visits["fund"].to_numpy())
        written = {
            "settlements": tables.settlements_table(world, who, visits),
            "claim_lines": tables.lines_table(
                world, who, lines, visits, self._numbers, code_maps=self._stage.register.code_maps
            ),
            "diagnoses": tables.diagnoses_table(world, who, visits),
            "procedures": tables.procedures_table(world, who, visits),
            "drg_assignments": drg_table(world, who, visits),
            "trace_events": trace_table(world, who, self._stage.goods, visits, lines),
        }
        self._numbers.leave(reversed_later)
        return written

    def registers(self) -> dict[str, pa.Table]:
        """Write the tables that know no claims month, once every month is settled."""
        world, who, stage = self._world, self._who, self._stage
        guilty = {provider for provider, *_ in stage.truth.providers}
        return {
            "prescriptions": tables.prescriptions_table(world, who, stage.prescriptions),
            "referrals": referrals_table(world, who, stage.visits),
            "stock_movements": self._stock.table(who),
            "stay_leaves": tables.leaves_table(world, who, stage.all_leaves()),
            "family_doctor_contracts": contracts_table(world, who, stage.contracts),
            "persons": registers.persons_table(world, who, stage.household, stage.register),
            "enrolments": enrolments_table(world, who, stage.visits, stage.register.enrolments),
            "providers": registers.providers_table(world, who, stage.register),
            "practitioners": registers.practitioners_table(world, who, stage.register),
            "fund_months": funds.fund_months_table(world, self._fund_paid),
            "payment_budgets": funds.budgets_table(world, who, self._paid_to),
            "surveys": funds.surveys_table(world, who, stage.visits),
            "complaints": funds.complaints_table(world, who, sorted(guilty)),
            "ref_items": registers.items_table(world),
            "ref_item_pairs": registers.pairs_table(world),
            "ref_item_packages": registers.packages_table(world),
            "ref_prices": registers.prices_table(world),
            "ref_regions": registers.regions_table(world),
            "ref_holidays": registers.holidays_table(world),
            "ref_drg_groups": drg_groups_table(world),
        }

    def truth(self) -> dict[str, pa.Table]:
        """Write the tables of `truth.csv`, once every month is settled."""
        return self._stage.truth.tables(self._world, self._who)
