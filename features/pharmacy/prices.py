"""Prices: against other pharmacies, against the shop's own, and drugs sold at a single price."""

from features.declare import Family, Feature
from features.expressions import ratio, share_of
from features.vocabulary.text import Text

PRICES = Family(
    "pharmacy_prices",
    "药店价格",
    "provider",
    "select l.provider_key as subject_key, l.amount, l.quantity, "
    "cast(round(l.quantity * u.price) as bigint) as usual_amount, "
    "cast(sum(l.amount) over (partition by l.provider_key, l.item_key) as double) "
    "/ sum(l.quantity) over (partition by l.provider_key, l.item_key) as own_price, "
    "cast(l.amount as double) / l.quantity as price from drug_lines l "
    "join counter_prices u on u.item_key = l.item_key where l.is_pharmacy",
    (
        Feature(
            "counter_price_level_ratio",
            Text("Money taken over the same drugs at the usual pharmacy price", "药价与同地药店中位价之比"),
            "ratio",
            ratio("amount", "usual_amount"),
            Text("Higher prices use up accounts faster.", "药价偏高会更快耗尽个人账户。"),
            "high",
            ("T14", "P07"),
        ),
        Feature(
            "counter_price_jump_share",
            Text(
                "Share of lines more than 8 percent off the shop's own price of the drug", "偏离本店均价8%以上明细占比"
            ),
            "share",
            share_of("abs(price - own_price) * 100 > own_price * 8"),
            Text("Prices may be bent until the sum fits.", "可能临时调价以凑足金额。"),
            "high",
            ("P07", "T14"),
        ),
    ),
    needs=("claim_lines",),
)
STIFFNESS = Family(
    "pharmacy_prices",
    "药店价格",
    "provider",
    "select provider_key as subject_key, item_key, "
    "count(distinct round(cast(amount as double) * 10000 / quantity)) as n_prices "
    "from drug_lines where is_pharmacy group by provider_key, item_key having count(*) >= 5",
    (
        Feature(
            "counter_one_price_drugs_share",
            Text("Share of drugs sold five times or more at a single price", "单一价格药品占比"),
            "share",
            share_of("n_prices = 1"),
            Text(
                "Low: prices are moved to make sums. High: nothing may really be sold.",
                "偏低可能随意改价凑数，偏高可能并无真实销售。",
            ),
            "both",
            ("T08", "P07"),
            missing_means="no drug sold five times",
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (PRICES, STIFFNESS)
