"""Trace codes: boxes sold twice, sold elsewhere too, sold without a scan or without a delivery."""

from features.declare import Family, Feature
from features.engine import quoted_list
from features.expressions import mean, ratio, share_of
from features.vocabulary.care import BOXED_DRUGS
from features.vocabulary.text import Text

CODES = Family(
    "trace",
    "追溯码",
    "provider",
    "select provider_key as subject_key, * from box_sales",
    (
        Feature(
            "trace_repeat_share",
            Text("Share of box sales that repeat a code sold here before", "同机构追溯码重复占比"),
            "share",
            "cast(sum(n - 1) as double) / sum(n)",
            Text(
                "One box should be billed once; a repeat may be a wrong scan or other goods.",
                "一盒药只应结算一次；重复可能是误扫，也可能串换。",
            ),
            "high",
            ("T01", "T08"),
        ),
        Feature(
            "trace_code_max_count",
            Text("Most settlements of one code", "单码最多结算次数"),
            "count",
            "max(n)",
            Text("A box settled many times cannot be the same box.", "同一追溯码多次结算，不可能是同一盒药。"),
            "high",
            ("T01",),
        ),
        Feature(
            "trace_elsewhere_share",
            Text("Share of codes sold elsewhere more than a week before", "他机构已售（7日以上）追溯码占比"),
            "share",
            share_of("days_after > 7"),
            Text(
                "The box had been sold elsewhere before and may have come back.",
                "该药盒此前已在他处售出，可能是回流药。",
            ),
            "high",
            ("T02", "R07", "P09"),
        ),
        Feature(
            "trace_elsewhere_near_share",
            Text("Share of codes sold elsewhere too within three days", "异机构重复（3日内）占比"),
            "share",
            share_of("days_apart <= 3"),
            Text(
                "Two places sell one code within days: a copied code, or a wrong scan.",
                "数日内两地售出同一码：或为套码，或为误扫。",
            ),
            "high",
            ("T03",),
        ),
    ),
    needs=("trace_events",),
)
SCANS = Family(
    "trace",
    "追溯码",
    "provider",
    "select provider_key as subject_key, cast(sum(n_sales) as bigint) as n_sales, "
    "cast(sum(n_part_sales) as bigint) as n_part_sales, cast(sum(n_returns) as bigint) as n_returns "
    "from scans group by provider_key",
    (
        Feature(
            "trace_part_share",
            Text("Share of sale scans flagged as part of an opened box", "拆零销售占比"),
            "share",
            ratio("n_part_sales", "n_sales + n_part_sales"),
            Text("The mark for split packs excuses repeats and may be misused.", "拆零标志可解释重复，也可能被滥用。"),
            "high",
            ("T01",),
            missing_means="no sale scanned",
            needs=("trace_events.is_split_pack",),
        ),
        Feature(
            "trace_return_ratio",
            Text("Returns scanned per sale scanned, settlement kept", "退货扫码与销售扫码之比"),
            "ratio",
            ratio("n_returns", "n_sales + n_part_sales"),
            Text("Boxes come back and the claim may stay.", "药品退回而结算可能未冲销。"),
            "high",
            ("T09", "T01"),
            missing_means="no sale scanned",
        ),
    ),
    needs=("trace_events",),
)
LINES = Family(
    "trace",
    "追溯码",
    "provider",
    # Only lines since the provider began to scan: before, codes were not asked for.
    f"""
    select l.provider_key as subject_key, case when s.settlement_key is null then 1 else 0 end as is_unscanned
    from drug_lines l
    join (
      select provider_key, min(cast(first_time as date)) as first_day from scans
      where n_sales + n_part_sales > 0 group by provider_key
    ) b on b.provider_key = l.provider_key and l.day >= b.first_day
    left join (
      select distinct settlement_key, item_key from scans where n_sales + n_part_sales > 0
    ) s on s.settlement_key = l.settlement_key and s.item_key = l.item_key
    where l.item_type in {quoted_list(BOXED_DRUGS)}
    """,
    (
        Feature(
            "trace_missing_share",
            Text("Share of drug lines without a scanned box, since the first scan", "无追溯码药品明细占比"),
            "share",
            mean("is_unscanned"),
            Text("Drug lines without a scan cannot be matched with a box.", "药品明细无追溯码，无法与实物对应。"),
            "high",
            ("T04", "T09"),
            missing_means="scans no boxes",
        ),
    ),
    needs=("trace_events.settlement_id", "claim_lines"),
)
ORIGIN = Family(
    "trace",
    "追溯码",
    "provider",
    # Sales of the last month by providers that have scanned deliveries for two months: as long may a box lie there.
    """
    select s.provider_key as subject_key, case when d.trace_code is null then 1 else 0 end as is_unknown
    from (
      select distinct s.provider_key, s.trace_code
      from scans s cross join (select max(month) as last_month from money) m
      where s.month = m.last_month and s.n_sales > 0
    ) s
    join (
      select distinct d.provider_key from delivery_facts d
      join (select distinct month from money where months_back >= 3) m on m.month = d.month
    ) b on b.provider_key = s.provider_key
    left join (
      select distinct trace_code, provider_key from delivery_facts
    ) d on d.trace_code = s.trace_code and d.provider_key = s.provider_key
    """,
    (
        Feature(
            "trace_no_delivery_share_1m",
            Text("Share of this month's boxes sold that never came in", "当月售出药品无入库占比"),
            "share",
            share_of("is_unknown = 1"),
            Text(
                "Sold boxes that were never delivered here, as far as scans tell.",
                "售出的药盒没有在本机构入库的扫码记录。",
            ),
            "high",
            ("T02", "H39", "T09"),
            "1m",
            "no deliveries scanned two months ago",
        ),
    ),
    needs=("trace_events",),
)
FAMILIES = (CODES, SCANS, LINES, ORIGIN)
