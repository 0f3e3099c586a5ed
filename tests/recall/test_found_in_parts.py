"""What months find of a line one after the other is added up; what one month finds twice is not."""

import pandas as pd

from experiments.recall.claims import locate
from fraud.engine_settings import EngineSettings
from tests.rules.world import World
from tests.support.claims import make_store


def test_boxes_of_one_line_found_in_two_months(tmp_path):
    world = World().bill("S1", lines=[("2026-01-05", "PILL", 4, 100)]).bill("S2", lines=[("2026-02-05", "PILL", 1, 25)])
    # January tells of one box to the provider and to the patient, February of two more.
    findings = pd.DataFrame(
        {
            "finding_id": ["F1", "F2", "F3"], "month": ["2026-01", "2026-01", "2026-02"], "source": "rule",
            "code": "resold", "scheme_code": "P09",
        }
    )  # fmt: skip
    lines = pd.DataFrame(
        {
            "finding_id": ["F1", "F2", "F3"], "settlement_id": "S1",
            "line_number": pd.array([1, 1, 1], dtype="Int64"), "role": "violating",
            "exposure_amount": [2500, 2500, 5000],
        }
    )  # fmt: skip
    planted = pd.DataFrame({"settlement_id": ["S1"], "line_number": [1], "scheme_code": "P09", "exposure_amount": 7500})
    found = locate(
        make_store(tmp_path, world.tables()), planted, findings, lines,
        months=["2026-01", "2026-02"], first="2026-01", limits=EngineSettings(threads=1),
    )  # fmt: skip
    assert found.reported[["settlement_id", "line_number", "code", "exposure_amount"]].to_numpy().tolist() == [
        ["S1", 1, "resold", 7500]
    ]
    assert found.planted["exposure_amount"].tolist() == [7500]
