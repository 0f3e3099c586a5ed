"""People: age, district, stays, companions and refills of those who buy."""

from features.declare import Family, Feature
from features.expressions import mean, share_known, share_of
from features.vocabulary.text import Text

BUYERS = Family(
    "pharmacy_people",
    "药店购药人群",
    "provider",
    """
    select c.provider_key as subject_key, c.age_days, c.home_region_code, c.region_code, d.n_pharmacies,
      case when exists (
        select 1 from stays s where s.person_key = c.person_key and s.admit_date < c.day and s.discharge_date > c.day
      ) then 1 else 0 end as is_in_hospital
    from counter_sales c
    join (
      select person_key, day, count(distinct provider_key) as n_pharmacies from counter_sales group by person_key, day
    ) d on d.person_key = c.person_key and d.day = c.day
    """,
    (
        Feature(
            "counter_elderly_share",
            Text("Share of purchases by people of 70 and over", "70岁及以上购药占比"),
            "share",
            share_known("age_days", "age_days * 4 >= 70 * 1461"),
            Text(
                "Cards of elderly people are gathered more easily; a care home nearby explains it too.",
                "老年人的卡容易被集中收取；附近有养老院也会如此。",
            ),
            "high",
            ("P06", "R06"),
            missing_means="no date of birth",
        ),
        Feature(
            "counter_other_region_share",
            Text("Share of purchases by people from another district", "外区人员购药占比"),
            "share",
            "cast(sum(case when home_region_code <> region_code then 1 else 0 end) as double) "
            "/ nullif(count(case when home_region_code is not null and region_code is not null then 1 end), 0)",
            Text("People seldom cross regions for ordinary drugs.", "一般不会为普通药品跨区购药。"),
            "high",
            ("P14", "P07", "R07"),
            missing_means="regions unknown",
            needs=("persons.home_region_code", "providers.region_code"),
        ),
        Feature(
            "counter_other_pharmacy_same_day_share",
            Text("Share of purchases by people who buy at another pharmacy the same day", "同日多店购药占比"),
            "share",
            share_of("n_pharmacies > 1"),
            Text("Stock for resale is bought shop by shop on one day.", "倒卖者常在一天内逐店购药。"),
            "high",
            ("P01", "P04"),
        ),
        Feature(
            "counter_in_hospital_share",
            Text("Share of purchases by people lying in hospital", "住院期间购药占比"),
            "share",
            mean("is_in_hospital"),
            Text(
                "The buyer is registered in a ward: another person holds the card, or the bed is empty.",
                "购药人正在住院：或卡在他人手中，或属挂床。",
            ),
            "high",
            ("P13", "P05"),
            needs=("settlements.admit_time", "settlements.discharge_time"),
        ),
    ),
)
COMPANIONS = Family(
    "pharmacy_people",
    "药店购药人群",
    "provider",
    """
    select provider_key as subject_key, n, n_days, is_pair from (
      select provider_key, least(person_key, before_key) as one, greatest(person_key, before_key) as other,
        count(*) as n, count(distinct day) as n_days, max(case when before_key is null then 0 else 1 end) as is_pair
      from (
        select provider_key, person_key, day, case when gap <= 300 and before_key <> person_key then before_key end
          as before_key
        from (
          select c.*, moment - lag(moment) over (partition by provider_key order by moment, settlement_key) as gap,
            lag(person_key) over (partition by provider_key order by moment, settlement_key) as before_key
          from counter_sales c where not is_proxy_purchase
        ) g
      ) p
      group by provider_key, least(person_key, before_key), greatest(person_key, before_key),
        case when before_key is null then person_key end
    ) q
    """,
    (
        Feature(
            "counter_companions_share",
            Text(
                "Share of purchases within five minutes after a companion of three days or more", "三日以上结伴购药占比"
            ),
            "share",
            "cast(sum(case when is_pair = 1 and n_days >= 3 then n else 0 end) as double) / sum(n)",
            Text("The same cards appear together on several days.", "同几张卡多日相继出现。"),
            "high",
            ("P06", "R08"),
        ),
    ),
)
REPEATS = Family(
    "pharmacy_people",
    "药店购药人群",
    "provider",
    """
    select provider_key as subject_key, n_lines,
      case when lag(day_number, 2) over (partition by provider_key, person_key, item_key order by day_number)
        = day_number - 2 then 1 else 0 end as is_daily,
      row_number() over (partition by provider_key, person_key, item_key order by day_number) as nth
    from (
      select c.provider_key, c.person_key, l.item_key, c.day_number, count(*) as n_lines
      from drug_lines l join counter_sales c on c.settlement_key = l.settlement_key
      group by c.provider_key, c.person_key, l.item_key, c.day_number
    ) d
    """,
    (
        Feature(
            "counter_daily_refill_share",
            Text("Share of drug sales on the third day in a row to one person", "连续三日购同药占比"),
            "share",
            "cast(sum(is_daily * n_lines) as double) / sum(n_lines)",
            Text("The daily limit is used up day after day.", "逐日把当日限额用满。"),
            "high",
            ("T13", "P02"),
        ),
        Feature(
            "counter_refill_share",
            Text("Share of drug sales that repeat an earlier one to the same person", "同人同药重复购买占比"),
            "share",
            "cast(sum(case when nth > 1 then n_lines else 0 end) as double) / sum(n_lines)",
            Text(
                "Refills that nobody asked for can be billed for months; chronic patients refill too.",
                "可能按月虚记续配；慢病患者也会规律续配。",
            ),
            "high",
            ("T10", "P04"),
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (BUYERS, COMPANIONS, REPEATS)
