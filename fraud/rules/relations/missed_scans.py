"""When sales without a scan are more than what scans leave out by chance: one yardstick for all rules that ask."""

from __future__ import annotations

# What a provider leaves out of its scans otherwise, of so many sales at the least, may explain one in ten.
FEWEST_OTHERS, EXPLAINED = 20, 10
