"""Opening hours: how long a pharmacy is open, how busy its hours are, how evenly its days."""

from features.declare import Family, Feature
from features.expressions import mean
from features.vocabulary.text import Text

DAYS = Family(
    "pharmacy_hours",
    "药店营业时间",
    "provider",
    "select provider_key as subject_key, day, count(*) as n, min(second_of_day) as first_second, "
    "max(second_of_day) as last_second from counter_sales group by provider_key, day",
    (
        Feature(
            "counter_sales_per_open_day_ratio",
            Text("Purchases per open day", "日均购药人次"),
            "ratio",
            mean("n"),
            Text("More purchases than the shops and streets around explain.", "日均购药量超出周边客流所能解释。"),
            "high",
            ("T15", "P07"),
        ),
        Feature(
            "counter_open_hours_mean_hours",
            Text("Mean time between first and last purchase of a day", "每日首末笔结算平均间隔"),
            "hours",
            "case when max(last_second) > 0 then cast(sum(last_second - first_second) as double) / 3600 / count(*) end",
            Text("Settlements may go on while the shop is shut.", "可能在打烊后仍继续结算。"),
            "high",
            ("T09", "P07"),
            missing_means="times carry no hour",
        ),
        Feature(
            "counter_daily_swing_ratio",
            Text("Swing of purchases from day to day (variance / mean)", "日购药量波动（方差/均值）"),
            "ratio",
            "case when count(*) >= 5 then greatest(cast(sum(n * n) as double) / sum(n) "
            "- cast(sum(n) as double) / count(*), 0) end",
            Text(
                "Customers come evenly; cards gathered beforehand come in bursts.",
                "顾客到店较均匀，集中刷卡则忽高忽低。",
            ),
            "high",
            ("P06", "P07"),
            missing_means="fewer than five open days",
        ),
    ),
)
HOURS = Family(
    "pharmacy_hours",
    "药店营业时间",
    "provider",
    "select provider_key as subject_key, day, hour, count(*) as n from counter_sales group by provider_key, day, hour",
    (
        Feature(
            "counter_busiest_hour_ratio",
            Text("Purchases in the busiest hour over those in a mean hour", "最忙小时购药量与均值之比"),
            "ratio",
            "case when max(hour) > 0 then cast(max(n) as double) * count(*) / sum(n) end",
            Text("A stack of cards is settled within minutes.", "成叠的卡往往在短时间内刷完。"),
            "high",
            ("P06", "T09"),
            missing_means="times carry no hour",
        ),
    ),
)
PACE = Family(
    "pharmacy_hours",
    "药店营业时间",
    "provider",
    "select provider_key as subject_key, second_of_day, moment - lag(moment) over ("
    "partition by provider_key, terminal_id order by moment, settlement_key) as gap from counter_sales",
    (
        Feature(
            "counter_back_to_back_share",
            Text("Share of purchases within 30 seconds of the one before at the till", "同终端30秒内连续结算占比"),
            "share",
            "case when max(second_of_day) > 0 then cast(sum(case when gap < 30 then 1 else 0 end) as double) "
            "/ count(*) end",
            Text("Half a minute is too short to serve a customer.", "三十秒不足以接待一位顾客。"),
            "high",
            ("P06", "P07", "T09"),
            missing_means="times carry no hour",
            needs=("settlements.terminal_id",),
        ),
    ),
)
FAMILIES = (DAYS, HOURS, PACE)
