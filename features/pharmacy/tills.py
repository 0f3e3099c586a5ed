"""Tills: concentration of purchases on one terminal or one cashier."""

from features.declare import Family, Feature
from features.expressions import hhi, largest_share
from features.vocabulary.text import Text

TERMINALS = Family(
    "pharmacy_tills",
    "药店收银",
    "provider",
    "select provider_key as subject_key, terminal_id, count(*) as n "
    "from counter_sales where terminal_id is not null group by provider_key, terminal_id",
    (
        Feature(
            "counter_terminals_hhi_ratio",
            Text("Concentration of purchases on terminals (HHI)", "终端集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("Nearly all goes through one terminal of several.", "有多台终端，结算却集中于一台。"),
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
            Text("Share of purchases by the busiest cashier", "首位收银员占比"),
            "share",
            largest_share("n"),
            Text("Nearly all goes through one of several cashiers.", "有多名收银员，结算却集中于一人。"),
            "high",
            ("P06", "P07"),
        ),
    ),
    needs=("settlements.operator_id",),
)
FAMILIES = (TERMINALS, CASHIERS)
