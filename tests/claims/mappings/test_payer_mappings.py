"""Extracts of payers and national systems, one test a mapping."""

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.rules import run_rules
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


def write_platform(folder):
    """Settlements, one of them taken back, with their lines, a person, two institutions and two diagnoses."""
    bill = {
        "SETL_ID": "S1",
        "MDTRT_ID": "V1",
        "PSN_NO": "P1",
        "FIXMEDINS_CODE": "H1",
        "MED_TYPE": "21",
        "INSUTYPE": "310",
        "SETL_TIME": "2026-03-12 09:00:00",
        "BEGNDATE": "2026-03-01 00:00:00",
        "ENDDATE": "2026-03-05 00:00:00",
        "MEDFEE_SUMAMT": "130.00",
        "FUND_PAY_SUMAMT": "91.00",
        "INSCP_SCP_AMT": "120.00",
        "ACCT_PAY": "9.00",
        "PSN_CASH_PAY": "30.00",
        "REFD_SETL_FLAG": "0",
        "INIT_SETL_ID": "",
        "VALI_FLAG": "1",
        "MDTRT_CERT_TYPE": "01",
    }
    sale = bill | {"SETL_ID": "S2", "FIXMEDINS_CODE": "P1", "MED_TYPE": "41", "INSUTYPE": "390", "MEDFEE_SUMAMT": "80"}
    back = sale | {"SETL_ID": "S3", "MEDFEE_SUMAMT": "-80", "FUND_PAY_SUMAMT": "-91", "REFD_SETL_FLAG": "1"}
    bills = [bill, sale, back | {"INIT_SETL_ID": "S2"}, bill | {"SETL_ID": "S4", "VALI_FLAG": "0"}]
    bills += [bill | {"SETL_ID": "S5", "MED_TYPE": "9901"}]
    (folder / "setl_d.csv").write_text(csv(bills))
    line = {"setl_id": "S1", "feedetl_sn": "33010020260312090000000000000001", "fee_ocur_time": "2026-03-02 08:00:00"}
    line |= {"hilist_code": "XA01", "hilist_name": "阿司匹林", "list_type": "101", "med_chrgitm_type": "09"}
    line |= {"cnt": "2", "pric": "50.00", "det_item_fee_sumamt": "100.00", "inscp_amt": "90.00"}
    lines = [
        line,
        line | {"feedetl_sn": "A2", "list_type": "101", "med_chrgitm_type": "11", "det_item_fee_sumamt": "30.00"},
    ]
    lines += [line | {"feedetl_sn": "A3", "setl_id": "S2", "list_type": "301", "med_chrgitm_type": "8"}]
    (folder / "fee_list_d.csv").write_text(csv([*lines, line | {"setl_id": "", "feedetl_sn": "A4"}]))
    (folder / "psn_info_b.csv").write_text(
        csv([{"psn_no": "P1", "gend": "2", "brdy": "19500102", "psn_type": "1201", "insutype": "310"}])
    )
    (folder / "fixmedins_b.csv").write_text(
        csv(
            [
                {"fixmedins_code": "H1", "fixmedins_type": "1", "hosp_lv": "01"},
                {"fixmedins_code": "P1", "fixmedins_type": "2", "hosp_lv": "11"},
            ]
        )
    )
    (folder / "diseinfo.csv").write_text(
        csv(
            [
                {"setl_id": "S1", "diag_code": "E11.9", "maindiag_flag": "0", "adm_cond_type": "4"},
                {"setl_id": "S1", "diag_code": "I10.x", "maindiag_flag": "1", "adm_cond_type": "1"},
            ]
        )
    )


def test_the_national_platform_by_its_field_names(folder):
    write_platform(folder)
    report, rows = stored(folder, "nhsa")
    found = counts(report)
    assert found["settlements"] == (4, 4, 0, 0)  # what the platform calls void is not read
    assert found["claim_lines"] == (3, 3, 0, 0)  # nor is a line that is not settled
    assert dict(report.tables[0].others) == {"encounter_type": 1}
    assert rows(BILLS.replace("from settlements", "from stored_settlements")) == [
        ("S1", "inpatient", 13_000, 9_100),
        ("S2", "pharmacy", 8_000, 9_100),
        ("S3", "pharmacy", -8_000, -9_100),
        ("S5", "other", 13_000, 9_100),
    ]
    assert rows("select sum(total_amount) from settlements") == [(26_000,)]
    # Serials become numbers within their settlement.
    assert rows(
        "select settlement_key, array_agg(line_number order by line_number) from claim_lines group by 1 order by 1"
    ) == [
        (1, [1, 2]),
        (2, [1]),
    ]
    assert rows("select item_type, charge_category, sum(amount) from claim_lines group by all order by 1") == [
        ("chinese_patent_drug", "chinese_patent_drug", 3_000),
        ("consumable", "consumable", 10_000),
        ("western_drug", "western_drug", 10_000),
    ]
    assert rows(
        "select sequence_number, diagnosis_code, is_present_on_admission from diagnoses "
        "join codes_diagnosis using (diagnosis_key) order by 1"
    ) == [(1, "I10.x", True), (2, "E11.9", False)]
    assert rows("select gender, cast(birth_date as varchar), person_category from persons") == [
        ("female", "1950-01-02", "retired")
    ]
    assert rows("select provider_type, provider_level from providers order by provider_key") == [
        ("hospital", "tertiary"),
        ("retail_pharmacy", "ungraded"),
    ]


def test_hospital_bills_of_sus_know_no_persons(folder):
    bill = {
        "UF_ZI": "410000",
        "ANO_CMPT": "2025",
        "MES_CMPT": "03",
        "ESPEC": "03",
        "N_AIH": "4125100000001",
        "IDENT": "1",
    }
    bill |= {"MUNIC_RES": "410690", "NASC": "19500102", "SEXO": "3", "PROC_REA": "0303010010", "VAL_SH": "700.50"}
    bill |= {"VAL_SP": "99.50", "VAL_TOT": "800.00", "DT_INTER": "20250210", "DT_SAIDA": "20250225", "COBRANCA": "12"}
    bill |= {
        "DIAG_PRINC": "I10",
        "DIAG_SECUN": "0000",
        "DIAGSEC1": "E119",
        "MORTE": "0",
        "CNES": "2384299",
        "NAT_JUR": "1023",
    }
    bill |= {"MUNIC_MOV": "410690"}
    rows_of = [
        bill,
        bill | {"N_AIH": "4125100000002", "SEXO": "1", "ESPEC": "09", "DT_SAIDA": "20250310", "VAL_SP": "0"},
    ]
    # A bill of long permanence comes again each month under one number.
    rows_of += [bill | {"N_AIH": "4125500000009", "IDENT": "5", "MES_CMPT": month} for month in ("02", "03")]
    (folder / "RDPR2503.csv").write_text(csv(rows_of))
    report, rows = stored(folder, "datasus_sih")
    found = counts(report)
    assert found["settlements"] == (4, 4, 0, 0)
    assert found["claim_lines"] == (7, 7, 0, 0)
    assert found["persons"] == (3, 3, 0, 0)
    assert report.months == ("2025-02", "2025-03")
    assert rows(BILLS) == [
        ("4125100000001", "inpatient", 80_000, 80_000),
        ("4125100000002", "day_surgery", 80_000, 80_000),
        ("4125500000009-202502", "inpatient", 80_000, 80_000),
        ("4125500000009-202503", "inpatient", 80_000, 80_000),
    ]
    assert rows("select gender, count(*) from persons group by 1 order by 1") == [("female", 2), ("male", 1)]
    assert rows(
        "select diagnosis_code, count(*) from diagnoses join codes_diagnosis using (diagnosis_key) "
        "group by 1 order by 1"
    ) == [("E119", 4), ("I10", 4)]
    (settlements,) = (each for each in report.tables if each.table == "settlements")
    assert "person_id" in settlements.not_given
    with DuckDBEngine() as engine:
        run = run_rules(ClaimsStore.open(folder.parent / "source-store"), engine, "2025-03")
    unchecked = {entry.code for entry in run.not_checked if "settlements.person_id" in entry.missing}
    assert {"claim_during_stay", "overlapping_stays"} <= unchecked


def write_input_layer(folder):
    """A stay of two lines and their total, a visit without charges, a sale, a member of two spans."""
    codes = {f"{kind}_code_{n}": "" for kind in ("diagnosis", "procedure") for n in range(1, 26)}
    names = ("claim_line_start_date", "claim_line_end_date", "admission_date", "discharge_date", "total_cost_amount")
    names += ("discharge_disposition_code", "place_of_service_code", "bill_type_code", "drg_code", "hcpcs_code")
    names += ("revenue_center_code", "service_unit_quantity", "rendering_npi", "billing_tin", "facility_npi")
    names += (
        "coinsurance_amount",
        "copayment_amount",
        "deductible_amount",
        *(f"hcpcs_modifier_{n}" for n in range(1, 6)),
    )
    line = {
        "claim_id": "C1",
        "claim_line_number": "1",
        "claim_type": "institutional",
        "person_id": "P1",
        "payer": "Medicare",
    }
    line |= codes | dict.fromkeys(names, "") | {"claim_start_date": "2026-03-01", "claim_end_date": "2026-03-04"}
    line |= {"paid_date": "2026-03-20", "paid_amount": "80.00", "allowed_amount": "90.00", "charge_amount": "120.00"}
    line |= {
        "billing_npi": "H1",
        "bill_type_code": "111",
        "drg_code": "291",
        "diagnosis_code_1": "I10",
        "diagnosis_code_2": "E11",
    }
    second = line | {
        "claim_line_number": "2",
        "charge_amount": "80.00",
        "revenue_center_code": "0120",
        "copayment_amount": "5",
    }
    total = line | {"claim_line_number": "3", "charge_amount": "200.00", "revenue_center_code": "0001"}
    visit = line | {
        "claim_id": "C2",
        "claim_type": "professional",
        "bill_type_code": "",
        "billing_npi": "",
        "drg_code": "",
    }
    visit |= {"charge_amount": "", "rendering_npi": "D1", "hcpcs_code": "99213"}
    (folder / "medical_claim.csv").write_text(csv([line, second, total, visit]))
    sale = {
        "claim_id": "R1",
        "claim_line_number": "1",
        "person_id": "P1",
        "payer": "Medicare",
        "dispensing_date": "2026-03-02",
    }
    sale |= {"dispensing_provider_npi": "RX1", "prescribing_provider_npi": "D1", "ndc_code": "00093", "quantity": "30"}
    sale |= {"days_supply": "30", "paid_date": "", "paid_amount": "8", "allowed_amount": "10", "charge_amount": "12"}
    sale |= {"coinsurance_amount": "", "copayment_amount": "2", "deductible_amount": ""}
    (folder / "pharmacy_claim.csv").write_text(csv([sale]))
    member = {"person_id": "P1", "gender": "female", "birth_date": "1950-01-02", "death_date": "", "payer": "Medicare"}
    member |= {"enrollment_start_date": "2025-01-01", "enrollment_end_date": "2025-12-31", "state": "NY"}
    later = member | {"enrollment_start_date": "2026-01-01", "enrollment_end_date": ""}
    (folder / "eligibility.csv").write_text(csv([member, later]))


def test_lines_of_the_tuva_input_layer_become_bills(folder):
    write_input_layer(folder)
    report, rows = stored(folder, "tuva_input")
    found = counts(report)
    assert found["settlements"][1:] == (3, 0, 0)
    assert found["claim_lines"][1:] == (4, 0, 0)
    assert found["persons"][1:] == (1, 0, 0)
    assert found["enrolments"][1:] == (2, 0, 0)
    assert rows(BILLS) == [
        ("C1", "inpatient", 20_000, 16_000),  # 120 + 80 of its lines, and not the total beside them
        ("C2", "outpatient", 9_000, 8_000),  # nothing was charged: what was allowed stands for it
        ("R1", "pharmacy", 1_200, 800),
    ]
    assert rows("select sequence_number, count(*) from diagnoses group by 1 order by 1") == [(1, 2), (2, 2)]


def test_transactions_of_synthea_become_claims(folder):
    paid = {"CLAIMID": "C1", "CHARGEID": "0", "PATIENTID": "P1", "TYPE": "CHARGE", "AMOUNT": "129.16", "METHOD": ""}
    paid |= {"FROMDATE": "2026-03-05T23:30:00Z", "TODATE": "2026-03-05T23:45:00Z", "PROCEDURECODE": "162673000"}
    paid |= {
        "UNITS": "1",
        "UNITAMOUNT": "129.16",
        "PAYMENTS": "",
        "APPOINTMENTID": "E1",
        "PROVIDERID": "O1",
        "NOTES": "Visit",
    }
    paid |= {"SUPERVISINGPROVIDERID": "D1"}
    payer = paid | {"CHARGEID": "1", "TYPE": "PAYMENT", "AMOUNT": "", "METHOD": "ECHECK", "PAYMENTS": "100.00"}
    moved = paid | {"CHARGEID": "2", "TYPE": "TRANSFERIN", "AMOUNT": "29.16"}
    cash = payer | {"CHARGEID": "3", "METHOD": "CASH", "PAYMENTS": "29.16"}
    drug = paid | {"CLAIMID": "C2", "PROCEDURECODE": "314076", "AMOUNT": "20.00", "TODATE": "1970-01-01T00:00:00Z"}
    (folder / "claims_transactions.csv").write_text(csv([paid, payer, moved, cash, drug]))
    claim = {"Id": "C1", **{f"DIAGNOSIS{n}": "" for n in range(1, 9)}, "DIAGNOSIS1": "444814009"}
    (folder / "claims.csv").write_text(csv([claim, claim | {"Id": "C2"}]))
    (folder / "encounters.csv").write_text(csv([{"Id": "E1", "ENCOUNTERCLASS": "urgentcare"}]))
    (folder / "medications.csv").write_text(csv([{"CODE": "314076"}, {"CODE": "314076"}]))
    (folder / "patients.csv").write_text(
        csv([{"Id": "P1", "BIRTHDATE": "1950-01-02", "DEATHDATE": "", "GENDER": "F", "STATE": "Massachusetts"}])
    )
    (folder / "organizations.csv").write_text(csv([{"Id": "O1", "NAME": "COOLEY DICKINSON HOSPITAL", "STATE": "MA"}]))
    (folder / "providers.csv").write_text(csv([{"Id": "D1", "ORGANIZATION": "O1", "SPECIALITY": "GENERAL PRACTICE"}]))
    report, rows = stored(folder, "synthea_csv")
    assert counts(report)["settlements"][1:] == (2, 0, 0)
    assert rows(BILLS) == [("C1", "emergency", 12_916, 10_000), ("C2", "emergency", 2_000, 0)]
    assert rows("select sum(cash_paid_amount) from settlements") == [(2_916,)]
    assert rows("select item_type, line_number, amount from claim_lines order by amount desc") == [
        ("service", 1, 12_916),
        ("western_drug", 1, 2_000),
    ]
