"""Every scheme code that the house names has words, and the city names codes only."""

from __future__ import annotations

import re

import pytest

from experiments.synthetic.schemes import SCHEMES
from features.catalogue import features
from features.vocabulary.entities import PROFILED
from features.vocabulary.schemes import check_schemes, schemes
from fraud.rings import KINDS
from fraud.rules import library_rules
from tests.house.sources import PACKAGES, texts, trees

CODE = re.compile(r"[PHTR]\d\d|D-\d\d")
# Files whose constants look like scheme codes and are diagnoses (ICD-10).
DIAGNOSES = {"features/facts/diagnoses.py", "features/pathways.py"}


@pytest.mark.parametrize("entity", PROFILED)
def test_schemes_of_features_have_words(entity):
    for name, feature in features(entity).items():
        check_schemes(feature.schemes, name)


def test_schemes_of_rules_rings_and_the_city_have_words():
    check_schemes([rule.scheme_code for rule in library_rules()], "rules")
    check_schemes([kind.scheme_code for kind in KINDS], "kinds of ring")
    check_schemes([scheme.code for scheme in SCHEMES], "the city")
    assert len({scheme.name for scheme in SCHEMES}) == len(SCHEMES) == 56
    assert len({scheme.code for scheme in SCHEMES}) == 51


def test_codes_written_anywhere_have_words():
    written = {
        (text, path)
        for path, tree in trees(*PACKAGES).items()
        if path not in DIAGNOSES
        for text in texts(tree)
        if CODE.fullmatch(text)
    }
    assert len({text for text, _ in written}) > 80
    assert {each for each in written if each[0] not in schemes()} == set()


def test_the_city_says_no_scheme_by_name():
    names = {text for scheme in schemes().values() for text in (scheme.name.en, scheme.name.zh)}
    said = {(path, text) for path, tree in trees("experiments/synthetic").items() for text in texts(tree)}
    assert {each for each in said if each[1] in names} == set()
