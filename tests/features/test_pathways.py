"""Who is on a pathway of care, and with whom such patients are compared."""

import re
from itertools import pairwise

import pandas as pd
import pytest

from features.pathways import PATHWAYS
from tests.support.profiles import profiles_of


def _claims(*people):
    """Visits of persons, each with the principal diagnoses given, as tables."""
    settlements, diagnoses = [], []
    for person, codes, encounter in people:
        for number, code in enumerate(codes):
            name = f"{person}-{number}"
            time = f"2026-01-{number + 1:02d} 10:00:00"
            row = {"settlement_id": name, "settle_time": time, "person_id": person, "encounter_type": encounter}
            settlements.append(row)
            diagnoses.append({"settlement_id": name, "sequence_number": "1", "diagnosis_code": code})
    return {"settlements": settlements, "diagnoses": diagnoses}


@pytest.mark.parametrize(
    ("codes", "encounter", "pathway"),
    [
        (["C34.1", "Z51.1"], "outpatient", "cancer"),
        (["C34.1"], "outpatient", None),
        (["C34.1"], "inpatient", "cancer"),
        (["N18.5", "N18.5", "C34.1", "C34.1", "C34.1"], "outpatient", "cancer"),
        (["174.9", "V58.1"], "outpatient", "cancer"),
        (["585.6", "V56.0"], "outpatient", "kidney_failure"),
        (["I10", "J06.9"], "outpatient", None),
    ],
)
def test_the_pathway_is_what_most_visits_name(tmp_path, codes, encounter, pathway):
    built = profiles_of(tmp_path, _claims(("P1", codes, encounter)))
    assert built.patients.attributes["care_pathway"].where(lambda known: known.notna(), None).tolist() == [pathway]


def test_patients_on_a_pathway_are_peers_of_each_other_alone(tmp_path):
    people = [(f"C{number}", ["C34.1", "Z51.1"], "outpatient") for number in range(21)]
    people += [(f"H{number}", ["I10", "I10"], "outpatient") for number in range(21)]
    groups = profiles_of(tmp_path, _claims(*people)).patients.peers.group
    assert all(name.startswith("cancer") == subject.startswith("C") for subject, name in groups.items())
    assert groups.index.is_monotonic_increasing


def test_no_group_of_diagnoses_is_of_two_pathways():
    ranges = sorted(group for each in PATHWAYS for group in each.groups)
    assert all(len(low) == len(high) == 3 and low <= high for low, high in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
    assert all(re.search("[\u4e00-\u9fff]", each.title.zh) for each in PATHWAYS)
    assert pd.Index([each.name for each in PATHWAYS]).is_unique
