"""Of a crowded night all patients beyond the licence count, those who came last in the day among them."""

import pytest

from tests.rules.world import World


def test_who_came_last_in_the_day_has_no_bed(found):
    world = World().add("providers", provider_id="P1", provider_type="hospital", licensed_beds=10)
    for each in range(12):
        # The later an identifier, the earlier the patient came; 1,000.00 for ten nights.
        times = {"admit_time": f"2026-03-01 {20 - each}:00:00"}
        lines = [("2026-03-01", "BED", 1, 1000 + each)]
        world.stay(f"S{each:02d}", "2026-03-01", "2026-03-11", person_id=f"N{each}", lines=lines, **times)
    reported, run = found(world, "beds_beyond_licence")
    assert reported == {("provider", "P1"): (200100, 2)}
    assert set(run.findings.lines["settlement_id"]) == {"S00", "S01"}


def test_the_next_in_line_has_the_bed_of_who_leaves(found):
    world = World().add("providers", provider_id="P1", provider_type="hospital", licensed_beds=1)
    stays = {"S1": ("2026-03-01", "2026-03-11"), "S2": ("2026-03-02", "2026-03-21"), "S3": ("2026-03-11", "2026-03-19")}
    for key, (admitted, left) in stays.items():
        world.stay(key, admitted, left, person_id=key, lines=[(admitted, "BED", 1, 190)])
    # Nine of nineteen nights of the second, all eight of the third.
    assert found(world, "beds_beyond_licence")[0] == {("provider", "P1"): (9000 + 19000, 2)}


def test_stays_before_are_named_once_the_days_are_many(found):
    world = World().add("providers", provider_id="P1", provider_type="hospital", licensed_beds=1)
    # Two patients on six nights of February, and on six of March; and one night more of April.
    for month, n_nights in (("2026-02", 6), ("2026-03", 6), ("2026-04", 1)):
        for each in range(2):
            lines = [(f"{month}-10", "BED", 1, 100)]
            last = f"{month}-{10 + n_nights}"
            world.stay(f"{month}-{each}", f"{month}-10", last, person_id=f"N{month}{each}", lines=lines)
    assert not found(world, "beds_beyond_licence", "2026-02")[0]
    assert found(world, "beds_beyond_licence", "2026-03")[0] == {("provider", "P1"): (20000, 2)}
    assert found(world, "beds_beyond_licence", "2026-04")[0] == {("provider", "P1"): (10000, 1)}


@pytest.mark.parametrize(("last_night", "said"), [(10, {("provider", "P1"): (10000, 1)}), (9, {})])
def test_a_bed_is_free_after_the_last_night_that_is_billed(found, last_night, said):
    # One bed, two patients, both discharged on paper on 11 March; the first may have gone home a day before.
    world = World().add("providers", provider_id="P1", provider_type="hospital", licensed_beds=1)
    for each, last in enumerate((last_night, 10)):
        nights = [(f"2026-03-{day:02d}", "BED", 1, 10) for day in range(1, last + 1)]
        world.stay(f"S{each}", "2026-03-01", "2026-03-11", person_id=f"N{each}", lines=nights)
    assert found(world, "beds_beyond_licence")[0] == said
