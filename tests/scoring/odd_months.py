"""Months that are legal and odd: by name, what is done to a small ordinary source."""

from __future__ import annotations

from datetime import datetime, timedelta

ODD_MONTHS = {}
# Tried with every change; the others take a minute together.
QUICK = {
    "one_settlement",
    "one_person_everywhere",
    "no_lines",
    "all_amounts_zero",
    "only_reversals",
    "all_providers_alike",
}
MONTH = "2026-03"
_FIRST = datetime.fromisoformat("2026-03-01 09:00")
_BILL = {"total_amount": "60.00", "in_scope_amount": "60.00", "fund_paid_amount": "42.00"}


def odd(change):
    """Register a month under the name of the function that makes it of the ordinary one."""
    ODD_MONTHS[change.__name__] = change
    return change


def ordinary(n_settlements=40, n_persons=12, n_providers=5):
    """Rows of contract tables: settlements of three lines each, spread over a month."""
    kinds = [("hospital", "tertiary"), ("clinic", "ungraded"), ("pharmacy", "ungraded")]
    settlements, lines = [], []
    for number in range(n_settlements):
        time = _FIRST + timedelta(hours=17 * number % 700)
        settlements.append(
            {"settlement_id": f"S{number}", "encounter_type": "outpatient", "settle_time": str(time),
             "service_start_date": str(time.date()), "service_end_date": str(time.date()),
             "person_id": f"P{number % n_persons}", "provider_id": f"H{number % n_providers}",
             "insurance_type": "employee", **_BILL}
        )  # fmt: skip
        lines += [
            {"settlement_id": f"S{number}", "line_number": n, "fee_time": str(time), "item_code": f"I{n}",
             "item_name": f"Item {n}", "item_type": "service", "charge_category": "consultation", "quantity": "1",
             "unit_price": f"{10 * n}.00", "amount": f"{10 * n}.00", "in_scope_amount": f"{10 * n}.00"}
            for n in (1, 2, 3)
        ]  # fmt: skip
    return {
        "settlements": settlements,
        "claim_lines": lines,
        "persons": [
            {"person_id": f"P{n}", "gender": "male" if n % 2 else "female", "birth_date": f"{1940 + n % 60}-05-11"}
            for n in range(n_persons)
        ],
        "providers": [
            {"provider_id": f"H{n}", "provider_type": kinds[n % 3][0], "provider_level": kinds[n % 3][1]}
            for n in range(n_providers)
        ],
    }


def keep(tables, wanted):
    """Keep the settlements that are wanted, and their lines."""
    tables["settlements"] = [row for row in tables["settlements"] if wanted(row)]
    kept = {row["settlement_id"] for row in tables["settlements"]}
    tables["claim_lines"] = [row for row in tables["claim_lines"] if row["settlement_id"] in kept]


def put(tables, table, **columns):
    """Set columns of every row."""
    for row in tables[table]:
        row.update(columns)


@odd
def one_provider(tables):
    keep(tables, lambda row: row["provider_id"] == "H0")


@odd
def one_settlement(tables):
    keep(tables, lambda row: row["settlement_id"] == "S0")


@odd
def one_line(tables):
    keep(tables, lambda row: row["settlement_id"] == "S0")
    del tables["claim_lines"][1:]


@odd
def one_person(tables):
    put(tables, "settlements", person_id="P0")


@odd
def one_person_everywhere(tables):
    tables.update(ordinary(300, 1, 300))


@odd
def a_provider_a_person(tables):
    tables.update(ordinary(60, 60, 60))


@odd
def only_pharmacies(tables):
    put(tables, "providers", provider_type="retail_pharmacy")
    put(tables, "settlements", encounter_type="pharmacy")


@odd
def one_pharmacy(tables):
    only_pharmacies(tables)
    put(tables, "settlements", provider_id="H2")


@odd
def only_stays(tables):
    for row in tables["settlements"]:
        day = row["service_start_date"]
        row.update(encounter_type="inpatient", admit_time=f"{day} 08:00:00", discharge_time=f"{day} 09:00:00")


@odd
def no_lines(tables):
    """None in the month: the source refuses to be without any, so another month has some."""
    first = tables["settlements"][0]
    first.update(settle_time="2026-02-05 09:00:00", service_start_date="2026-02-05", service_end_date="2026-02-05")
    tables["claim_lines"] = [row | {"fee_time": first["settle_time"]} for row in tables["claim_lines"][:3]]


@odd
def all_amounts_zero(tables):
    put(tables, "settlements", **dict.fromkeys(_BILL, "0.00"))
    put(tables, "claim_lines", unit_price="0.00", amount="0.00", in_scope_amount="0.00")


@odd
def only_negative(tables):
    put(tables, "settlements", **{name: f"-{value}" for name, value in _BILL.items()})
    for row in tables["claim_lines"]:
        row.update(quantity="-1", amount=f"-{row['amount']}", in_scope_amount=f"-{row['in_scope_amount']}")


def _reverse(tables, settlement_id):
    bill = next(row for row in tables["settlements"] if row["settlement_id"] == settlement_id)
    lines = [row for row in tables["claim_lines"] if row["settlement_id"] == settlement_id]
    own = f"R{settlement_id}"
    tables["settlements"].append(
        {**bill, "settlement_id": own, "is_reversal": "true", "original_settlement_id": settlement_id}
        | {name: f"-{bill[name]}" for name in _BILL}
    )
    for row in lines:
        taken = {name: f"-{row[name]}" for name in ("quantity", "amount", "in_scope_amount")}
        tables["claim_lines"].append({**row, "settlement_id": own, **taken})


@odd
def all_reversed(tables):
    for row in list(tables["settlements"]):
        _reverse(tables, row["settlement_id"])


@odd
def all_reversed_but_one(tables):
    for row in list(tables["settlements"])[1:]:
        _reverse(tables, row["settlement_id"])


@odd
def only_reversals(tables):
    for row in tables["settlements"]:
        row.update(is_reversal="true", original_settlement_id=f"GONE{row['settlement_id']}")


@odd
def same_second(tables):
    put(tables, "settlements", settle_time="2026-03-05 09:00:00", service_start_date="2026-03-05",
        service_end_date="2026-03-05")  # fmt: skip
    put(tables, "claim_lines", fee_time="2026-03-05 09:00:00")


@odd
def all_providers_alike(tables):
    tables.update(ordinary(60, 60, 30))
    put(tables, "providers", provider_type="clinic", provider_level="ungraded", region_code="440100")


@odd
def one_region_one_practitioner(tables):
    put(tables, "providers", region_code="440100")
    put(tables, "settlements", attending_practitioner_id="D1", care_region_code="440100")
    tables["practitioners"] = [{"practitioner_id": "D1", "provider_id": "H0"}]


@odd
def registers_know_nobody(tables):
    tables["persons"] = [{"person_id": "ZZ", "gender": "male", "birth_date": "1950-01-01"}]
    tables["providers"] = [{"provider_id": "ZZ", "provider_type": "hospital"}]


@odd
def identical_lines(tables):
    first = tables["claim_lines"][0]
    for row in tables["claim_lines"]:
        row.update({name: value for name, value in first.items() if name not in ("settlement_id", "line_number")})


@odd
def every_bill_twice(tables):
    for name in ("settlements", "claim_lines"):
        tables[name] += [{**row, "settlement_id": f"D{row['settlement_id']}"} for row in tables[name]]


@odd
def huge_amounts(tables):
    put(tables, "settlements", **dict.fromkeys(_BILL, "99999999999999.99"))
    put(tables, "claim_lines", amount="99999999999999.99", in_scope_amount="99999999999999.99")


@odd
def lines_of_no_settlement_month(tables):
    put(tables, "claim_lines", fee_time="2025-12-31 23:59:59")


@odd
def gap_before_the_month(tables):
    for number, row in enumerate(tables["settlements"]):
        if number:
            row.update(settle_time="2025-10-05 10:00:00", service_start_date="2025-10-05",
                       service_end_date="2025-10-05")  # fmt: skip


@odd
def optional_columns_are_empty(tables):
    put(tables, "settlements", in_scope_amount="", admit_time="", discharge_time="", attending_practitioner_id="")
    put(tables, "claim_lines", item_name="", charge_category="", in_scope_amount="")


@odd
def unknown_ages_and_kinds(tables):
    for row in tables["persons"]:
        row.update(gender="unknown", birth_date="2026-04-01")
    put(tables, "providers", provider_level="")
