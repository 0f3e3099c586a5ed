"""Forms of dates are data: a text is read by the form that explains the whole of it, or not at all."""

import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.contract import TABLES
from features.claims.mapping.date_forms import check_form, formed
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source

DEATH, BIRTH = (TABLES["persons"].by_name[name] for name in ("death_date", "birth_date"))


def read(texts, *forms, column=BIRTH):
    with DuckDBEngine(threads=1) as engine:
        sql = formed(column, "t", tuple(map(check_form, forms)))
        found = [engine.rows(f"select {sql} from (select ? as t)", [text])[0][0] for text in texts]
    return [None if text is None or text.startswith("\0") else text.removesuffix(".000000") for text in found]


TAKEN = {
    "%d/%m/%Y %I:%M:%S %p": {
        "05/03/2026 09:05:00 PM": "2026-03-05 21:05:00",
        "5/3/2026 9:05:00 am": "2026-03-05 09:05:00",
        "05/03/2026 12:05:00 AM": "2026-03-05 00:05:00",
        "05/03/2026 12:05:00 PM": "2026-03-05 12:05:00",
    },
    "%m/%d/%Y": {"05/03/2026": "2026-05-03 00:00:00", "5/3/2026": "2026-05-03 00:00:00"},
    "%Y%m%d": {"20260305": "2026-03-05 00:00:00"},
    "%Y%m%d%H%M%S": {"20260305210509": "2026-03-05 21:05:09"},
    "%d-%b-%Y": {"05-MAR-2026": "2026-03-05 00:00:00", "5-mar-2026": "2026-03-05 00:00:00"},
    "%B %d, %Y": {"March 5, 2026": "2026-03-05 00:00:00"},
    "%Y年%m月%d日 %H时%M分": {"2026年3月5日 9时05分": "2026-03-05 09:05:00"},
    "%Y%j": {"2026064": "2026-03-05 00:00:00", "2024366": "2024-12-31 00:00:00"},
    "%Y-%m-%dT%H:%M:%S.%f": {"2026-03-05T10:00:00.5": "2026-03-05 10:00:00.500000"},
    "%d.%m.%Y %H:%M %z": {"05.03.2026 10:00 +0800": "2026-03-05 10:00:00.000000+0800"},
}
REFUSED = {
    "%d/%m/%Y %I:%M:%S %p": [
        *("31/02/2026 09:05:00 PM", "05/03/2026 21:05:00 PM", "05/03/2026 00:05:00 AM", "05/03/2026 09:05:00"),
        *("05/03/2026 09:05:00 PM UTC", " 05/03/2026 09:05:00 PM", "05/13/2026 09:05:00 PM", "2026-03-05"),
    ],
    "%m/%d/%Y": ["13/01/2026", "02/29/2026", "5/3/26", "05-03-2026", "05/03/2026 10:00"],
    "%Y%m%d": ["2026035", "202603050", "20260230", "2026-03-05", "２０２６0305"],
    "%d-%b-%Y": ["05-March-2026", "05-03-2026", "31-FEB-2026", "05-MÄR-2026"],
    "%Y%j": ["2026000", "2026366", "2026399"],
    "%Y.%m.%d": ["2026x03x05"],
    "%d.%m.%Y %H:%M %z": ["05.03.2026 10:00", "05.03.2026 10:00 CET"],
}
NO_FORMS = {
    "%d/%m/%y": "%y is none of",
    "%Y-%m": "does not give one day",
    "%Y-%m-%d %I:%M": "does not give one time",
    "%Y-%m-%d %H:%M %p": "does not give one time",
    "%Y-%m-%d UTC": "letters and digits between directives",
    "%Y-%m-%d %H:%MZ": "letters and digits between directives",
    "%Y-%m-%d%": "a % that is no directive",
    "%Y-%m-%d%z": "an offset without a time",
    "%H:%M %z %Y-%m-%d": "%z is none of .* but at the end",
    "%Y%m%d%Y": "a directive twice",
    "%s": "%s is none of",
    "%Y-%m-%d" + " " * 60: "longer than 60 characters",
}


@pytest.mark.parametrize("form", TAKEN)
def test_what_a_form_explains_means_what_it_says(form):
    assert dict(zip(TAKEN[form], read(TAKEN[form], form), strict=True)) == TAKEN[form]


@pytest.mark.parametrize("form", REFUSED)
def test_what_a_form_does_not_explain_whole_is_no_date(form):
    assert read(REFUSED[form], form) == [None] * len(REFUSED[form])


@pytest.mark.parametrize("form", NO_FORMS)
def test_a_form_that_leaves_something_open_is_refused(form):
    with pytest.raises(ValueError, match=NO_FORMS[form]):
        check_form(form)


def test_forms_are_tried_in_order_and_stand_ins_of_optional_columns_stay():
    assert read(["20260305", "05-MAR-2026", "2026/03/05"], "%Y%m%d", "%d-%b-%Y") == [
        *("2026-03-05 00:00:00", "2026-03-05 00:00:00", None)
    ]
    stand_ins = ["00000000", "9999-12-31", "12/31/9999"]
    assert read(stand_ins, "%Y%m%d", column=DEATH) == stand_ins
    assert read(stand_ins, "%Y%m%d") == [None] * 3


@pytest.fixture
def clock(tmp_path):
    times = ["2026-03-05 09:05:00 AM", "2026-03-05 09:05:00 PM", "2026-03-06 12:05:00 AM"]
    bill = {"settle_time": "2026-03-05 04:00:00 PM", "admit_time": "2026-03-05 08:00:00 AM"}
    bill |= {"discharge_time": "2026-03-05 03:30:00 PM", "service_start_date": "2026-03-05", "settlement_id": "S1"}
    lines = [{"settlement_id": "S1", "line_number": n, "fee_time": time} for n, time in enumerate(times, start=1)]
    persons = [{"person_id": "P1", "birth_date": "19410202", "death_date": "00000000"}]
    return write_source(tmp_path / "source", {"settlements": [bill], "claim_lines": lines, "persons": persons})


def mapped(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "contract"\nname = "mine"\n[formats]\n{text}\n', encoding="utf-8")
    return str(path)


TWELVE = '["%Y-%m-%d %I:%M:%S %p"]'
FORMS = "\n".join(f"{name} = {TWELVE}" for name in ("settle_time", "fee_time", "admit_time", "discharge_time"))
FORMS += '\nbirth_date = "%Y%m%d"\ndeath_date = "%Y%m%d"'


def test_a_twelve_hour_clock_is_refused_until_its_form_is_declared(clock, tmp_path):
    with pytest.raises(InputError, match=r"_time: not a timestamp.*Hint: declare its form in `formats`"):
        ingest_source(clock, tmp_path / "store")
    report = ingest_source(clock, tmp_path / "store", mapping=mapped(tmp_path, FORMS))
    assert {each.table: (each.n_stored, each.n_quarantined, each.placeholders) for each in report.tables} == {
        "settlements": (1, 0, ()),
        "claim_lines": (3, 0, ()),
        "persons": (1, 0, (("death_date", 1),)),
        "providers": (1, 0, ()),
    }
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        lines = engine.rows("select strftime(fee_time, '%d %H:%M') from claim_lines order by line_number")
        stay = engine.rows("select strftime(admit_time, '%H:%M'), strftime(discharge_time, '%H:%M') from settlements")
    assert ([time for (time,) in lines], stay) == (["05 09:05", "05 21:05", "06 00:05"], [("08:00", "15:30")])


def test_a_text_in_none_of_the_forms_says_so(clock, tmp_path):
    forms = FORMS.replace('death_date = "%Y%m%d"', 'death_date = "%d-%b-%Y"')
    path = clock / "persons.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("00000000", "20260101"), encoding="utf-8")
    persons = next(
        each for each in check_source(clock, mapping=mapped(tmp_path, forms)).tables if each.table == "persons"
    )
    told = "death_date: in none of the forms that the mapping declares"
    assert (persons.n_stored, persons.cells) == (1, ((told, 1, "persons.csv row 1"),))


def test_only_forms_of_dates_can_be_declared(clock, tmp_path):
    for text, match in (
        ('amount = "%Y%m%d"', "column of dates or times 'amount'"),
        ('settle_tine = "%Y%m%d"', "column of dates or times 'settle_tine'"),
        ('settle_time = "%d/%m/%y"', "formats.settle_time.*%y is none of"),
        ("settle_time = 5", "formats.settle_time"),
    ):
        with pytest.raises(InputError, match=match):
            check_source(clock, mapping=mapped(tmp_path, text))
