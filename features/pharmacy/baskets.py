"""Baskets: what is bought together, in which amounts, and whether everybody buys the same."""

from features.declare import Family, Feature
from features.expressions import hhi, mean, ratio, share_among
from features.vocabulary.text import Text

_SALES = "select provider_key as subject_key, * from counter_sales"
BASKETS = Family(
    "pharmacy_baskets",
    "药店购物篮",
    "provider",
    _SALES,
    (
        Feature(
            "counter_drugs_per_sale_ratio",
            Text("Drugs per purchase", "次均药品种数"),
            "ratio",
            ratio("n_items", "case when n_items > 0 then 1 else 0 end"),
            Text(
                "Low: few drugs may stand for other goods. High: a card may be emptied at once.",
                "偏低可能以药代物，偏高可能在集中刷空账户。",
            ),
            "both",
            ("T08", "P06"),
        ),
        Feature(
            "counter_single_drug_share",
            Text("Share of purchases of one drug", "单一药品购药占比"),
            "share",
            share_among("n_items > 0", "n_items = 1"),
            Text("One drug at a fitting price can make up any sum.", "用单一药品即可凑出任意金额。"),
            "high",
            ("P07", "T08"),
        ),
    ),
    needs=("claim_lines",),
)
KINDS_OF_BASKET = Family(
    "pharmacy_baskets",
    "药店购物篮",
    "provider",
    "select provider_key as subject_key, n_items, item_sum, item_squares, count(*) as n from counter_sales "
    "where n_items > 1 group by provider_key, n_items, item_sum, item_squares",
    (
        Feature(
            "counter_repeated_basket_share",
            Text("Share of purchases of several drugs whose basket another purchase repeats", "多药购物篮重复占比"),
            "share",
            "cast(sum(case when n > 1 then n else 0 end) as double) / sum(n)",
            Text("Different cards buy the same basket again and again.", "不同的卡反复购买同样的药品组合。"),
            "high",
            ("P06",),
            missing_means="no purchase of several drugs",
        ),
    ),
    needs=("claim_lines",),
)
RUNS = Family(
    "pharmacy_baskets",
    "药店购物篮",
    "provider",
    # A purchase is in a run when it is among five in a row, of different persons, that span ten minutes at the most.
    """
    select provider_key as subject_key, max(is_end) over (
        partition by provider_key, n_items, item_sum, item_squares, is_counted order by moment, settlement_key
        rows between current row and 4 following) as is_in_run
    from (
      select c.*, case when is_counted and moment - lag(moment, 4) over (
          partition by provider_key, n_items, item_sum, item_squares, is_counted order by moment, settlement_key
        ) <= 600 then 1 else 0 end as is_end
      from (
        select s.*, case when is_proxy_purchase then false else coalesce(person_key <> lag(person_key) over (
            partition by provider_key, n_items, item_sum, item_squares, is_proxy_purchase
            order by moment, settlement_key), true) end as is_counted
        from counter_sales s where n_items > 0
      ) c
    ) e
    """,
    (
        Feature(
            "counter_bundled_cards_share",
            Text(
                "Share of purchases in runs of five people with one basket within ten minutes",
                "十分钟内五人同篮连续购药占比",
            ),
            "share",
            mean("is_in_run"),
            Text(
                "Several cards minutes apart with one basket: one person may hold them. "
                "Registered proxies are left out.",
                "数分钟内多卡同篮，可能一人持多卡；登记代办已排除。",
            ),
            "high",
            ("P06",),
        ),
    ),
    needs=("claim_lines",),
)
ITEMS = Family(
    "pharmacy_baskets",
    "药店购物篮",
    "provider",
    "select subject_key, n, last_month, is_new, row_number() over (partition by subject_key order by n desc, item_key) "
    "as place, oldest_months_back from (select provider_key as subject_key, item_key, count(*) as n, "
    "cast(sum(case when months_back = 1 then amount else 0 end) as bigint) as last_month, "
    "max(months_back) = 1 as is_new from drug_lines where is_pharmacy group by provider_key, item_key) i "
    "cross join (select max(months_back) as oldest_months_back from visits) k",
    (
        Feature(
            "counter_top3_drugs_lines_share",
            Text("Share of lines on the three drugs sold most", "前3种药品明细占比"),
            "share",
            "cast(sum(case when place <= 3 then n else 0 end) as double) / sum(n)",
            Text("Goods outside the catalogue may be booked as a few drugs.", "非药商品可能串换成少数几种药品结算。"),
            "high",
            ("T08", "T01"),
        ),
        Feature(
            "counter_drugs_hhi_ratio",
            Text("Concentration of lines on drugs (HHI)", "药品明细集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("An ordinary shop sells many drugs.", "正常药店销售品种分散。"),
            "high",
            ("T08", "T01"),
        ),
        Feature(
            "counter_new_drugs_share_1m",
            Text("Share of this month's money on drugs not sold here before", "当月新售药品费用占比"),
            "share",
            "case when max(oldest_months_back) > 1 then "
            "cast(sum(case when is_new then last_month else 0 end) as double) "
            "/ nullif(sum(last_month), 0) end",
            Text(
                "Returned or swapped drugs change what is sold within a month.",
                "回流或串换药品会使销售品种在短期内改变。",
            ),
            "high",
            ("T02", "T08"),
            "1m",
            "no earlier month in the window, or nothing sold this month",
        ),
    ),
    needs=("claim_lines",),
)
LINES = Family(
    "pharmacy_baskets",
    "药店购物篮",
    "provider",
    "select provider_key as subject_key, * from drug_lines",
    (
        Feature(
            "counter_packs_per_line_ratio",
            Text("Packs per line", "明细均包装数"),
            "ratio",
            "cast(sum(case when is_pharmacy then quantity end) as double) / 10000 "
            "/ nullif(sum(case when is_pharmacy then 1 else 0 end), 0)",
            Text("More packs at once than an illness needs may be sold on.", "单次盒数超出治疗所需，可能被转卖。"),
            "high",
            ("P02", "P07"),
        ),
        Feature(
            "counter_chinese_patent_share",
            Text("Share of drug money on Chinese patent drugs", "中成药费用占比"),
            "share",
            ratio(
                "case when is_pharmacy and item_type = 'chinese_patent_drug' then amount else 0 end",
                "case when is_pharmacy then amount end",
            ),
            Text("Tonics among them can be sold to anybody.", "其中滋补类品种最易用于刷卡换购。"),
            "high",
            ("T08", "P07"),
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (BASKETS, KINDS_OF_BASKET, RUNS, ITEMS, LINES)
