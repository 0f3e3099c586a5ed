"""The book finds lines again, whoever wrote them, and never gives a number twice."""

import numpy as np
import pytest

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.care.book import Book


def bills_of(source: str, *lines_per_visit: int, first_uid: int = 0):
    bills = Bills()
    draft = bills.open(source, len(lines_per_visit), person=np.arange(len(lines_per_visit)), provider=0)
    for visit, n in zip(draft, lines_per_visit, strict=True):
        bills.charge(np.full(n, visit), np.arange(n), 60 * np.arange(n))
    return bills.ledger(first_uid), draft


@pytest.fixture
def book(tmp_path):
    book = Book(tmp_path / "lines")
    for source, first_uid in (("first", 0), ("second", 1_000)):
        ledger, _ = bills_of(source, 2, 3, first_uid=first_uid)
        book.shelve(ledger)
    return book


def test_lines_of_some_drafts_come_back_from_disk(book):
    drafts = book.visits["draft"].to_numpy()
    assert sorted(book.lines(drafts[[3, 0]])["item"]) == [0, 0, 1, 1, 2]
    assert len(book.lines(drafts)) == 2 + 3 + 2 + 3
    assert book.lines(drafts)["uid"].is_unique


def test_numbers_left_out_are_not_given_again(book):
    """Of 2 + 4 lines the first visit's 2 are left out; the next lines still get numbers of their own."""
    ledger, draft = bills_of("scheme", 2, 4, first_uid=book.next_uid)
    book.add(ledger.without(draft[:1]))
    again, _ = bills_of("other scheme", 3, first_uid=book.next_uid)
    book.add(again)
    uids = book.lines(book.visits["draft"].to_numpy())["uid"]
    assert len(uids) == 10 + 4 + 3
    assert uids.is_unique


def test_rewritten_lines_replace_those_on_disk(book):
    drafts = book.visits["draft"].to_numpy()
    lines = book.lines(drafts[:1])
    book.rewrite_lines(lines.assign(quantity=5, uid=[lines["uid"].iloc[0], -1]))
    found = book.lines(drafts[:1])
    assert found["quantity"].tolist() == [5, 5]
    assert lines["uid"].iloc[0] in found["uid"].tolist()
    assert lines["uid"].iloc[1] not in found["uid"].tolist()
    assert len(book.lines(drafts)) == 10


def test_removed_drafts_are_gone(book):
    drafts = book.visits["draft"].to_numpy()
    book.remove(drafts[:2])
    assert book.visits["draft"].tolist() == drafts[2:].tolist()
    assert len(book.lines(drafts)) == 2 + 3


def test_unknown_drafts_cannot_be_rewritten(book):
    with pytest.raises(KeyError, match="draft"):
        book.rewrite_visits(book.visits.iloc[:1].assign(draft=5))
