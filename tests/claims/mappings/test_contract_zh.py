"""An extract whose columns have the Chinese names of the contract."""

import re

from features.claims.contract import TABLES
from features.claims.mapping.file import load_mapping
from tests.claims.mappings.extracts import counts, stored

BILLS = (
    "select settlement_id, encounter_type, total_amount, fund_paid_amount from settlements "
    "join codes_settlement using (settlement_key) order by 1"
)
CHINESE = {
    "结算": "某市明细表,,,,,,,,\n"
    "结算编号,人员编号,定点医药机构编号,医疗类别,险种,结算时间,退费标志,医疗费总额,基金支付总额\n"
    'S1,P1,H1,普通门诊,职工,2026-03-12 09:00:00,否,"1,300.00",910.00\n'
    "S2,P2,P9,药店购药,390,2026-03-13 10:00:00,否,80.00,56.00\n合计,,,,,,,1380.00,966.00\n",
    "费用明细2026": "结算编号,费用明细流水号,费用发生时间,医保目录编码,项目名称,目录类别,数量,单价,明细金额\n"
    "S1,3301A0001,2026-03-12 09:00:00,XA01,阿托伐他汀钙片,西药,13,100.00,1300.00\n"
    "S2,3301A0002,2026-03-13 10:00:00,XA02,㐂药䶮,中药饮片,1,80.00,80.00\n",
    "人员": "人员编号,性别,出生日期\nP1,女,1958/7/14\nP2,男,1941/2/2\n",
    "机构": "定点医药机构编号,机构名称,类型,机构等级\nH1,某医院,医院,三级甲等\nP9,某药房,药店,\n",
}


def test_an_extract_with_chinese_headings_needs_no_columns_written(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in CHINESE.items():
        (folder / f"{name}.csv").write_bytes(text.encode("gb18030"))
    mine = folder / "mine.toml"
    mine.write_text(
        'extends = "contract_zh"\nname = "mine"\n[files]\nencoding = "gb18030"\n[sources.settlements]\nskip_rows = 1\n'
    )
    report, rows = stored(folder, str(mine))
    assert counts(report) == {
        "settlements": (3, 2, 0, 1),
        "claim_lines": (2, 2, 0, 0),
        "persons": (2, 2, 0, 0),
        "providers": (2, 2, 0, 0),
    }
    assert rows(BILLS) == [("S1", "outpatient", 130_000, 91_000), ("S2", "pharmacy", 8_000, 5_600)]
    assert rows("select insurance_type, service_start_date::varchar from settlements order by 1") == [
        ("employee", "2026-03-12"),
        ("resident", "2026-03-13"),
    ]
    assert rows("select item_name, item_type, line_number, line_serial from claim_lines order by line_serial") == [
        ("阿托伐他汀钙片", "western_drug", 1, "3301A0001"),
        ("㐂药䶮", "herbal", 1, "3301A0002"),
    ]
    assert rows("select provider_type, provider_level from providers order by 1") == [
        ("hospital", "tertiary"),
        ("retail_pharmacy", None),
    ]


def test_every_column_is_known_by_its_chinese_name():
    mapping = load_mapping("contract_zh")
    for name, (block,) in mapping.tables.items():
        assert set(block.columns) == set(TABLES[name].by_name)
        for column in TABLES[name].columns:
            assert column.name_zh in re.split(r"[(), ]+", block.columns[column.name])
