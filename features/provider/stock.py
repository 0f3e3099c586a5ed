"""Stock: drugs sold against drugs bought and booked."""

from features.declare import Family, Feature
from features.expressions import ratio, share_known
from features.vocabulary.text import Text

# Opening stock of the first month in the books, closing stock of the last; one row per provider, drug and month.
_BOOKS = """
select i.provider_key, i.item_key, i.sold, i.amount, i.purchased, f.opening_quantity as opening,
  l.closing_quantity as closing
from (
  select provider_key, item_key, cast(sum(sold_quantity) as bigint) as sold,
    cast(sum(sold_amount) as bigint) as amount, cast(sum(purchased_quantity) as bigint) as purchased,
    min(case when purchased_quantity is not null then month end) as first_month,
    max(case when purchased_quantity is not null then month end) as last_month
  from stock_facts group by provider_key, item_key
) i
left join stock_facts f on f.provider_key = i.provider_key and f.item_key = i.item_key and f.month = i.first_month
left join stock_facts l on l.provider_key = i.provider_key and l.item_key = i.item_key and l.month = i.last_month
"""
BALANCE = Family(
    "stock",
    "进销存",
    "provider",
    f"select provider_key as subject_key, sold, amount, case when purchased is null then 1 else 0 end as is_unbooked, "
    "coalesce(opening, 0) + purchased as available, coalesce(opening, 0) + purchased - closing as left_shelf "
    f"from ({_BOOKS}) i where sold > 0 and amount > 0",
    (
        Feature(
            "stock_short_items_share",
            Text("Share of drugs of which more was sold than ever lay there", "销量超可供量药品占比"),
            "share",
            share_known("available", "sold > available"),
            Text("More was billed than books say was there.", "结算销量超过账面可供数量。"),
            "high",
            ("H39", "T09"),
            missing_means="no drug in its books",
            needs=("stock_movements.opening_quantity",),
        ),
        Feature(
            "stock_short_amount_share",
            Text("Share of booked drug money beyond what was bought", "超可供量费用占比"),
            "share",
            ratio(
                "case when sold > available then "
                "cast(round(cast(sold - available as double) * amount / sold) as bigint) else 0 end",
                "case when available is not null then amount end",
            ),
            Text("Money billed for quantities that books do not show.", "所涉金额在账面上没有对应货源。"),
            "high",
            ("H39", "T08"),
            missing_means="no drug in its books",
            needs=("stock_movements.opening_quantity",),
        ),
        Feature(
            "stock_gap_amount_share",
            Text("Share of booked drug money beyond what left the shelf by the books", "超账面出库费用占比"),
            "share",
            ratio(
                "case when sold > left_shelf then "
                "cast(round(cast(sold - greatest(left_shelf, 0) as double) * amount / sold) as bigint) else 0 end",
                "case when left_shelf is not null then amount end",
            ),
            Text("Billed quantities did not leave the books.", "结算的数量没有从账面出库。"),
            "high",
            ("H39", "T09"),
            missing_means="no drug with a closing stock",
            needs=("stock_movements.opening_quantity", "stock_movements.closing_quantity"),
        ),
        Feature(
            "stock_unbooked_share",
            Text("Share of drug money on drugs that the books do not know", "无进销存记录费用占比"),
            "share",
            "cast(sum(is_unbooked * amount) as double) / sum(amount)",
            Text("Drugs are billed that appear in no stock record.", "结算的药品在进销存中没有记录。"),
            "high",
            ("H39", "T08"),
        ),
    ),
    needs=("stock_movements",),
)
COUNTING = Family(
    "stock",
    "进销存",
    "provider",
    "select provider_key as subject_key, opening_quantity, lag(closing_quantity) over "
    "(partition by provider_key, item_key order by month) as closed from stock_facts",
    (
        Feature(
            "stock_edited_opening_share",
            Text("Share of months whose opening stock is not the last closing stock", "期初与上期期末不符占比"),
            "share",
            "cast(sum(case when opening_quantity <> closed then 1 else 0 end) as double) "
            "/ nullif(count(case when opening_quantity is not null then closed end), 0)",
            Text(
                "Opening stock differs from the last closing: a correction, or an edited book.",
                "期初与上期期末不符：或属更正，或被改账。",
            ),
            "high",
            ("H39",),
            missing_means="fewer than two months in its books",
            needs=("stock_movements.opening_quantity", "stock_movements.closing_quantity"),
        ),
    ),
    needs=("stock_movements",),
)
FAMILIES = (BALANCE, COUNTING)
