"""For each rule a hit, a near miss and an innocent twin, with the arithmetic of the exposure; a file per rule."""

from tests.rules.examples import (
    box_sold_elsewhere,
    claim_during_stay,
    code_at_two_sellers,
    code_settled_again,
    duplicate_line,
    long_working_day,
    overlapping_stays,
    practitioner_day,
    purchases_resold,
    service_after_death,
)

MODULES = (
    duplicate_line,
    overlapping_stays,
    claim_during_stay,
    service_after_death,
    practitioner_day,
    code_settled_again,
    box_sold_elsewhere,
    code_at_two_sellers,
    purchases_resold,
    long_working_day,
)
EXAMPLES = {module.__name__.rpartition(".")[2]: module.EXAMPLES for module in MODULES}
