"""Relations after a delta: of the rows that it leaves, and kept beside what was counted before."""

import pytest

from features.claims import ClaimsStore
from features.claims.store.history import as_it_was
from tests.support.deltas import bill, line, started, take


@pytest.fixture
def start(tmp_path):
    return started(tmp_path)


def sums(report):
    return next((each.n_checked, each.n_failing) for each in report.quality if each.name == "lines add up")


def test_relations_speak_of_the_rows_that_a_delta_leaves(start):
    wrong = take(start, ["settlements"], settlements=[bill("S1", "8.00", "U")], claim_lines=[line("S1", 1, "7.00")])
    assert sums(wrong) == (1, 1)
    right = take(start, ["settlements"], settlements=[bill("S1", "9.00", "U")], claim_lines=[line("S1", 1, "9.00")])
    assert sums(right) == (1, 0)
    gone = take(start, ["settlements"], settlements=[bill("S1", "7.00", "D")])
    assert [each.name for each in gone.quality if each.n_failing] == []


def test_what_was_counted_of_a_month_goes_on_beside_what_is_counted_of_its_changes(start):
    def of_month():
        return ClaimsStore.open(start / "store").relations(["2026-03"])["lines add up"]

    assert of_month() == (2, 0)
    changes = {"settlements": [bill("S1", "8.00", "U")], "claim_lines": [line("S1", 1, "7.00")]}
    take(start, ["settlements"], **changes)
    assert of_month() == (3, 1)
    take(start, ["settlements"], **changes)
    assert of_month() == (3, 1)


def test_what_was_counted_is_kept_though_the_same_rows_come_back(start):
    found = []
    for amount in ("7.00", "8.00", "7.00", "8.00", "9.00"):
        take(start, ["settlements"], settlements=[bill("S1", amount, "U")])
        store = ClaimsStore.open(start / "store")
        found.append((store.snapshot(), store.relations(["2026-03"])))
    assert found[0][0] == found[2][0]
    assert found[0][1] != found[2][1]
    for digest, counts in found:
        assert as_it_was(
            store, lambda then, d=digest, c=counts: (then.snapshot(), then.relations(["2026-03"])) == (d, c)
        )
