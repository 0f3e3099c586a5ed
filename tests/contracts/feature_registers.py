"""What others than the providers' bills say of the small data: scans, books, scripts, registers."""

from __future__ import annotations

from typing import Any


def goods(sales: list[dict[str, Any]], months: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    """Scripts, scans and books of the pharmacies' sales."""
    scans = [
        {
            "event_id": f"{kind}{s['settlement_id']}",
            "trace_code": f"8{int(s['settlement_id'][1:]) // 2}",
            "event_time": s["settle_time"],
            "event_type": kind,
            "provider_id": s["provider_id"],
            "item_code": f"I{(int(s['settlement_id'][1:]) + 1) % 5}",
            "settlement_id": s["settlement_id"] if kind == "sale" else None,
            "is_split_pack": str(int(s["settlement_id"][1:]) % 8 == 1).lower(),
        }
        for s in sales
        for kind in ("inbound", "sale")
    ]
    scripts = [
        {
            "prescription_id": f"X{s['settlement_id'][1:]}",
            "person_id": s["person_id"],
            "issuing_provider_id": f"H{int(s['settlement_id'][1:]) % 3}",
            "prescriber_id": f"D{int(s['settlement_id'][1:]) % 4}",
            "issue_time": s["settle_time"],
            "channel": "paper",
            "dispense_settlement_id": s["settlement_id"],
        }
        for s in sales
    ]
    books = [
        {
            "provider_id": f"R{i}",
            "item_code": f"I{item}",
            "month": f"2026-{month:02d}",
            "opening_quantity": "5",
            "purchased_quantity": "2",
            "closing_quantity": "5",
        }
        for i in range(3)
        for item in range(5)
        for month in months
    ]
    catalogue = [
        {"item_code": f"I{item}", "max_fill_quantity": "1", "max_course_days": 5, "is_sentinel_drug": "true"}
        | {"is_brand": "true", "is_controlled": "II", "standard_minutes": "12.5"}
        | {"imaging_kind": "ct" if item == 2 else "mri" if item == 3 else None}
        | {f"price_ceiling_{level}_amount": "0.50" for level in ("primary", "pharmacy")}
        | {f"price_ceiling_{level}_amount": "2.00" for level in ("secondary", "tertiary")}
        | {"max_daily_quantity": "1", "gender_limit": "male" if item == 4 else None, "min_age_years": 66}
        | {"min_provider_level": "secondary"}
        for item in range(5)
    ]
    return {"trace_events": scans, "prescriptions": scripts, "stock_movements": books, "ref_items": catalogue}


def registers(settlements: list[dict[str, Any]], months: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    """What others than the providers' bills say: calendar, places, contracts, referrals, budgets, opinions."""
    referrals = [
        {
            "referral_id": s["referral_id"],
            "person_id": s["person_id"],
            "from_provider_id": "H0",
            "to_provider_id": "H1",
            "direction": "up",
            "issue_time": s["settle_time"],
        }
        for s in settlements
        if s["referral_id"]
    ]
    return {
        "ref_drg_groups": [
            {"system": "drg", "version": "2026", "group_code": f"G{k}", "standard_amount": "300.00", "weight": 1.5}
            | {"expected_days": 6}
            for k in range(1, 9)
        ],
        "ref_item_pairs": [{"item_code": "I1", "excluded_item_code": "I2", "scope": "same_day"}],
        "ref_item_packages": [
            {"package_item_code": "I9", "component_item_code": f"I{k}", "min_components": 2} for k in (1, 2)
        ],
        "stay_leaves": [
            {"settlement_id": s["settlement_id"], "start_date": s["admit_time"][:10], "end_date": s["admit_time"][:10]}
            for s in settlements
            if s["settlement_id"] in {"S000", "S004", "S008"} and "admit_time" in s
        ],
        "ref_holidays": [{"date": "2026-01-01"}],
        "ref_regions": [{"region_code": "330101", "longitude": 120.2, "latitude": 30.3}],
        "referrals": referrals,
        "family_doctor_contracts": [
            {"person_id": f"{kind}{i}", "provider_id": "H1", "start_date": "2025-06-01", "end_date": "2026-05-31"}
            for kind in "PQ"
            for i in range(20 if kind == "Q" else 7)
        ],
        "complaints": [
            {"complaint_id": f"K{m}", "received_date": f"2026-{m:02d}-03", "subject_type": "provider"}
            | {"subject_id": "H1"}
            for m in months
        ],
        "surveys": [
            {"provider_id": "H1", "month": f"2026-{m:02d}", "n_responses": 10, "satisfied_share": 0.9} for m in months
        ],
        "payment_budgets": [{"provider_id": f"H{i}", "year": 2026, "budget_amount": "50000.00"} for i in range(3)],
    }
