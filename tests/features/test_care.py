"""Kinds of care, drugs and providers are those of the contract, and nobody types them out again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import features
from features.claims import TABLES
from features.vocabulary.care import BED_ENCOUNTERS, BOXED_DRUGS, CHRONIC_ENCOUNTERS, DRUGS, PRIMARY_CARE
from features.vocabulary.entities import PHARMACIES

FOLDER = Path(features.__file__).parent
LISTED = re.compile(r"\b(encounter_type|item_type|provider_type) (not )?in \('")


@pytest.mark.parametrize(
    ("kinds", "table", "column"),
    [
        (BED_ENCOUNTERS, "settlements", "encounter_type"),
        (CHRONIC_ENCOUNTERS, "settlements", "encounter_type"),
        (BOXED_DRUGS, "claim_lines", "item_type"),
        (DRUGS, "claim_lines", "item_type"),
        (PRIMARY_CARE, "providers", "provider_type"),
        (PHARMACIES, "providers", "provider_type"),
    ],
)
def test_kinds_are_those_of_the_contract(kinds: tuple[str, ...], table: str, column: str) -> None:
    assert set(kinds) < set(TABLES[table].by_name[column].values)


def test_no_statement_types_out_a_list_of_kinds() -> None:
    files = [path for path in FOLDER.rglob("*.py") if "claims" not in path.parts]
    assert len(files) > 80
    assert [path.name for path in files if LISTED.search(path.read_text(encoding="utf-8"))] == []
