"""For each rule a hit, a near miss and an innocent twin, with the arithmetic of the exposure; a file per rule."""

from tests.rules.examples import (
    card_bundling,
    claim_during_stay,
    clone_claims,
    duplicate_line,
    equal_payments,
    long_working_day,
    overlapping_stays,
    practitioner_day,
    service_after_death,
    stock_gap,
)

MODULES = (
    duplicate_line,
    overlapping_stays,
    claim_during_stay,
    service_after_death,
    practitioner_day,
    card_bundling,
    equal_payments,
    clone_claims,
    stock_gap,
    long_working_day,
)
EXAMPLES = {module.__name__.rpartition(".")[2]: module.EXAMPLES for module in MODULES}
