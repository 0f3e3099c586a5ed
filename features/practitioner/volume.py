"""Volume: settlements, patients, lines and money under a practitioner's name, and their growth."""

from features.declare import Family, Feature
from features.expressions import THIS_MONTH_TO_MEAN, major_units, mean
from features.vocabulary.text import Text

VOLUME = Family(
    "volume",
    "业务量",
    "practitioner",
    "select practitioner_key as subject_key, * from practice_visits",
    (
        Feature(
            "settlements_count",
            Text("Settlements taken part in", "参与结算人次"),
            "count",
            "count(*)",
            Text("Size, the base of every rate.", "结算规模，是各项比率的基数。"),
            "high",
            ("H32",),
        ),
        Feature(
            "patients_count",
            Text("Patients", "服务人数"),
            "count",
            "count(distinct person_key)",
            Text("A panel larger than one professional can know.", "服务人数超出一名医师可负担的范围。"),
            "high",
            ("H32",),
        ),
        Feature(
            "claim_lines_count",
            Text("Claim lines of the practitioner", "本人明细条数"),
            "count",
            "sum(n_lines)",
            Text("Work that is billed under one name.", "以一人名义结算的工作量。"),
            "high",
            ("H26",),
        ),
        Feature(
            "billed_amount",
            Text("Billed for the practitioner's lines", "本人明细费用总额"),
            "currency",
            major_units("amount"),
            Text("Size in money, refunds netted.", "费用规模，已冲减退费，是其他比率的基数。"),
            "high",
            ("H17",),
        ),
        Feature(
            "fund_paid_amount",
            Text("Paid by the funds on attended settlements", "主治结算基金支付总额"),
            "currency",
            major_units("case when is_attending = 1 then fund_paid_amount else 0 end"),
            Text("The fund's money under one signature.", "一人签名所对应的基金金额。"),
            "high",
            ("H32",),
            needs=("settlements.attending_practitioner_id",),
        ),
        Feature(
            "lines_per_patient_ratio",
            Text("Lines per patient", "人均明细条数"),
            "ratio",
            "cast(sum(n_lines) as double) / count(distinct person_key)",
            Text("Much is billed for every patient.", "每名患者结算明细偏多。"),
            "high",
            ("H17", "H16"),
        ),
        Feature(
            "amount_per_patient_amount",
            Text("Billed per patient", "人均费用"),
            "currency",
            f"{major_units('amount')} / count(distinct person_key)",
            Text("Much money on each patient; severe illness explains it too.", "每名患者费用偏高；病情重也会如此。"),
            "high",
            ("H17", "T11"),
        ),
        Feature(
            "settlements_per_patient_ratio",
            Text("Settlements per patient", "人均结算次数"),
            "ratio",
            "cast(count(*) as double) / count(distinct person_key)",
            Text("The same people return unusually often.", "同一批患者反复结算。"),
            "high",
            ("P05", "H34"),
        ),
        Feature(
            "growth_rate_1m",
            Text("This month against the window's mean", "当月较窗口月均增幅"),
            "ratio",
            THIS_MONTH_TO_MEAN,
            Text(
                "A name that is borrowed starts suddenly; so does a new doctor.",
                "被借用的名义会突然起量；新到岗医师也会。",
            ),
            "high",
            ("H37", "H33"),
            "1m",
            "fewer than three months with settlements",
        ),
    ),
)
REFUNDS = Family(
    "volume",
    "业务量",
    "practitioner",
    "select s.attending_practitioner_key as subject_key, case when r.settlement_key is null then 0 else 1 end "
    "as is_reversed from money s left join (select distinct original_settlement_key as settlement_key from money "
    "where is_reversal) r on r.settlement_key = s.settlement_key "
    "where s.attending_practitioner_key is not null and not s.is_reversal",
    (
        Feature(
            "refund_share",
            Text("Share of attended settlements reversed", "主治结算退费占比"),
            "share",
            mean("is_reversed"),
            Text("Billing and reversing may test what passes.", "反复结算又冲销，可能在试探审核尺度。"),
            "high",
            ("H15", "T01"),
            needs=("settlements.is_reversal", "settlements.original_settlement_id"),
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
FAMILIES = (VOLUME, REFUNDS)
