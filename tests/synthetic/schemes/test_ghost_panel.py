"""D-45: people signed and paid for who never come; and a sign-up campaign of the last weeks."""

import numpy as np
import pytest

from experiments.synthetic.payer.family_doctors import contracts_table, sign_contracts
from experiments.synthetic.schemes.ghost_panel import GHOST_PANEL
from tests.synthetic.drafts import Drafts, drafts_of


def _planted(
    size: str,
    *,
    seed: int = 11,
    persons: int = 4_000,
    providers: int = 80,
    months: int = 5,
    billed: int | None = None,
) -> Drafts:
    drafts = drafts_of(persons, providers, months, seed=seed, billed=billed)
    stage = drafts.stage
    GHOST_PANEL.plant_twin(stage)
    GHOST_PANEL.plant(stage, size, 0)
    truth = stage.truth.tables(stage.world, drafts.who)
    drafts.register(contracts=contracts_table(stage.world, drafts.who, stage.contracts), **truth)
    return drafts


@pytest.fixture(scope="module")
def medium() -> Drafts:
    return _planted("medium")


def test_ghosts_are_signed_and_never_seen(medium):
    """Each used person has a contract with the guilty provider, months before the end, and not one visit there."""
    (provider,) = medium.rows("select provider_id from truth_providers")[0]
    used, signed, visits = medium.one(f"""
        select count(*), count(c.person_id), (select count(*) from visits v join truth_patients using (person_id)
        where v.provider_id = '{provider}')
        from truth_patients t left join contracts c on c.person_id = t.person_id and c.provider_id = '{provider}'
        and c.start_date <= date '2026-05-31' - 60 and c.end_date - c.start_date = 364""")
    assert used == signed > 100
    assert visits == 0
    elsewhere = medium.one("select count(*) from truth_patients t join contracts using (person_id)")
    assert elsewhere == used  # nobody else has signed them: the list was of people nobody missed


def test_panel_stands_out_and_keeps_its_honest_patients(medium):
    """Seen among signed: the guilty panel is far below the others, yet has people who come."""
    rates = dict(
        medium.rows("""
        with seen as (select distinct person_id, provider_id from visits)
        select provider_id, count(s.person_id) / count(*) from contracts c
        left join seen s using (person_id, provider_id)
        where c.start_date <= date '2026-05-31' - 60 group by 1 having count(*) >= 30""")
    )
    guilty = medium.rows("select provider_id from truth_providers")[0][0]
    others = [rate for provider, rate in rates.items() if provider != guilty]
    assert 0 < rates[guilty] < 0.6 * np.median(others)


def test_contracts_come_in_batches(medium):
    """A handful of signing spells of up to three days, and some entered as of the year before."""
    days = medium.rows("""
        select start_date - date '2026-01-01' d, count(*) from truth_patients join contracts using (person_id)
        group by 1 order by 1""")
    total = sum(n for _, n in days)
    within = [d for d, n in days if d >= 0]
    assert 3 <= len(within) <= 27
    assert 0.08 < sum(n for d, n in days if d < 0) / total < 0.35


def test_campaign_is_too_young_to_judge(medium):
    """The twin signs many unseen people too, but not one of the contracts is 60 days old when the window ends."""
    twin = medium.one("select subject_id from truth_twins where subject_type = 'provider'")
    people, youngest, oldest, seen = medium.one(f"""
        select count(*), min(date '2026-05-31' - start_date), max(date '2026-05-31' - start_date),
        (select count(*) from visits v join truth_twins t on t.subject_id = v.person_id where v.provider_id = '{twin}')
        from truth_twins t join contracts c on c.person_id = t.subject_id and c.provider_id = '{twin}'""")
    assert people > 40
    assert 0 <= youngest < oldest < 60
    assert seen == 0
    assert medium.one(f"select count(*) from truth_providers where provider_id = '{twin}'") == 0
    both = "select count(*) from truth_patients join truth_twins on subject_id = person_id"
    assert medium.one(both) == 0


def test_no_claim_is_guilty(medium):
    assert medium.one("select count(*) from truth_lines") == 0
    assert len(medium.stage.contracts) > len(set(sign_contracts(medium.stage.world)["provider"]))


def test_sizes_grow_and_seeds_vary():
    sizes = {size: _planted(size, persons=6_000, providers=60, months=3, billed=1) for size in ("small", "large")}
    n = {size: city.one("select count(*) from truth_patients") for size, city in sizes.items()}
    assert 80 <= n["small"] <= 125
    assert n["large"] > 4 * n["small"]
    # The size on record is the one reached: 2,000 strangers do not live around one centre of a city of 6,000.
    assert sizes["small"].one("select size from truth_providers") == "small"
    assert sizes["large"].one("select size from truth_providers") == ("large" if n["large"] >= 1_000 else "medium")
    other = _planted("small", seed=12, persons=2_000, providers=50, months=3, billed=1)
    shapes = [
        tuple(city.rows("select start_date, count(*) from truth_patients join contracts using (person_id) group by 1"))
        for city in (sizes["small"], other)
    ]
    assert set(shapes[0]) != set(shapes[1])


def test_ghosts_are_renewed():
    """In a window of fourteen months, contracts run out and begin again the next day."""
    city = _planted("small", persons=400, providers=32, months=14, billed=2)
    first, second = city.one("""
        select count(*) filter (n = 1), count(*) filter (n = 2 and gap = 1) from (select person_id, count(*) n,
        max(start_date) - min(end_date) gap from truth_patients join contracts using (person_id) group by 1)""")
    assert second > 0
    assert first + second == city.one("select count(*) from truth_patients")
