"""Small invented data in which every feature has something to measure; a new feature adds the columns it reads."""

from __future__ import annotations

from typing import Any

from tests.contracts.feature_registers import goods, registers


def settlement(number: int, **over: Any) -> dict[str, Any]:
    month = 1 + number % 3
    stay, sale = number % 4 == 0, number % 4 == 1
    row = {
        "settlement_id": f"S{number:03d}",
        "person_id": f"P{number % 7}",
        "provider_id": f"{'R' if sale else 'H'}{number // 3 % 3}",
        "encounter_type": "inpatient" if stay else ("pharmacy" if sale else "outpatient"),
        "settle_time": f"2026-{month:02d}-{1 + number % 27:02d} {number % 24:02d}:30:00",
        "attending_practitioner_id": f"D{number % 4}",
        "cash_paid_amount": f"{number % 5}.00",
        "account_paid_amount": f"{number % 3}.00",
        "deductible_amount": "2.00",
        "in_scope_amount": "9.00",
        "is_reversal": "false",
        "credential_type": ("e_credential", "id_card")[number // 4 % 2],
        "terminal_id": f"T{number // 4 % 2}",
        "operator_id": f"C{number // 4 % 3}",
        "is_proxy_purchase": str(number % 5 == 0).lower(),
        "mutual_aid_paid_amount": f"{number % 3 % 2}.00",
        "annual_cap_amount": "100.00",
        "annual_paid_to_date_amount": f"{90 + number % 9}.00",
        "is_planned_readmission": str(number % 8 == 0).lower(),
        "original_settlement_id": None,
        "filing_type": "referred" if number % 2 else None,
        "referral_id": None if number % 8 else f"F{number:03d}",
        "has_manual_override": str(number % 6 == 0).lower(),
        "is_third_party_injury": str(number % 11 == 0).lower(),
        "payment_method": "drg",
        "department_code": "D1",
        "invoice_number": f"V{number // 2}",
        "medical_aid_paid_amount": "1.00",
        "insured_region_code": "330101" if number % 5 else "340101",
        "care_region_code": "330101",
    }
    row |= {"service_start_date": row["settle_time"][:10], "service_end_date": row["settle_time"][:10]}
    if stay:
        row |= {
            "admit_time": f"2026-{month:02d}-01 08:00:00",
            "discharge_time": f"2026-{month:02d}-{3 + number % 9:02d} 09:00:00",
        }
        row |= {"operating_practitioner_id": f"D{number % 2}", "bed_number": "B1"}
    return row | over


def stays(row: dict[str, Any]) -> bool:
    return "admit_time" in row


def feature_tables(n: int = 240, months: tuple[int, ...] = (1, 2, 3)) -> dict[str, list[dict[str, Any]]]:
    settlements = [s for s in map(settlement, range(n)) if int(s["settle_time"][5:7]) in months]
    lines = [
        {
            "settlement_id": s["settlement_id"],
            "line_number": k,
            "item_code": f"I{(int(s['settlement_id'][1:]) + k) % 5}",
            "item_name": "item",
            "unit_price": "1.00",
            "original_line_number": None,
            "is_discharge_medication": "true" if k == 1 and stays(s) else "false",
            "item_type": "western_drug" if k == 1 or s["encounter_type"] == "pharmacy" else "service",
            "charge_category": "western_drug" if k == 1 else ("surgery" if stays(s) else "laboratory"),
            "amount": f"{10 * k + int(s['settlement_id'][1:])}.37",
            "days_supply": 7,
            "prescriber_id": f"D{k - 1}",
            "executor_id": f"D{k}",
            "prescription_id": f"X{s['settlement_id'][1:]}" if k == 1 else None,
        }
        for s in settlements
        for k in (1, 2)
    ]
    diagnoses = [
        {"settlement_id": s["settlement_id"], "diagnosis_code": f"I{10 + int(s['settlement_id'][1:]) % 4}"}
        | {"is_present_on_admission": "true", "sequence_number": 1}
        for s in settlements
    ]
    diagnoses += [
        {"settlement_id": s["settlement_id"], "diagnosis_code": "A41.9", "sequence_number": 2}
        | {"is_present_on_admission": "false"}
        for s in settlements
        if stays(s)
    ]
    groups = [
        {"settlement_id": s["settlement_id"], "system": "drg", "group_code": f"G{1 + int(s['settlement_id'][1:]) % 8}"}
        | {"weight": 1.5, "standard_amount": "300.00"}
        for s in settlements
    ]
    procedures = [
        {"settlement_id": s["settlement_id"], "procedure_time": s["admit_time"]} for s in settlements if stays(s)
    ]
    sales = [s for s in settlements if s["encounter_type"] == "pharmacy"]
    others = goods(sales, months) | registers(settlements, months)
    return others | {
        "settlements": settlements,
        "claim_lines": lines,
        "diagnoses": diagnoses,
        "procedures": procedures,
        "drg_assignments": groups,
        "persons": [
            {
                "person_id": f"P{i}",
                "chronic_condition_codes": "heart|copd",
                "home_region_code": "330101",
                "township_code": f"33010100{i % 2}",
                "phone_hash": f"T{i // 3}",
                "address_hash": f"A{i // 3}",
                "bank_account_hash": f"B{i // 3}",
                "death_date": "2026-02-10" if i == 6 else None,
            }
            for i in range(7)
        ],
        "practitioners": [
            {"practitioner_id": f"D{i}", "provider_id": f"H{i % 3}", "person_id": f"P{i}", "specialty": "internal"}
            | {
                "licence_start_date": "2020-01-01",
                "licence_end_date": "2026-02-15",
                "can_prescribe": str(i > 0).lower(),
            }
            for i in range(4)
        ],
        "providers": [
            {"provider_id": f"{kind}{i}", "provider_type": name, "region_code": "330101", "longitude": 120.1 + i}
            | {"latitude": 30.2, "provider_level": "primary" if i == 0 else "secondary", "payment_method": "drg"}
            | {"licensed_beds": 10}
            for kind, name in (("H", "clinic"), ("R", "retail_pharmacy"))
            for i in range(3)
        ],
    }
