"""A prescription 31 minutes after the sale, 30 minutes, and on the day of a sale without a time."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def sold(issued, settled="2026-03-05 18:00:00"):
    shop = {"provider_type": "retail_pharmacy"}
    world = one_line(line=DRUG | {"prescription_id": "X1"}, provider=shop, encounter_type="pharmacy", settled=settled)
    return world.add(
        "prescriptions",
        prescription_id="X1",
        person_id="A",
        issuing_provider_id="P1",
        issue_time=f"2026-03-05 {issued}",
    )


EXAMPLES = {
    "hit": Example(sold("18:31:00"), frozenset({PROVIDER})),
    "near_miss": Example(sold("18:30:00")),
    "innocent_twin": Example(sold("18:31:00", settled="2026-03-05 00:00:00")),
}
