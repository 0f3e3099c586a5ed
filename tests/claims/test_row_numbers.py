"""Rows are numbered within a key in the order of the source or of its columns, the same each time."""

import pytest

from features.claims.mapping.file import load_mapping
from features.errors import InputError
from tests.support.mapped import counted, ingested, stored, written

# Serials are texts of up to thirty signs, as home-grown systems write them, and no line numbers.
LINES = "bill,serial,day,code\n"
FILES = {
    "lines_1.csv": LINES + "B1,202603120000000000000000000009,2026-03-12,I3\nB2,9,2026-03-12,I1\n",
    "lines_2.csv": LINES + "B1,202603120000000000000000000001,2026-03-12,I1\nB2,10,2026-03-12,I2\n"
    "B1,202603120000000000000000000005,2026-03-12,I2\nB2,,2026-03-12,I3\nB2,10,2026-03-12,I4\n",
    "bills.csv": "bill,day,d1,d2,d3\nB1,2026-03-12,I10,,E11\nB2,2026-03-12,,J06,\n",
}
MAPPING = """
[sources.b]
files = ["bills.csv"]
[sources.m]
files = ["lines_*.csv"]
[[tables.settlements]]
source = "b"
[tables.settlements.columns]
settlement_id = "bill"
encounter_type = "'outpatient'"
settle_time = "day"
service_start_date = "day"
service_end_date = "day"
person_id = "'P1'"
provider_id = "'H1'"
insurance_type = "'commercial'"
total_amount = "'1.00'"
fund_paid_amount = "'1.00'"
[[tables.claim_lines]]
source = "m"
number = { column = "line_number", within = ["settlement_id"], order_by = ["lpad(serial, 30, '0')"] }
[tables.claim_lines.columns]
settlement_id = "bill"
fee_time = "day"
item_code = "code"
item_type = "'service'"
quantity = "'1'"
amount = "'1.00'"
"""
DIAGNOSES = """
[[tables.diagnoses]]
source = "b"
columns = { settlement_id = "bill" }
unlist = { columns = ["d1", "d2", "d3"], value = "diagnosis_code" }
number = { column = "sequence_number", within = ["settlement_id"] }
"""
NUMBERS = (
    "select settlement_id, line_number, item_code from claim_lines join codes_settlement using (settlement_key) "
    "join codes_item using (item_key) order by 1, 2"
)


def test_lines_are_numbered_by_a_serial_that_is_a_text(tmp_path):
    report, store = ingested(tmp_path, FILES, MAPPING + DIAGNOSES)
    first = stored(store, NUMBERS)
    # Of equal serials the one that comes first in the source; without a serial at the end.
    assert first == [
        *(("B1", n, f"I{n}") for n in (1, 2, 3)),
        *(("B2", n, code) for n, code in enumerate(("I1", "I2", "I4", "I3"), start=1)),
    ]
    sequence = "select sequence_number, diagnosis_code from diagnoses join codes_diagnosis using (diagnosis_key)"
    assert stored(store, f"{sequence} order by settlement_key, 1") == [(1, "I10"), (2, "E11"), (1, "J06")]
    # The same source again gives the same numbers, so that its rows are repeats.
    again, store = ingested(tmp_path, FILES, MAPPING + DIAGNOSES)
    assert (counted(again, "claim_lines").n_repeats, counted(again, "claim_lines").n_quarantined) == (7, 0)
    assert report.source == again.source


def test_lines_are_numbered_in_the_order_of_files_and_rows(tmp_path):
    mapping = MAPPING.replace(""", order_by = ["lpad(serial, 30, '0')"]""", "")
    _, store = ingested(tmp_path, FILES, mapping)
    assert stored(store, NUMBERS) == [
        *(("B1", n, code) for n, code in enumerate(("I3", "I1", "I2"), start=1)),
        *(("B2", n, f"I{n}") for n in (1, 2, 3, 4)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('within = ["settlement_id"]', "within = []", "number.within"),
        ('within = ["settlement_id"]', 'within = ["bill"]', "column of the block 'bill'"),
        ('within = ["settlement_id"]', 'within = ["line_number"]', "column of the block 'line_number'"),
        ('column = "line_number"', 'column = "line_numbr"', "did you mean 'line_number'"),
        ('column = "line_number"', 'column = "item_code"', "numbered, and given in another way"),
        ('source = "m"', 'source = "m"\ndistinct = true', "'order_by'.*put together"),
        ('order_by = ["lpad', 'orderby = ["lpad', "did you mean 'order_by'"),
        ("lpad(serial, 30, '0')", "serail", "source column 'serail'.*did you mean 'serial'"),
        ("lpad(serial, 30, '0')", "serial + 1", "order_by.*use number"),
    ],
)
def test_a_number_that_means_nothing_is_refused(tmp_path, old, new, said):
    source_said = "serial" in said or "use number" in said
    mapping = MAPPING.replace(old, new, 1)
    with pytest.raises(InputError, match=said):
        ingested(tmp_path, FILES, mapping) if source_said else load_mapping(written(tmp_path, {}, mapping)[1])
