"""For each rule a hit, a near miss and an innocent twin, with the arithmetic of the exposure; a file per rule."""

from tests.rules.examples import (
    claim_during_stay,
    dual_channel_without_centre,
    duplicate_line,
    ignored_reminder,
    long_working_day,
    overlapping_stays,
    practitioner_day,
    service_after_death,
)

MODULES = (
    duplicate_line,
    overlapping_stays,
    claim_during_stay,
    service_after_death,
    practitioner_day,
    ignored_reminder,
    dual_channel_without_centre,
    long_working_day,
)
EXAMPLES = {module.__name__.rpartition(".")[2]: module.EXAMPLES for module in MODULES}
