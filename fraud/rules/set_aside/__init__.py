"""What a payer sets aside for a while: findings of a rule that are not shown until a day, for a reason, and reported.

`keep` holds set-asides in the workspace, `hidden` takes what they name out of the hits of a rule and counts it.
"""

from fraud.rules.set_aside.declare import SetAside
from fraud.rules.set_aside.hidden import Hidden
from fraud.rules.set_aside.keep import (
    KeptSetAside,
    begin_set_aside,
    end_set_aside,
    forget_subject,
    kept_set_asides,
    set_asides_on,
)

__all__ = [
    "Hidden",
    "KeptSetAside",
    "SetAside",
    "begin_set_aside",
    "end_set_aside",
    "forget_subject",
    "kept_set_asides",
    "set_asides_on",
]
