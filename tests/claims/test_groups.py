"""The header of a bill is made of its lines by a block that groups: exact sums, and a reason where rows disagree."""

import json

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.mapping.file import load_mapping
from features.claims.quality.limits import Limits
from features.errors import InputError
from tests.support.mapped import counted, ingested, stored, written

LINES = """
claim,line,kind,start,paid_on,member,house,code,units,charge,paid
K1,1,a,2026-03-03,2026-03-12,P1,C1,99213,1,120.00,84.00
K2,1,b,2026-03-05,2026-03-13,P2,H1,99283,1,400.00,280.00
K1,2,a,2026-03-02,2026-03-14,P1,C1,36415,1,30.00,21.00
K1,3,a,2026-03-04,2026-03-13,P1,C1,85025,1,50.00,35.00
"""
BILLS = """
[sources.m]
files = ["claims*.csv"]
[[tables.settlements]]
source = "m"
group_by = ["settlement_id"]
[tables.settlements.gather]
total_amount = "sum"
fund_paid_amount = "sum"
settle_time = "max"
service_start_date = "min"
service_end_date = "max"
[tables.settlements.columns]
settlement_id = "claim"
encounter_type = "'outpatient'"
settle_time = "paid_on"
service_start_date = "start"
service_end_date = "start"
person_id = "member"
provider_id = "house"
insurance_type = "'commercial'"
total_amount = "charge"
fund_paid_amount = "paid"
bed_number = "kind"
[[tables.claim_lines]]
source = "m"
[tables.claim_lines.columns]
settlement_id = "claim"
line_number = "line"
fee_time = "start"
item_code = "code"
item_type = "'service'"
quantity = "units"
amount = "charge"
"""
HEADERS = (
    "select settlement_id, provider_id, total_amount, fund_paid_amount, cast(settle_time as varchar), "
    "cast(service_start_date as varchar), cast(service_end_date as varchar) from settlements "
    "join codes_settlement using (settlement_key) join codes_provider using (provider_key) order by 1"
)


def test_a_header_is_gathered_from_its_lines_in_any_of_the_files(tmp_path):
    head, *rows = LINES.strip().splitlines()
    files = {f"claims_{n}.csv": f"{head}\n{row}\n" for n, row in enumerate(rows)}
    source, mapping = written(tmp_path, files, BILLS)
    report = check_source(source, mapping=mapping)
    assert report.tables == ingest_source(source, tmp_path / "store", mapping=mapping).tables
    store = ClaimsStore.open(tmp_path / "store")
    # C1: 120 + 30 + 50 = 200.00 and 84 + 21 + 35 = 140.00; H1: 400.00 and 280.00
    assert stored(store, HEADERS) == [
        ("K1", "C1", 20000, 14000, "2026-03-14 00:00:00", "2026-03-02", "2026-03-04"),
        ("K2", "H1", 40000, 28000, "2026-03-13 00:00:00", "2026-03-05", "2026-03-05"),
    ]
    told = counted(report, "settlements")
    # A group counts once: 2 bills read of 4 rows, 2 of which went into another.
    assert (told.n_read, told.n_stored, told.n_quarantined, told.n_joined) == (2, 2, 0, 2)
    assert sum(each.n_rows for each in report.files if each.source == "m") == 4
    assert counted(report, "claim_lines").n_stored == 4


# By bill: what its second line changes, and what the bill is then told.
FAULTS = {
    "A": ("charge", "fifty", "total_amount: not a number of at most 2 decimals"),
    "B": ("charge", "5_0", "total_amount: not a number of at most 2 decimals"),
    "C": ("charge", "50.001", "total_amount: not a number of at most 2 decimals"),
    "D": ("charge", "", None),  # an empty amount adds nothing
    "E": ("paid_on", "2026-02-30", "settle_time: not a timestamp"),
    "F": ("member", "P2", "person_id: the rows of the group differ"),
    "G": ("member", "", "person_id: the rows of the group differ"),
    "H": ("house", "H1", "provider_id: the rows of the group differ"),
    "": ("line", "7", "settlement_id: empty"),
}


def test_a_group_is_told_what_is_wrong_with_any_of_its_rows(tmp_path):
    row = {"line": "1", "kind": "a", "start": "2026-03-03", "paid_on": "2026-03-12", "member": "P1", "house": "C1"}
    row |= {"code": "X", "units": "1", "charge": "1.50", "paid": "1.00"}
    rows = [{"claim": bill} | row | more for bill, (column, cell, _) in FAULTS.items() for more in ({}, {column: cell})]
    limits = Limits(max_dangling_share=1)
    report, store = ingested(tmp_path, {"claims.csv": pd.DataFrame(rows).to_csv(index=False)}, BILLS, limits=limits)
    told = counted(report, "settlements")
    # 8 bills of two lines, and two lines without a bill, which nothing puts together
    assert (told.n_read, told.n_stored, told.n_quarantined, told.n_joined) == (10, 1, 9, 8)
    assert [row[:3] for row in stored(store, HEADERS)] == [("D", "C1", 150)]
    bad = pd.read_parquet(store.folder / store.catalog.quarantine["settlements"][0].file)
    raw = [json.loads(text) for text in bad["raw"]]
    assert [(row["claim"], list(reasons)) for row, reasons in zip(raw, bad["reasons"], strict=True)] == [
        *((bill, [reason]) for bill, (_, _, reason) in FAULTS.items() if bill and reason),
        (None, ["settlement_id: empty"]),
        (None, ["settlement_id: empty"]),
    ]
    # A bill stands where its first row stands, and its lines are told that they have none.
    assert list(bad["row_number"]) == [1, 3, 5, 9, 11, 13, 15, 17, 18]
    assert counted(report, "claim_lines").n_read == len(rows)


def test_sums_are_exact_where_binary_floats_are_not(tmp_path):
    head = LINES.strip().splitlines()[0]
    row = "K1,{n},a,2026-03-03,2026-03-12,P1,C1,x,1,{charge},99999999999.99\n"
    many = "".join(row.format(n=n, charge="0.10" if n > 2 else "0.005") for n in range(1, 101))
    mapping = BILLS.replace('group_by = ["settlement_id"]', 'group_by = ["settlement_id"]\nwhere = "line <> \'100\'"')
    _, store = ingested(tmp_path, {"claims.csv": f"{head}\n{many}"}, mapping)
    # Of 99 lines, the last is left out before: 97 x 0.10 + 2 x 0.005 = 9.71; 99 x 99,999,999,999.99
    assert stored(store, HEADERS)[0][2:4] == (971, 99 * 9999999999999)


def test_first_and_count_and_values_that_are_the_same_in_another_form(tmp_path):
    mapping = BILLS.replace('settle_time = "max"', 'bed_number = "first"\nannual_cap_amount = "count"')
    mapping = mapping.replace('bed_number = "kind"', 'bed_number = "kind"\nannual_cap_amount = "kind"')
    lines = LINES.replace("2026-03-14", "2026-03-12 00:00").replace("2026-03-13,P1", "2026-03-12,P1")
    lines = lines.replace("K1,1,a", "K1,1,").replace("K1,3,a", "K1,3,z")
    _, store = ingested(tmp_path, {"claims.csv": lines}, mapping)
    sql = "select bed_number, annual_cap_amount, cast(settle_time as varchar) from settlements order by settlement_key"
    # K1: kinds are none, a, z; the first that is there is a, two are there, and all settle at one time
    assert stored(store, sql)[0] == ("a", 200, "2026-03-12 00:00:00")


def test_equal_rows_stand_where_the_first_of_them_stands(tmp_path):
    providers = """
[[tables.providers]]
source = "m"
columns = { provider_id = "house", provider_type = "'hospital'", licensed_beds = "code" }
distinct = true
"""
    head = LINES.strip().splitlines()[0]
    row = "{n},1,a,2026-03-03,2026-03-12,P1,{house},{beds},1,1.00,1.00\n"
    small, large = (row.format(n=house, house=house, beds=beds) for house, beds in (("S1", "9"), ("L1", "many")))
    files = {"claims_a.csv": head + "\n" + small * 3 + large, "claims_b.csv": head + "\n" + large}
    report, _ = ingested(tmp_path, files, BILLS + providers)
    # Row 4 of the first file: row 1 of it is another provider's.
    assert counted(report, "providers").cells[0][2] == "claims_a.csv row 4"


BAD = [
    ('group_by = ["settlement_id"]', 'group_by = ["setlement_id"]', "'setlement_id'.*did you mean 'settlement_id'"),
    ('group_by = ["settlement_id"]', "", "'gather'.*gathers no rows"),
    ('total_amount = "sum"', 'total_amount = "avg"', "gather.total_amount"),
    ('total_amount = "sum"', 'bed_number = "sum"', "'bed_number'.*'sum' of what is no amount"),
    ('total_amount = "sum"', 'encounter_type = "max"', "'encounter_type'.*'max' of what has no order"),
    ('total_amount = "sum"', 'settlement_id = "first"', "'settlement_id'.*in `group_by` and in `gather`"),
    ('total_amount = "sum"', 'in_scope_amount = "sum"', "column of the block 'in_scope_amount'"),
    ('group_by = ["settlement_id"]', 'group_by = ["settlement_id"]\ndistinct = true', "beside `group_by`"),
    ('group_by = ["settlement_id"]', 'groop_by = ["settlement_id"]', "did you mean 'group_by'"),
]


@pytest.mark.parametrize(("old", "new", "said"), BAD)
def test_a_group_that_means_nothing_is_refused(tmp_path, old, new, said):
    _, mapping = written(tmp_path, {}, BILLS.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        load_mapping(mapping)


def test_a_sum_in_an_expression_names_what_gathers(tmp_path):
    with pytest.raises(InputError, match=r"function 'sum'.*group_by. and .gather"):
        ingested(tmp_path, {"claims.csv": LINES}, BILLS.replace('= "charge"', '= "sum(charge)"', 1))
