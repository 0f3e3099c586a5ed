"""Extracts whose rows replace or cancel each other: by a code, by what identifies a claim, by what they name."""

import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.check import check_source
from features.claims.mapping.file import load_mapping
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source

# A stay that was cancelled with a positive amount and adjusted, two like visits, and a bill by itself.
CLAIMS = """id,place,person,from,thru,settled,code,paid,billed
701,H1,B1,2026-03-02,2026-03-12,2026-03-15,0,64.00,84.00
702,H1,B1,2026-03-02,2026-03-12,2026-03-22,1,64.00,84.00
703,H1,B1,2026-03-02,2026-03-12,2026-03-22,2,52.00,84.00
704,H2,B2,2026-03-20,2026-03-20,2026-03-25,0,9.00,10.00
705,H2,B2,2026-03-20,2026-03-20,2026-03-25,0,9.00,10.00
"""
FREQUENCIES = """id,code,names,settled,person,place,billed
A1,1,,2026-03-05,P1,C1,900.00
A2,7,A1,2026-03-19,P1,C1,700.00
B1,1,,2026-03-06,P2,C1,250.00
B2,8,B1,2026-03-20,P2,C1,SIGN250.00
X1,1,,2026-03-07,P1,H1,1000.00
X2,7,X1,2026-03-15,P1,H1,1200.00
X3,7,X2,2026-03-25,P1,H1,1100.00
D1,1,,2026-03-08,P2,H1,80.00
"""
MAPPING = """name = "coded"
sources.a.files = ["claims.csv"]
[[tables.settlements]]
source = "a"
{natural}
[tables.settlements.columns]
settlement_id = "id"
{more}
is_reversal = "case when code = '{void}' then 'true' else 'false' end"
encounter_type = "'inpatient'"
settle_time = "settled"
service_start_date = "{start}"
service_end_date = "{end}"
person_id = "person"
provider_id = "place"
insurance_type = "'medicare'"
total_amount = "billed"
fund_paid_amount = "{paid}"
[[tables.claim_lines]]
source = "a"
columns = {{ settlement_id = "id", line_number = "'1'", fee_time = "settled", item_code = "'STAY'", item_type = "'service'", quantity = "'1'", amount = "billed" }}
[[tables.persons]]
source = "a"
columns = {{ person_id = "person", gender = "'female'", birth_date = "'1950-01-01'" }}
distinct = true
[[tables.providers]]
source = "a"
columns = {{ provider_id = "place", provider_type = "'hospital'" }}
distinct = true
"""  # noqa: E501 - inline tables of TOML stand on one line
NATURAL = 'natural_key = ["provider_id", "person_id", "service_start_date", "service_end_date"]'
ORDER = "version_number = \"replace(settled, '-', '')\""


def source(folder, text, **more):
    (folder / "in").mkdir()
    (folder / "in" / "claims.csv").write_text(text)
    words = {"natural": "", "more": "", "void": "1", "start": '\\"from\\"', "end": "thru", "paid": "paid"} | more
    (folder / "map.toml").write_text(MAPPING.format(**words))
    return folder / "in", str(folder / "map.toml")


def standing(folder, given, mapping):
    report = ingest_source(given, folder / "store", mapping=mapping)
    assert not [count.reasons for count in report.tables if count.n_quarantined]
    with DuckDBEngine() as engine:
        ClaimsStore.open(folder / "store").attach(engine)
        sums = engine.rows(
            "select provider_id, sum(total_amount) / 100, sum(fund_paid_amount) / 100, sum(lines) / 100 "
            "from settlements join codes_provider using (provider_key) "
            "join (select settlement_key, sum(amount) as lines from claim_lines group by 1) using (settlement_key) "
            "group by 1 order by 1"
        )
    return {provider: tuple(money) for provider, *money in sums}


def failing(given, mapping):
    report = check_source(given, mapping=mapping)
    return {each.meaning: (each.n_failing, each.n_checked) for each in report.quality if each.n_failing}


def test_a_natural_key_says_what_a_cancellation_cancels(tmp_path):
    given, mapping = source(tmp_path, CLAIMS, natural=NATURAL)
    assert failing(given, mapping) == {"a reversal is negative": (1, 1)}
    assert standing(tmp_path, given, mapping) == {"H1": (84, 52, 84), "H2": (20, 18, 20)}


def test_a_natural_key_beside_the_order_of_versions(tmp_path):
    given, mapping = source(tmp_path, CLAIMS, natural=NATURAL, more=ORDER)
    # The two visits share key and number: both stand, and the relation tells.
    assert failing(given, mapping) == {
        "a reversal is negative": (1, 1),
        "the versions of a claim have different numbers": (2, 5),
    }
    assert standing(tmp_path, given, mapping) == {"H1": (84, 52, 84), "H2": (20, 18, 20)}


def test_a_cancellation_that_names_nothing_is_told_and_is_no_money(tmp_path):
    given, mapping = source(tmp_path, CLAIMS)
    assert failing(given, mapping) == {
        "a reversal names what it cancels": (1, 1),
        "a reversal is negative": (1, 1),
    }
    assert standing(tmp_path, given, mapping)["H1"] == (168, 116, 168)


def test_a_cancellation_that_is_of_no_bill_s_size_is_told(tmp_path):
    rows = [{"settlement_id": "A1", "claim_id": "A", "total_amount": "84.00", "fund_paid_amount": "64.00"}]
    rows += [{**rows[0], "settlement_id": "A2", "is_reversal": "true", "fund_paid_amount": "64.01"}]
    given = write_source(tmp_path / "source", {"settlements": rows})
    assert failing(given, "contract")["a reversal names what it cancels"] == (1, 1)


@pytest.mark.parametrize("sign", ["", "-"])
def test_frequency_codes(sign, tmp_path):
    words = {"void": "8", "start": "settled", "end": "settled", "paid": "billed"}
    given, mapping = source(
        tmp_path, FREQUENCIES.replace("SIGN", sign), more='original_settlement_id = "names"', **words
    )
    assert failing(given, mapping) == ({} if sign else {"a reversal is negative": (1, 1)})
    assert standing(tmp_path, given, mapping) == {"C1": (700, 700, 700), "H1": (1180, 1180, 1180)}


RELATED = """id,code,names,new,settled,person,place,billed
A1,0,,,2026-03-05,P1,C1,100.00
A2,1,A1,,2026-03-06,P1,C1,-70.00
A3,1,A1,,2026-03-07,P1,C1,-70.00
B1,0,,B2,2026-03-05,P1,C1,10.00
B2,0,,B1,2026-03-06,P1,C1,20.00
E1,0,,E0,2026-03-06,P1,C1,30.00
"""


def test_what_versions_contradict_is_counted(tmp_path):
    more = 'original_settlement_id = "names"\nreplaces_settlement_id = "new"'
    given, mapping = source(tmp_path, RELATED, more=more, start="settled", end="settled", paid="billed")
    assert failing(given, mapping) == {
        "the reversals of a bill take back no more than it bills": (2, 2),
        "settlements.replaces_settlement_id names a row of settlements": (1, 3),
        "what a bill replaces by settlements.replaces_settlement_id does not replace the bill, directly or by way of "
        "others": (2, 3),
    }


@pytest.mark.parametrize(
    ("natural", "more", "said"),
    [
        ('natural_key = ["provider"]', "", r"column 'provider'.*did you mean 'provider_id'"),
        (NATURAL, 'claim_id = "id"', "natural_key in mapping .*stands beside a column claim_id"),
    ],
)
def test_a_natural_key_that_cannot_be_is_refused(natural, more, said, tmp_path):
    _, mapping = source(tmp_path, CLAIMS, natural=natural, more=more)
    with pytest.raises(InputError, match=said):
        load_mapping(mapping)


def test_only_settlements_have_a_natural_key(tmp_path):
    _, mapping = source(tmp_path, CLAIMS)
    text = (tmp_path / "map.toml").read_text().replace("distinct = true", 'natural_key = ["person_id"]', 1)
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(InputError, match="only settlements have one"):
        load_mapping(mapping)


def test_the_number_made_of_a_natural_key_tells_no_person(tmp_path):
    given, mapping = source(tmp_path, CLAIMS, natural=NATURAL)
    ingest_source(given, tmp_path / "store", mapping=mapping)
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine, all_versions=True)
        named = (
            "select distinct settlement_id from settlements s join codes_settlement c on c.settlement_key = claim_key"
        )
        made = [text for (text,) in engine.rows(named)]
    assert sorted(map(len, made)) == [32, 32]
    assert not any(person in text for text in made for person in ("B1", "B2"))
