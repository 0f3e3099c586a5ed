"""An item for employees billed for a resident, for an employee, and for a civil servant."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def item(insurance_type):
    return one_line(item={"insurance_types": "employee|maternity"}, insurance_type=insurance_type)


EXAMPLES = {
    "hit": Example(item("resident"), frozenset({PROVIDER})),
    "near_miss": Example(item("employee")),
    "innocent_twin": Example(item("civil_servant")),
}
