"""A drug that internet hospitals may not have paid: on their prescription, allowed, and on a hospital's paper."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(*, is_allowed=False, provider_type="retail_pharmacy", channel="internet_hospital"):
    item, provider = {"is_internet_allowed": is_allowed}, {"provider_type": provider_type}
    world = one_line(line=DRUG | {"prescription_id": "X1"}, item=item, provider=provider)
    return world.add(
        "prescriptions", prescription_id="X1", person_id="A", issuing_provider_id="P1", channel=channel,
        issue_time="2026-03-05 09:00:00",
    )  # fmt: skip


EXAMPLES = {
    "hit": Example(drug(), frozenset({PROVIDER})),
    "near_miss": Example(drug(is_allowed=True)),
    "innocent_twin": Example(drug(provider_type="internet_hospital", channel="hospital_system")),
}
