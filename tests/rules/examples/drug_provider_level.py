"""A drug of tertiary hospitals at a primary one, at a tertiary one, and on the prescription of a tertiary one."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(level, *, issued_by="P1"):
    world = one_line(line=DRUG | {"prescription_id": "X1"}, item={"min_provider_level": "tertiary"}, referral_id=None)
    world.add("providers", provider_id="P1", provider_type="hospital", provider_level=level)
    world.add("providers", provider_id="P3", provider_type="hospital", provider_level="tertiary")
    return world.add(
        "prescriptions", prescription_id="X1", person_id="A", issuing_provider_id=issued_by,
        issue_time="2026-03-05 09:00:00",
    )  # fmt: skip


EXAMPLES = {
    "hit": Example(drug("primary"), frozenset({PROVIDER})),
    "near_miss": Example(drug("tertiary")),
    "innocent_twin": Example(drug("primary", issued_by="P3")),
}
