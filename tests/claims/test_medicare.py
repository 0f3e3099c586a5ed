"""The shipped mapping for the public Medicare provider set, on a tiny extract of its shape."""

import zipfile

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine

DIAGNOSES = [f"ClmDiagnosisCode_{n}" for n in range(1, 11)]
PROCEDURES = [f"ClmProcedureCode_{n}" for n in range(1, 7)]
CHRONIC = ["Alzheimer", "Heartfailure", "KidneyDisease", "Cancer", "ObstrPulmonary", "Depression", "Diabetes"]
CHRONIC += ["IschemicHeart", "Osteoporasis", "rheumatoidarthritis", "stroke"]


def claim(number, provider, paid, deductible, **more):
    row = dict.fromkeys(
        [*DIAGNOSES, *PROCEDURES, "OperatingPhysician", "OtherPhysician", "ClmAdmitDiagnosisCode"], "NA"
    )
    row |= {"BeneID": f"BENE{number}", "ClaimID": f"CLM{number}", "Provider": provider, "AttendingPhysician": "PHY1"}
    row |= {"ClaimStartDt": "2009-04-12", "ClaimEndDt": "2009-04-18", "ClmDiagnosisCode_1": "4019"}
    return row | {"InscClaimAmtReimbursed": str(paid), "DeductibleAmtPaid": str(deductible), **more}


def zipped(path, rows):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(path.name.removesuffix(".zip"), pd.DataFrame(rows).to_csv(index=False))


@pytest.fixture
def folder(tmp_path):
    stay = {"AdmissionDt": "2009-04-12", "DischargeDt": "2009-04-18", "DiagnosisGroupCode": "201"}
    inpatient = [
        claim(1, "PRV1", 26000, 1068, **stay, ClmDiagnosisCode_3="25000", ClmAdmitDiagnosisCode="7866"),
        claim(2, "PRV1", 5000, "NA", **stay, ClmProcedureCode_1="7092", OperatingPhysician="PHY9"),
        claim(3, "PRV2", 0, 1068, **stay),
    ]
    outpatient = [claim(4, "PRV2", 30, 0), claim(5, "PRV3", 70, 10), claim(6, "PRV3", 20, 0)]
    persons = [
        {"BeneID": f"BENE{n}", "DOB": "1943-01-01", "DOD": "NA", "Gender": 1 + n % 2, "State": 5, "County": 40 + n}
        | {"RenalDiseaseIndicator": "Y" if n == 2 else "0"}
        | {f"ChronicCond_{name}": 1 if n == 1 and name in {"Cancer", "stroke"} else 2 for name in CHRONIC}
        for n in range(1, 7)
    ]
    for cohort in ("Train", "Test"):
        zipped(tmp_path / f"{cohort}_Inpatientdata-1.csv.zip", inpatient)
        zipped(tmp_path / f"{cohort}_Beneficiarydata-1.csv.zip", persons)
    zipped(tmp_path / "Test_Outpatientdata-1.csv.zip", outpatient)
    pd.DataFrame({"Provider": ["PRV1", "PRV8"], "PotentialFraud": ["Yes", "No"]}).to_csv(
        tmp_path / "labels.csv", index=False
    )
    return tmp_path


def test_training_cohort(folder):
    report = ingest_source(folder, folder / "store", mapping="medicare_provider_fraud")
    assert {t.table: t.n_stored for t in report.tables} == {
        "settlements": 3,
        "claim_lines": 3,
        "diagnoses": 5,  # one each, a second and one at admission for CLM1
        "procedures": 1,
        "persons": 6,
        "providers": 2,
        "drg_assignments": 3,
        "labels": 2,  # PRV8 bills nothing here; its label is kept
    }
    with DuckDBEngine() as engine:
        ClaimsStore.open(folder / "store").attach(engine)
        # 26,000 + 1,068 and 5,000 + 0 (NA) and 0 + 1,068 dollars, in cents
        assert engine.rows(
            "select total_amount, fund_paid_amount, cash_paid_amount from settlements order by settlement_key"
        ) == [(2_706_800, 2_600_000, 106_800), (500_000, 500_000, 0), (106_800, 0, 106_800)]
        assert engine.rows("select settlement_key, amount, executor_key from claim_lines order by 1") == [
            (1, 2_706_800, 1),
            (2, 500_000, 2),
            (3, 106_800, 1),
        ]
        diagnoses = engine.rows(
            "select sequence_number, diagnosis_code, diagnosis_type from diagnoses "
            "join codes_diagnosis using (diagnosis_key) where settlement_key = 1 order by 1"
        )
        assert diagnoses == [(1, "4019", "principal"), (3, "25000", "secondary"), (11, "7866", "admission")]
        assert engine.rows(
            "select gender, home_region_code, chronic_condition_codes from persons order by 2 limit 2"
        ) == [
            ("female", "05041", "cancer|stroke"),
            ("male", "05042", "renal_disease"),
        ]
        assert engine.rows("select subject_id, decision, cast(known_date as varchar) from labels order by 1") == [
            ("PRV1", "confirmed_fraud", "2010-01-01"),
            ("PRV8", "unfounded", "2010-01-01"),
        ]


def test_test_cohort_adds_outpatient_claims_and_has_no_labels(folder):
    report = ingest_source(folder, folder / "store", mapping="medicare_provider_fraud_test")
    stored = {t.table: t.n_stored for t in report.tables}
    assert (stored["settlements"], stored["providers"]) == (6, 3)
    store = ClaimsStore.open(folder / "store")
    assert not store.has("labels")
    with DuckDBEngine() as engine:
        store.attach(engine)
        # PRV2 bills both: the stay decides its kind; PRV3 bills outpatient claims only
        assert engine.rows("select provider_key, provider_type from providers order by 1") == [
            (1, "hospital"),
            (2, "hospital"),
            (3, "other"),
        ]
