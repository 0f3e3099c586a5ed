"""Tills: whether one terminal or one cashier does most of it."""

from features.declare import Family, Feature
from features.expressions import hhi

TERMINALS = Family(
    "pharmacy_tills",
    "药店收银",
    "provider",
    "select provider_key as subject_key, terminal_id, count(*) as n "
    "from counter_sales where terminal_id is not null group by provider_key, terminal_id",
    (
        Feature(
            "counter_terminals_hhi_ratio",
            "Concentration of purchases on terminals (HHI)",
            "终端集中度（HHI）",
            "ratio",
            hhi("n"),
            "Cards are run at the terminal in the back room.",
            "high",
            ("P06", "P07"),
        ),
    ),
    needs=("settlements.terminal_id",),
)
CASHIERS = Family(
    "pharmacy_tills",
    "药店收银",
    "provider",
    "select provider_key as subject_key, operator_id, count(*) as n from counter_sales where operator_id is not null "
    "group by provider_key, operator_id",
    (
        Feature(
            "counter_top_cashier_share",
            "Share of purchases by the busiest cashier",
            "首位收银员占比",
            "share",
            "cast(max(n) as double) / sum(n)",
            "One of the staff knows what is going on.",
            "high",
            ("P06", "P07"),
        ),
    ),
    needs=("settlements.operator_id",),
)
FAMILIES = (TERMINALS, CASHIERS)
