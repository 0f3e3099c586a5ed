"""Crosswalks: reissued cards and merged providers are one, by the day where the day matters, and none is guessed."""

import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.mapping.file import load_mapping
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.rules import find_rule, run_rules
from tests.support.claims import write_source
from tests.support.mapped import counted, ingested, stored, written

BILLS = """
[sources.b]
files = ["bills.csv"]
[sources.cards]
files = ["cards.csv"]
[lookups.person]
source = "cards"
key = "old"
value = "new"
columns = ["person_id"]
[[tables.claim_lines]]
source = "b"
[tables.claim_lines.columns]
settlement_id = "bill"
line_number = "'1'"
fee_time = "day"
item_code = "'I1'"
item_type = "'service'"
quantity = "'1'"
amount = "'1.00'"
[[tables.settlements]]
source = "b"
[tables.settlements.columns]
settlement_id = "bill"
encounter_type = "'outpatient'"
settle_time = "day"
service_start_date = "day"
service_end_date = "day"
person_id = "card"
provider_id = "'H1'"
insurance_type = "'commercial'"
total_amount = "'1.00'"
fund_paid_amount = "'1.00'"
"""
WHO = (
    "select settlement_id, person_id from settlements join codes_settlement using (settlement_key) "
    "join codes_person using (person_key) order by 1"
)


def bills(*rows):
    return "bill,card,day,payer\n" + "".join(f"S{n},{row}\n" for n, row in enumerate(rows, start=1))


def test_ids_are_followed_to_their_ends(tmp_path):
    cards = """
    old,new,day
    A,B,
    B,P1,
    P1,P1,
    X,Y,
    Y,Z,
    Z,X,
    V,P1,
    V,P2,
    W,A,
    W,B,
    N,P2,2025-01-01
    N,P1,2026-01-01
    """
    asked = ("A", "W", "P1", "P2", "X", "V", "N")
    files = {"bills.csv": bills(*(f"{card},2026-03-12," for card in asked)), "cards.csv": cards}
    mapping = BILLS.replace('value = "new"', 'value = "new"\nunknown = "quarantine"')
    report, store = ingested(tmp_path, files, mapping)
    # P2 is no key, but what others became; V became two, X goes round.
    assert stored(store, WHO) == [("S1", "P1"), ("S2", "P1"), ("S3", "P1"), ("S4", "P2")]
    told = counted(report, "settlements")
    assert (told.n_read, told.n_stored, told.n_quarantined) == (7, 4, 3)
    assert set(told.reasons) == {
        ("person_id: the look-up gives several values", 2, "bills.csv row 6"),
        ("person_id: the look-up goes round in a circle, or takes too many steps", 1, "bills.csv row 5"),
    }
    newest = mapping.replace('value = "new"', 'value = "new"\nnewest = "day"')
    source, path = written(tmp_path, files | {"bills.csv": bills("N,2026-03-12,", "Q,2026-03-12,")}, newest)
    report = ingest_source(source, tmp_path / "other", mapping=path)
    assert stored(ClaimsStore.open(tmp_path / "other"), WHO) == [("S1", "P1")]
    assert counted(report, "settlements").reasons == (
        ("person_id: the look-up does not know it", 1, "bills.csv row 2"),
    )


def test_the_day_of_a_row_decides_and_what_stands_beside_the_id(tmp_path):
    cards = """
    old,new,since,until,payer
    A,P1,0000-00-00,2025-12-31,east
    A,P2,2026-01-01,9999-12-31,east
    A,B,,1900-01-00,west
    B,P2,2026-03-02,294247-01-10 04:00:54,west
    """
    rows = (
        "A,2025-12-31 23:59:59,east",
        "A,2026-01-01,east",
        "A,2026-03-01,west",
        "A,2026-03-02,west",
        "A,2026-03-02,",
    )
    own = 'valid_from = "since"\nvalid_until = "until"\nbeside = ["payer"]\n'
    mapping = BILLS.replace('columns = ["person_id"]\n', own)
    use = '[tables.settlements.lookup]\nperson_id = { name = "person", day = "settle_time", beside = ["payer"] }\n'
    files = {"bills.csv": bills(*rows), "cards.csv": cards}
    _, store = ingested(tmp_path, files, mapping + use)
    assert stored(store, WHO) == [("S1", "P1"), ("S2", "P2"), ("S3", "B"), ("S4", "P2"), ("S5", "A")]


def test_rows_of_a_register_that_become_one_are_one_row(tmp_path):
    registers = {
        "persons.csv": "person_id,gender,birth_date\nA,male,1950-01-01\nP1,female,1958-07-14\nP1,female,1958-07-14\n"
        "C,male,1941-02-02\nD,female,1941-02-02\n",
        "cards.csv": "old,new\nA,P1\nC,E\nD,E\n",
    }
    report, store = ingested(tmp_path, registers | {"bills.csv": bills("A,2026-03-12,", "D,2026-03-13,")}, BILLS)
    told = counted(report, "persons")
    # P1 by its own row, whose twin is a repeat as ever; E by the first of those that became it.
    assert (told.n_read, told.n_stored, told.n_repeats, told.n_quarantined, told.n_joined) == (3, 2, 1, 0, 2)
    sql = "select person_id, gender from persons join codes_person using (person_key) order by 1"
    assert stored(store, sql) == [("E", "male"), ("P1", "female")]
    assert stored(store, WHO) == [("S1", "P1"), ("S2", "E")]


def test_a_stay_under_the_old_card_and_a_bill_under_the_new_are_of_one_person(tmp_path):
    stay = {"settlement_id": "S1", "encounter_type": "inpatient", "person_id": "OLD1", "provider_id": "HOLD"}
    stay |= {"admit_time": "2026-03-02 10:00:00", "discharge_time": "2026-03-12 08:30:00", "total_amount": "4200.00"}
    stay |= {"settle_time": "2026-03-12 09:00:00", "service_start_date": "2026-03-02"}
    drug = {"settlement_id": "S2", "person_id": "NEW1", "provider_id": "C1", "settle_time": "2026-03-06 10:20:00"}
    drug["service_start_date"] = "2026-03-06"
    visit = {"settlement_id": "S3", "person_id": "P2", "provider_id": "HNEW", "settle_time": "2026-03-20 15:00:00"}
    visit["service_start_date"] = "2026-03-20"
    lines = [
        {"settlement_id": "S1", "item_code": "SURG01", "amount": "4200.00", "fee_time": "2026-03-03 09:15:00"},
        {"settlement_id": "S2", "item_code": "CT0007", "amount": "300.00", "fee_time": "2026-03-06 10:10:00"}
        | {"charge_category": "examination"},
        {"settlement_id": "S3", "item_code": "VISIT1", "amount": "180.00", "fee_time": "2026-03-20 14:50:00"},
    ]
    source = write_source(tmp_path / "source", {"settlements": [stay, drug, visit], "claim_lines": lines})
    (source / "xref.csv").write_text("prvs_num,crnt_num,obsolete_date\nOLD1,NEW1,2026-03-05\n", encoding="utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        """
        extends = "contract"
        name = "with_crosswalks"
        [sources.cards]
        files = ["xref.csv"]
        [lookups.person]
        source = "cards"
        key = "prvs_num"
        value = "crnt_num"
        newest = "obsolete_date"
        columns = ["person_id"]
        [lookups.provider]
        to = { HOLD = "HNEW" }
        columns = ["provider_id"]
        """,
        encoding="utf-8",
    )
    report = ingest_source(source, tmp_path / "store", mapping=str(mapping))
    assert {each.table: (each.n_stored, each.n_quarantined, each.n_joined) for each in report.tables} == {
        "settlements": (3, 0, 0),
        "claim_lines": (3, 0, 0),
        "persons": (2, 0, 1),
        "providers": (2, 0, 1),
    }
    with DuckDBEngine(threads=1) as engine:
        store = ClaimsStore.open(tmp_path / "store")
        found = run_rules(store, engine, "2026-03", rules=(find_rule("claim_during_stay"),)).findings.findings
        billed = engine.rows(
            "select provider_id, sum(total_amount) from settlements join codes_provider using (provider_key) "
            "group by 1 order by 1"
        )
    assert [(row.subject_id, row.exposure_amount) for row in found.itertuples() if row.subject_type == "provider"] == [
        ("C1", 30000)
    ]
    assert billed == [("C1", 30000), ("HNEW", 438000)]  # 4,200.00 + 180.00


def test_a_crosswalk_that_may_be_missing_changes_nothing(tmp_path):
    mapping = BILLS.replace('files = ["cards.csv"]', 'files = ["cards.csv"]\nis_optional = true')
    mapping = mapping.replace('value = "new"', 'value = "new"\nnewest = "day"')
    _, store = ingested(tmp_path, {"bills.csv": bills("P1,2026-03-12,")}, mapping)
    assert stored(store, WHO) == [("S1", "P1")]


CARDS = "old,new,day\nA,P1,2026-01-01\nB,P1,soon\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'value = "new"',
            'value = "new"\nnewest = "day"',
            r"lookups.person.*newest cannot be read in 1 rows.*cards.csv row 2",
        ),
        ('value = "new"', 'value = "number(day)"', r"value cannot be read in 2 rows"),
        ('value = "new"', 'value = "neu"', "source column 'neu'.*did you mean 'new'"),
        ('value = "new"', 'value = "new"\nwhere = "number(day) > 1"', "lookups.person.*fails on a row"),
        ('source = "cards"', 'source = "card"', "source 'card'.*did you mean 'cards'"),
        ('source = "cards"\n', "", "give a `source`"),
        ('key = "old"\n', "", "needs `key` and `value`"),
        ('key = "old"', 'key = "old"\nto = { A = "B" }', "not both"),
        ('key = "old"', 'key = "old"\nvalid_form = "day"', "did you mean 'valid_from'"),
        ('key = "old"', 'key = "old"\nvalid_from = "day"', "cannot say the day"),
        ('key = "old"', 'key = "old"\notherwise = "?"\nunknown = "quarantine"', "two answers"),
        ('columns = ["person_id"]', 'columns = ["persn_id"]', "did you mean 'person_id'"),
        ('columns = ["person_id"]', 'columns = ["line_number"]', "column of texts 'line_number'"),
        (
            'columns = ["person_id"]',
            'columns = ["person_id"]\n[lookups.b]\nto = { A = "B" }\ncolumns = ["person_id"]',
            "as well",
        ),
        (
            "[tables.settlements.columns]",
            'lookup = { person_id = "persn" }\n[tables.settlements.columns]',
            "mean 'person'",
        ),
        (
            "[tables.settlements.columns]",
            'lookup = { bed_number = "person" }\n[tables.settlements.columns]',
            "of the block",
        ),
        (
            "[tables.settlements.columns]",
            'lookup.person_id = { name = "person", day = "settle_time" }\n[tables.settlements.columns]',
            "holds on every day",
        ),
        (
            "[tables.settlements.columns]",
            'lookup.person_id = { name = "person", beside = ["day"] }\n[tables.settlements.columns]',
            "1 parts beside the id",
        ),
    ],
)
def test_a_look_up_that_means_nothing_is_refused(tmp_path, old, new, said):
    assert old in BILLS
    source, mapping = written(
        tmp_path, {"bills.csv": bills("A,2026-03-12,"), "cards.csv": CARDS}, BILLS.replace(old, new, 1)
    )
    with pytest.raises(InputError, match=said) as told:
        check_source(source, mapping=mapping)
    assert "soon" not in str(told.value)


def test_a_dated_look_up_needs_a_day(tmp_path):
    mapping = BILLS.replace('columns = ["person_id"]', 'valid_from = "day"')
    mapping = mapping.replace(
        "[tables.settlements.columns]", 'lookup = { person_id = "person" }\n[tables.settlements.columns]'
    )
    with pytest.raises(InputError, match="no `day` decides"):
        load_mapping(written(tmp_path, {}, mapping)[1])
