"""A tertiary service at a secondary hospital, at a tertiary one, and by a practitioner of a tertiary one."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def service(level, *, registered_at="P1"):
    world = one_line(line={"executor_id": "D1"}, item={"min_provider_level": "tertiary"})
    world.add("providers", provider_id="P1", provider_type="hospital", provider_level=level)
    world.add("providers", provider_id="P3", provider_type="hospital", provider_level="tertiary")
    return world.add("practitioners", practitioner_id="D1", provider_id=registered_at)


EXAMPLES = {
    "hit": Example(service("secondary"), frozenset({PROVIDER})),
    "near_miss": Example(service("tertiary")),
    "innocent_twin": Example(service("secondary", registered_at="P3")),
}
