"""Extracts of Medicare: the claim and claim line feed, research files, the synthetic public use file."""

import pytest

from features.claims.mapping.file import load_mapping
from tests.claims.mappings.extracts import counts, csv, stored

BILLS = (
    "select settlement_id, encounter_type, total_amount, fund_paid_amount from settlements "
    "join codes_settlement using (settlement_key) order by 1"
)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "source"
    made.mkdir()
    return made


def columns_of(name, source):
    """Source columns that the blocks of a source unlist: wide extracts have them all."""
    blocks = [block for given in load_mapping(name).tables.values() for block in given if block.source == source]
    return {column: "" for block in blocks if block.unlist for column in block.unlist.columns}


def write_feed(folder):
    """A stay cancelled and adjusted, another, the same of Part B, and a beneficiary under two numbers."""
    header = {"CUR_CLM_UNIQ_ID": "71", "PRVDR_OSCAR_NUM": "010001", "BENE_MBI_ID": "OLD1", "CLM_TYPE_CD": "60"}
    header |= {"CLM_FROM_DT": "2026-03-02", "CLM_THRU_DT": "2026-03-12", "CLM_EFCTV_DT": "2026-03-15"}
    header |= {"CLM_ADJSMT_TYPE_CD": "0", "CLM_PMT_AMT": "6400.00", "CLM_MDCR_INSTNL_TOT_CHRG_AMT": "8400.00"}
    header |= {"DGNS_DRG_CD": "~", "ATNDG_PRVDR_NPI_NUM": "D1", "OPRTG_PRVDR_NPI_NUM": "~"}
    new = {"BENE_MBI_ID": "NEW1", "CLM_EFCTV_DT": "2026-03-22"}
    cancelled = header | new | {"CUR_CLM_UNIQ_ID": "72", "CLM_ADJSMT_TYPE_CD": "1"}
    adjusted = header | new | {"CUR_CLM_UNIQ_ID": "73", "CLM_ADJSMT_TYPE_CD": "2", "CLM_PMT_AMT": "5200.00"}
    adjusted["CLM_MDCR_INSTNL_TOT_CHRG_AMT"] = "7000.00"
    other = header | {"CUR_CLM_UNIQ_ID": "74", "CLM_FROM_DT": "2026-03-20", "CLM_THRU_DT": "2026-03-21"}
    (folder / "CCLF1.csv").write_text(csv([header, cancelled, adjusted, other], "|"))
    line = {"CUR_CLM_UNIQ_ID": "71", "CLM_LINE_NUM": "1", "CLM_LINE_FROM_DT": "2026-03-02", "CLM_LINE_HCPCS_CD": "~"}
    line |= {"CLM_LINE_PROD_REV_CTR_CD": "0120", "CLM_LINE_SRVC_UNIT_QTY": "10", "CLM_LINE_CVRD_PD_AMT": "6400.00"}
    lines = [line | {"CUR_CLM_UNIQ_ID": str(n)} for n in (71, 72, 73, 74)]
    lines += [line | {"CLM_LINE_NUM": "2", "CLM_LINE_PROD_REV_CTR_CD": "0001"}]
    (folder / "CCLF2.csv").write_text(csv(lines, "|"))
    part_b = {
        "CUR_CLM_UNIQ_ID": "81",
        "CLM_LINE_NUM": "1",
        "BENE_MBI_ID": "NEW1",
        "CLM_CNTL_NUM": "K1",
        "CLM_TYPE_CD": "71",
    }
    part_b |= {"CLM_FROM_DT": "2026-03-03", "CLM_THRU_DT": "2026-03-03", "CLM_LINE_FROM_DT": "2026-03-03"}
    part_b |= {"CLM_EFCTV_DT": "2026-03-09", "CLM_ADJSMT_TYPE_CD": "0", "CLM_LINE_HCPCS_CD": "99213"}
    part_b |= {"CLM_LINE_ALOWD_CHRG_AMT": "50.00", "CLM_LINE_CVRD_PD_AMT": "40.00", "RNDRG_PRVDR_NPI_NUM": "D1"}
    part_b |= {"CLM_RNDRG_PRVDR_TAX_NUM": "T1", **columns_of("cms_cclf", "physicians"), "CLM_DGNS_1_CD": "I10"}
    second = part_b | {"CLM_LINE_NUM": "2", "CLM_LINE_HCPCS_CD": "36415", "CLM_LINE_ALOWD_CHRG_AMT": "3.00"}
    void = [each | {"CUR_CLM_UNIQ_ID": "82", "CLM_ADJSMT_TYPE_CD": "1"} for each in (part_b, second)]
    again = part_b | {"CUR_CLM_UNIQ_ID": "83", "CLM_ADJSMT_TYPE_CD": "2"}
    (folder / "CCLF5.csv").write_text(csv([part_b, second, *void, again], "|"))
    person = {"BENE_MBI_ID": "OLD1", "BENE_SEX_CD": "2", "BENE_DOB": "1950-01-02", "BENE_DEATH_DT": "9999-12-31"}
    person |= {"BENE_FIPS_STATE_CD": "1", "BENE_FIPS_CNTY_CD": "73"}
    (folder / "CCLF8.csv").write_text(csv([person, person | {"BENE_MBI_ID": "NEW1"}], "|"))
    (folder / "CCLF9.csv").write_text(csv([{"PRVS_NUM": "OLD1", "CRNT_NUM": "NEW1"}], "|"))


def test_a_cancelled_and_adjusted_claim_of_the_feed_counts_once_under_the_number_of_today(folder):
    write_feed(folder)
    report, rows = stored(folder, "cms_cclf")
    assert {each.table: each.n_quarantined for each in report.tables if each.n_quarantined} == {}
    # Part A: 7,000.00 of the adjusted claim and 8,400.00 of the other; Part B: 50.00 once, its second line gone.
    assert rows(f"select * from ({BILLS}) where total_amount > 0") == [
        ("73", "inpatient", 700_000, 520_000),
        ("74", "inpatient", 840_000, 640_000),
        ("83", "outpatient", 5_000, 4_000),
    ]
    assert rows("select sum(total_amount), sum(fund_paid_amount) from settlements") == [(1_545_000, 1_164_000)]
    assert rows("select person_id, death_date from persons join codes_person using (person_key)") == [("NEW1", None)]
    assert rows("select count(distinct person_key) from settlements") == [(1,)]


def barred(rows):
    """Rows that end with a bar, below a header that does not."""
    header, *lines = csv(rows, "|").splitlines()
    return "\n".join([header, *(f"{line}|" for line in lines), ""])


def write_transfer(folder):
    """A stay of two lines and its total, one that is no final action, a beneficiary of two years."""
    line = {"DML_IND": "INSERT", "BENE_ID": "-1", "CLM_ID": "C1", "FINAL_ACTION": "F", "CLM_FROM_DT": "01-MAR-2026"}
    line |= {
        "CLM_THRU_DT": "05-MAR-2026",
        "NCH_WKLY_PROC_DT": "13-Mar-2026",
        "PRVDR_NUM": "010001",
        "CLM_PMT_AMT": "700.00",
    }
    line |= {"AT_PHYSN_NPI": "D1", "OP_PHYSN_NPI": "D2", "PTNT_DSCHRG_STUS_CD": "1", "CLM_TOT_CHRG_AMT": "1000.00"}
    line |= {
        "CLM_ADMSN_DT": "01-MAR-2026",
        "NCH_BENE_DSCHRG_DT": "05-MAR-2026",
        "CLM_DRG_CD": "291",
        "REV_CNTR": "0120",
    }
    line |= {
        "REV_CNTR": "0120",
        "CLM_LINE_NUM": "1",
        "HCPCS_CD": "",
        "REV_CNTR_UNIT_CNT": "4",
        "REV_CNTR_TOT_CHRG_AMT": "600.00",
    }
    line |= columns_of("cms_rif", "inpatient") | {
        "PRNCPAL_DGNS_CD": "I10",
        "ICD_DGNS_CD1": "I10",
        "ICD_DGNS_CD2": "E11",
    }
    second = line | {"CLM_LINE_NUM": "2", "REV_CNTR": "0300", "REV_CNTR_TOT_CHRG_AMT": "400.00"}
    total = line | {"CLM_LINE_NUM": "3", "REV_CNTR": "0001", "REV_CNTR_TOT_CHRG_AMT": "1000.00"}
    old = [each | {"CLM_ID": "C0", "FINAL_ACTION": "N"} for each in (line, second)]
    (folder / "inpatient.txt").write_text(barred([line, second, total, *old]))
    person = {
        "DML_IND": "INSERT",
        "BENE_ID": "-1",
        "STATE_CODE": "05",
        "BENE_COUNTY_CD": "070",
        "BENE_SEX_IDENT_CD": "2",
    }
    person |= {"BENE_BIRTH_DT": "02-JAN-1950", "DEATH_DT": "", "RFRNC_YR": "2025"}
    (folder / "beneficiary_history.txt").write_text("BENE_ID|MBI_NUM\n-1|M1\n")
    years = [person, person | {"RFRNC_YR": "2026", "DEATH_DT": "30-MAR-2026"}]
    (folder / "sample-a-beneficiaries.txt").write_text(csv(years, "|"))
    return line


def test_research_files_repeat_the_header_in_each_line(folder):
    write_transfer(folder)
    report, rows = stored(folder, "cms_rif")
    found = counts(report)
    assert (found["settlements"][1:], found["claim_lines"][1:]) == ((1, 0, 0), (2, 0, 0))
    assert rows(BILLS) == [("C1", "inpatient", 100_000, 70_000)]
    assert rows("select sum(amount) from claim_lines") == [(100_000,)]
    assert rows("select cast(settle_time as varchar), cast(admit_time as varchar) from settlements") == [
        ("2026-03-13 00:00:00", "2026-03-01 00:00:00")
    ]
    assert rows(
        "select diagnosis_code, diagnosis_type from diagnoses join codes_diagnosis using (diagnosis_key) "
        "order by sequence_number"
    ) == [("I10", "principal"), ("E11", "secondary")]
    assert rows("select cast(birth_date as varchar), cast(death_date as varchar) from persons") == [
        ("1950-01-02", "2026-03-30")
    ]


@pytest.mark.parametrize(
    ("changes", "bills"),
    [
        ({"DML_IND": "UPDATE", "CLM_TOT_CHRG_AMT": "600.00"}, [("C1", "inpatient", 60_000, 70_000)]),
        ({"DML_IND": "UPDATE", "FINAL_ACTION": "N"}, []),
        ({"DML_IND": "DELETE"}, []),
        ({"DML_IND": "UPDATE", "CLM_ID": "C2"}, [(each, "inpatient", 100_000, 70_000) for each in ("C1", "C2")]),
    ],
)
def test_a_later_transfer_of_research_files_changes_takes_out_or_adds_a_claim(folder, changes, bills):
    line = write_transfer(folder)
    stored(folder, "cms_rif")
    (folder / "inpatient.txt").write_text(barred([line | changes]))
    report, rows = stored(folder, "cms_rif", max_month_shrink=1)
    assert not any(each.n_quarantined for each in report.tables)
    assert rows(BILLS) == bills
    # Of the claim that was changed one line came again, and the second is gone.
    n_lines = 1 if changes == {"DML_IND": "UPDATE", "CLM_TOT_CHRG_AMT": "600.00"} else 3 if bills else 0
    assert rows("select count(*) from claim_lines") == [(n_lines,)]


def write_public_use_file(folder):
    """A claim of two lines in one row, a stay of two segments, a drug event, a beneficiary of two years."""
    carrier = {"DESYNPUF_ID": "P1", "CLM_ID": "C1", "CLM_FROM_DT": "20090301", "CLM_THRU_DT": "20090301"}
    wide = (
        "PRF_PHYSN_NPI",
        "TAX_NUM",
        "HCPCS_CD",
        "LINE_NCH_PMT_AMT",
        "LINE_BENE_PTB_DDCTBL_AMT",
        "LINE_ALOWD_CHRG_AMT",
    )
    carrier |= {f"{name}_{n}": "" for name in wide for n in range(1, 14)} | columns_of("cms_de_synpuf", "carrier")
    carrier |= {"ICD9_DGNS_CD_1": "4019", "TAX_NUM_1": "T1", "PRF_PHYSN_NPI_1": "D1", "HCPCS_CD_1": "99213"}
    carrier |= {"LINE_ALOWD_CHRG_AMT_1": "70.00", "LINE_NCH_PMT_AMT_1": "50.00", "HCPCS_CD_3": "36415"}
    carrier |= {"LINE_ALOWD_CHRG_AMT_3": "10.00", "LINE_NCH_PMT_AMT_3": "10.00"}
    stay = {"DESYNPUF_ID": "P1", "CLM_ID": "C2", "SEGMENT": "1", "CLM_FROM_DT": "20090310", "CLM_THRU_DT": "20090312"}
    stay |= {"PRVDR_NUM": "1513QQ", "CLM_PMT_AMT": "13000.00", "NCH_PRMRY_PYR_CLM_PD_AMT": "0.00", "AT_PHYSN_NPI": "D1"}
    stay |= {"OP_PHYSN_NPI": "", "OT_PHYSN_NPI": "", "CLM_ADMSN_DT": "20090310", "NCH_BENE_IP_DDCTBL_AMT": "1068.00"}
    stay |= {
        "NCH_BENE_PTA_COINSRNC_LBLTY_AM": "",
        "NCH_BENE_BLOOD_DDCTBL_LBLTY_AM": "0.00",
        "NCH_BENE_DSCHRG_DT": "20090312",
    }
    stay |= {
        "CLM_DRG_CD": "494",
        **columns_of("cms_de_synpuf", "inpatient"),
        "ICD9_DGNS_CD_1": "71537",
        "HCPCS_CD_1": "E0100",
    }
    drug = {"DESYNPUF_ID": "P1", "PDE_ID": "R1", "SRVC_DT": "20090330", "PROD_SRVC_ID": "61392018345"}
    drug |= {"QTY_DSPNSD_NUM": "30.000", "DAYS_SUPLY_NUM": "30", "PTNT_PAY_AMT": "10.00", "TOT_RX_CST_AMT": "270.00"}
    conditions = (
        "ALZHDMTA",
        "CHF",
        "CHRNKIDN",
        "CNCR",
        "COPD",
        "DEPRESSN",
        "DIABETES",
        "ISCHMCHT",
        "OSTEOPRS",
        "RA_OA",
        "STRKETIA",
    )
    person = {"DESYNPUF_ID": "P1", "BENE_BIRTH_DT": "19201001", "BENE_DEATH_DT": "", "BENE_SEX_IDENT_CD": "2"}
    person |= {
        "BENE_ESRD_IND": "0",
        "SP_STATE_CODE": "5",
        "BENE_COUNTY_CD": "70",
        **{f"SP_{name}": "2" for name in conditions},
    }
    name = "DE1_0_2008_to_2010_{}_Sample_1.csv"
    (folder / name.format("Carrier_Claims")).write_text(csv([carrier]))
    (folder / name.format("Inpatient_Claims")).write_text(csv([stay, stay | {"SEGMENT": "2"}]))
    (folder / name.format("Prescription_Drug_Events")).write_text(csv([drug]))
    for year, more in ((2008, {}), (2009, {"SP_CHF": "1", "BENE_DEATH_DT": "20091230"})):
        (folder / f"DE1_0_{year}_Beneficiary_Summary_File_Sample_1.csv").write_text(csv([person | more]))


def test_the_public_use_file_is_wide(folder):
    write_public_use_file(folder)
    report, rows = stored(folder, "cms_de_synpuf")
    assert {each.table: each.n_quarantined for each in report.tables if each.n_quarantined} == {}
    assert rows(BILLS) == [
        ("C1", "outpatient", 8_000, 6_000),  # 70 + 10 allowed, 50 + 10 paid
        ("C2", "inpatient", 1_406_800, 1_300_000),  # 13,000 paid and a deductible of 1,068
        ("R1", "pharmacy", 27_000, 26_000),
    ]
    assert rows("select line_number, amount from claim_lines order by amount") == [
        (3, 1_000),
        (1, 7_000),
        (1, 27_000),
        (1, 1_406_800),
    ]
    # The summary of the latest year counts.
    assert rows("select cast(death_date as varchar), home_region_code, chronic_condition_codes from persons") == [
        ("2009-12-30", "05070", "heart_failure")
    ]


def test_a_feed_without_its_groups_gives_none(folder):
    write_feed(folder)
    path = folder / "CCLF1.csv"
    path.write_text(path.read_text().replace("DGNS_DRG_CD", "SOMETHING_ELSE"))
    report, _ = stored(folder, "cms_cclf")
    assert "drg_assignments" not in counts(report)
