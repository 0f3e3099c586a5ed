"""Words and columns of the sheets are those of the contract, in both languages, and lead back to it."""

from __future__ import annotations

import pytest

from features.claims import TABLES
from fraud.cases.line_columns import LINE_COLUMNS, SCALES
from fraud.cases.sheet_words import DECISIONS, WORDS, code_of, word_of
from fraud.cases.summary_columns import SUMMARY_COLUMNS, column_named


@pytest.mark.parametrize(
    ("column", "table", "name"),
    [
        ("decision", "labels", "decision"),
        ("subject_type", "labels", "subject_type"),
        ("selection_reason", "labels", "selection_reason"),
        ("kind", "providers", "provider_type"),
    ],
)
def test_every_word_of_the_contract_has_one_of_the_sheet(column: str, table: str, name: str) -> None:
    assert set(WORDS[column]) == set(TABLES[table].by_name[name].values)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_and_headings_lead_back(lang: str) -> None:
    for column, words in WORDS.items():
        assert [code_of(column, word_of(column, code, lang)) for code in words] == list(words)
    assert [column_named(column.label.of(lang)) for column in SUMMARY_COLUMNS] == [c.name for c in SUMMARY_COLUMNS]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_decisions_fit_a_drop_down(lang: str) -> None:
    # Its list is one comma-separated text of at most 255 characters.
    assert not any("," in text.of(lang) for text in DECISIONS.values())
    assert len(",".join(text.of(lang) for text in DECISIONS.values())) <= 255


def test_numbers_of_lines_are_scaled_as_the_contract_stores_them() -> None:
    stored = TABLES["claim_lines"].by_name
    scaled = {c.name: SCALES[c.kind] for c in LINE_COLUMNS if c.kind in SCALES and c.name in stored}
    assert scaled == {name: 10 ** stored[name].scale for name in scaled}
    assert {"unit_price", "quantity", "amount", "in_scope_amount"} <= set(scaled)
