"""Stock: what was sold must have been bought."""

from features.declare import Family, Feature

_BOOKS = (
    "select provider_key, item_key, cast(sum(sold_quantity) as bigint) as sold, "
    "cast(sum(sold_amount) as bigint) as amount, cast(sum(purchased_quantity) as bigint) as purchased, "
    "cast(sum(case when nth = 1 and is_booked = 1 then opening_quantity end) as bigint) as opening, "
    "cast(sum(case when last = 1 and is_booked = 1 then closing_quantity end) as bigint) as closing from ("
    "select s.*, row_number() over (partition by provider_key, item_key, is_booked order by month) as nth, "
    "row_number() over (partition by provider_key, item_key, is_booked order by month desc) as last from ("
    "select f.*, case when purchased_quantity is null then 0 else 1 end as is_booked from stock_facts f) s) b "
    "group by provider_key, item_key"
)
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
            "Share of drugs of which more was sold than ever lay there",
            "销量超可供量药品占比",
            "share",
            "cast(sum(case when sold > available then 1 else 0 end) as double) / nullif(count(available), 0)",
            "Drugs are billed that were never bought.",
            "high",
            ("H39", "T09"),
            missing_means="no drug in its books",
            needs=("stock_movements.opening_quantity",),
        ),
        Feature(
            "stock_short_amount_share",
            "Share of booked drug money beyond what was bought",
            "超可供量费用占比",
            "share",
            "cast(sum(case when sold > available then cast(round(cast(sold - available as double) * amount / sold) "
            "as bigint) else 0 end) as double) / nullif(sum(case when available is not null then amount end), 0)",
            "Money for drugs that were never bought.",
            "high",
            ("H39", "T08"),
            missing_means="no drug in its books",
            needs=("stock_movements.opening_quantity",),
        ),
        Feature(
            "stock_gap_amount_share",
            "Share of booked drug money beyond what left the shelf by the books",
            "超账面出库费用占比",
            "share",
            "cast(sum(case when sold > left_shelf then cast(round(cast(sold - greatest(left_shelf, 0) as double) "
            "* amount / sold) as bigint) else 0 end) as double) "
            "/ nullif(sum(case when left_shelf is not null then amount end), 0)",
            "The shelf is as full as before the sale.",
            "high",
            ("H39", "T09"),
            missing_means="no drug with a closing stock",
            needs=("stock_movements.opening_quantity", "stock_movements.closing_quantity"),
        ),
        Feature(
            "stock_unbooked_share",
            "Share of drug money on drugs that the books do not know",
            "无进销存记录费用占比",
            "share",
            "cast(sum(is_unbooked * amount) as double) / sum(amount)",
            "Billed by a name that was never on the shelf.",
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
            "Share of months whose opening stock is not the last closing stock",
            "期初与上期期末不符占比",
            "share",
            "cast(sum(case when opening_quantity <> closed then 1 else 0 end) as double) "
            "/ nullif(count(case when opening_quantity is not null then closed end), 0)",
            "Books are corrected between months.",
            "high",
            ("H39",),
            missing_means="fewer than two months in its books",
            needs=("stock_movements.opening_quantity", "stock_movements.closing_quantity"),
        ),
    ),
    needs=("stock_movements",),
)
FAMILIES = (BALANCE, COUNTING)
