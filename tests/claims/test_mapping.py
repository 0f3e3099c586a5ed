"""A further payer's extract needs a mapping and no code."""

import gzip
import zipfile

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.mapping.file import load_mapping, shipped
from features.engine import DuckDBEngine
from features.errors import InputError

# Other names, other shapes: gzipped bills by month, charges as Parquet, members in Latin-1 with German dates.
MAPPING = r"""
name = "invented"
null_texts = ["\\N", "-"]

[sources.bills]
files = ["bills/*/*.csv.gz"]

[sources.charges]
files = ["charges.parquet"]

[sources.members]
files = ["members.zip.csv.zip"]
delimiter = ";"
encoding = "latin-1"

[[tables.settlements]]
source = "bills"
[tables.settlements.columns]
settlement_id = "Bill"
encounter_type = "Kind"
settle_time = "concat(PaidOn, ' ', PaidAt)"
service_start_date = "PaidOn"
service_end_date = "PaidOn"
person_id = "Member"
provider_id = '"House No."'
insurance_type = "'commercial'"
total_amount = "number(Gross)"
fund_paid_amount = "number(Gross) - number(coalesce(Own, '0'))"
[tables.settlements.values.encounter_type]
to = { A = "outpatient", S = "inpatient" }
otherwise = "other"

[[tables.claim_lines]]
source = "charges"
[tables.claim_lines.columns]
settlement_id = "bill"
line_number = "pos"
fee_time = "day"
item_code = "code"
item_type = "'service'"
quantity = "units"
amount = "value"

[[tables.persons]]
source = "members"
[tables.persons.columns]
person_id = "Member"
gender = "Geschlecht"
birth_date = "concat(split_part(Geburt, '.', 3), '-', split_part(Geburt, '.', 2), '-', split_part(Geburt, '.', 1))"
[tables.persons.values.gender]
to = { "männlich" = "male", weiblich = "female" }
otherwise = "unknown"

[[tables.providers]]
source = "bills"
columns = { provider_id = '"House No."', provider_type = "'hospital'" }
distinct = true

[[tables.diagnoses]]
source = "bills"
columns = { settlement_id = "Bill" }
unlist = { columns = ["D1", "D2", "D3"], value = "diagnosis_code", position = "sequence_number" }
"""


@pytest.fixture
def extract(tmp_path):
    folder = tmp_path / "extract"
    for month, rows in {
        "jan": "B1,A,2026-01-03,09:15:00,M1,77,10.00,2.50,I10,-,E11\nB2,S,2026-01-04,10:00:00,M2,77,20.00,\\N,-,-,-\n",
        "feb": "B3,X,2026-02-01,11:00:00,M1,78,30.00,0,J06,,\n",
    }.items():
        (folder / "bills" / month).mkdir(parents=True)
        text = "Bill,Kind,PaidOn,PaidAt,Member,House No.,Gross,Own,D1,D2,D3\n" + rows
        (folder / "bills" / month / "bills.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    charges = {"bill": ["B1", "B2", "B3"], "pos": [1, 1, 1], "code": ["X", "Y", "X"], "units": [1.0, 0.5, 2.0]}
    days = pd.to_datetime(["2026-01-03", "2026-01-04", "2026-02-01"])
    pd.DataFrame({**charges, "day": days, "value": [10.0, 20.0, 30.0]}).to_parquet(folder / "charges.parquet")
    members = "Member;Geschlecht;Geburt\r\nM1;männlich;24.12.1950\r\nM2;divers;01.02.1960\r\n"
    with zipfile.ZipFile(folder / "members.zip.csv.zip", "w") as archive:
        archive.writestr("members.csv", members.encode("latin-1"))
    mapping = tmp_path / "invented.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return folder, mapping


def test_an_invented_extract_needs_a_mapping_only(extract, tmp_path):
    folder, mapping = extract
    report = ingest_source(folder, tmp_path / "store", mapping=str(mapping))
    assert {t.table: (t.n_read, t.n_stored) for t in report.tables} == {
        "settlements": (3, 3),
        "claim_lines": (3, 3),
        "diagnoses": (3, 3),  # I10 and E11 of B1, J06 of B3
        "persons": (2, 2),
        "providers": (2, 2),
    }
    store = ClaimsStore.open(tmp_path / "store")
    assert store.months() == ("2026-01", "2026-02")
    assert store.has("settlements", "total_amount")
    assert not store.has("settlements", "admit_time")
    with DuckDBEngine() as engine:
        store.attach(engine)
        settlements = engine.rows(
            "select settlement_id, encounter_type, total_amount, fund_paid_amount, cast(settle_time as varchar), month "
            "from settlements join codes_settlement using (settlement_key) order by 1"
        )
        assert settlements == [
            ("B1", "outpatient", 1000, 750, "2026-01-03 09:15:00", "2026-01"),
            ("B2", "inpatient", 2000, 2000, "2026-01-04 10:00:00", "2026-01"),
            ("B3", "other", 3000, 3000, "2026-02-01 11:00:00", "2026-02"),
        ]
        persons = engine.rows("select person_key, gender, cast(birth_date as varchar) from persons order by 1")
        assert persons == [(1, "male", "1950-12-24"), (2, "unknown", "1960-02-01")]
        diagnoses = engine.rows("select sequence_number, diagnosis_key from diagnoses order by settlement_key, 1")
        assert diagnoses == [(1, 2), (3, 1), (1, 3)]  # keys in the order of the texts: E11, I10, J06
        assert engine.rows("select quantity, amount from claim_lines order by 2 limit 2") == [
            (10000, 1000),
            (5000, 2000),
        ]


def test_shipped_mappings_are_sound():
    assert {"contract", "medicare_provider_fraud", "medicare_provider_fraud_test"} < set(shipped())
    assert [load_mapping(name).name for name in shipped()] == list(shipped())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "invented"', 'nmae = "invented"', "'nmae'.*did you mean 'name'"),
        ("distinct = true", "distinkt = true", "'distinkt'.*did you mean 'distinct'"),
        ("[[tables.providers]]", "[[tables.provider]]", "table 'provider'.*did you mean 'providers'"),
        ('item_code = "code"', 'item_kode = "code"', "column 'item_kode'.*did you mean 'item_code'"),
        ('item_code = "code"', 'item_code = "kode"', "source column 'kode'.*did you mean 'code'"),
        ('source = "charges"', 'source = "charge"', "source 'charge'.*did you mean 'charges'"),
        ('"charges.parquet"', '"../charges.parquet"', "leaves the folder"),
        ('"charges.parquet"', '"/etc/passwd"', "leaves the folder"),
        ('"charges.parquet"', '"other.parquet"', "source 'charges'.*no file other.parquet"),
        ('"charges.parquet"', '""', r"sources\.charges\.files"),
        ('total_amount = "number(Gross)"', 'total_amount = "Gross + Own"', "use number.x. to calculate"),
        ('amount = "value"', "", "required column amount is missing"),
        ('name = "invented"', "name = ", "Invalid value"),
        ('encoding = "latin-1"', 'encoding = "utf-8-x"', "unknown encoding"),
        ('name = "invented"', 'name = "invented"\nextends = "contrakt"', "did you mean 'contract'"),
        ('total_amount = "number(Gross)"', 'total_amount = "number(Kind)"', "total_amount: the expression of the mapp"),
        ('total_amount = "number(Gross)"', 'total_amount = "Gross + Own"', r"tables.settlements. block 1 total_amount"),
        (
            'source = "bills"',
            'source = "bills"\nwhere = "number(Kind) > 0"',
            r"settlements. block 1 where 'number.Kind. > 0'",
        ),
        ('source = "bills"', 'source = "bills"\nwhere = "1 / (number(Gross) - 10) > 0"', "fails on a row"),
        ('source = "bills"', 'source = "bills"\nwhere = "Gross - 1 > 0"', "block 1 where.*use number"),
    ],
)
def test_a_faulty_mapping_is_refused_and_nothing_written(extract, tmp_path, old, new, said):
    folder, mapping = extract
    assert old in MAPPING
    mapping.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        ingest_source(folder, tmp_path / "store", mapping=str(mapping))
    assert not (tmp_path / "store").exists()


def test_an_unknown_mapping_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match="did you mean 'medicare_provider_fraud'"):
        ingest_source(tmp_path, tmp_path / "store", mapping="medicare_provider_fruad")


def test_a_row_that_an_expression_fails_on_is_quarantined_whatever_the_value_map_says(extract, tmp_path):
    folder, mapping = extract
    odd = MAPPING.replace(
        'encounter_type = "Kind"', """encounter_type = "case when number(Gross) > 0 then Kind end\""""
    )
    odd = odd.replace('total_amount = "number(Gross)"', 'total_amount = "Gross"')
    mapping.write_text(odd, encoding="utf-8")
    bills = folder / "bills" / "jan" / "bills.csv.gz"
    bills.write_bytes(gzip.compress(gzip.decompress(bills.read_bytes()).replace(b"20.00", b"2_0.00"), mtime=0))
    told = ingest_source(folder, tmp_path / "store", mapping=str(mapping)).tables[0]
    assert (told.n_read, told.n_stored, told.n_quarantined) == (3, 2, 1)
    assert "encounter_type: the expression of the mapping fails on this row" in {
        reason for reason, _, _ in told.reasons
    }


def test_many_texts_that_mean_nothing_cost_no_more_than_one(extract, tmp_path):
    folder, mapping = extract
    many = ", ".join(f'"N/A {n}"' for n in range(98))
    mapping.write_text(MAPPING.replace('"-"]', f'"-", {many}]'), encoding="utf-8")
    assert ingest_source(folder, tmp_path / "store", mapping=str(mapping)).months == ("2026-01", "2026-02")
