"""A text becomes the value that it says, digit for digit, or no value: no cast of the engine decides."""

import datetime as dt
import decimal
import random
import re

import pytest

from features.claims.contract import TABLES
from features.claims.values.parse import value_sql
from features.engine import DuckDBEngine

CHINA = "Asia/Shanghai"
AT = dt.datetime.fromisoformat  # local times, as in the contract


def parsed(column, texts, zone=None):
    table, name = column.split(".")
    with DuckDBEngine(threads=1) as engine:
        value = value_sql(TABLES[table].by_name[name], "t", zone)
        return [
            row[0]
            for row in engine.rows(
                f"select {value} from (select unnest(?) as t, unnest(?) as i) order by i",
                [texts, list(range(len(texts)))],
            )
        ]


TAKEN = {
    "claim_lines.amount": {
        "0.01": 1,
        "-12.5": -1250,
        "+20.00": 2000,
        "12.50000": 1250,
        "20." + "0" * 40: 2000,
        "00020": 2000,
        ".5": 50,
        "-.50": -50,
        "5.": 500,
        "-0": 0,
        "99999999999999.99": 9_999_999_999_999_999,
    },
    "claim_lines.quantity": {"-0.5": -5000, "1": 10_000, "999999999999.9999": 9_999_999_999_999_999},
    "claim_lines.unit_price": {"1.234567": 1_234_567, "9999999999": 9_999_999_999_000_000},
    "fund_months.income_amount": {"9999999999999999.99": 999_999_999_999_999_999},
    "claim_lines.line_number": {"7": 7, "7.0": 7, "+07": 7, "-1": -1, "9223372036854775807": 2**63 - 1},
    "claim_lines.discount_share": {"0.1": 0.1, "-3": -3.0, ".25": 0.25, "1.": 1.0, "0.10000000000000001": 0.1},
    "settlements.is_reversal": {
        **dict.fromkeys(("1", "true", "TRUE", "t", "yes", "Y"), True),
        **dict.fromkeys(("0", "false", "F", "no", "n"), False),
    },
    "settlements.encounter_type": {"INPATIENT": "inpatient", "spaceship": "other"},
    "persons.birth_date": {
        "2026-02-28": dt.date(2026, 2, 28),
        "2026-02-28 23:59:59": dt.date(2026, 2, 28),
        "1850-01-01": dt.date(1850, 1, 1),
        "1958/7/14": dt.date(1958, 7, 14),
        "1958/07/14 0:00": dt.date(1958, 7, 14),
        "2200-12-31": dt.date(2200, 12, 31),
    },
    "claim_lines.fee_time": {
        "2026-03-01": AT("2026-03-01 00:00:00"),
        "2026-03-01 00:30": AT("2026-03-01 00:30:00"),
        "2026/3/1 9:05": AT("2026-03-01 09:05:00"),
        "2026/03/01 21:05:09": AT("2026-03-01 21:05:09"),
        "2026-03-01T00:30:05": AT("2026-03-01 00:30:05"),
        "2026-03-01 00:30:05.25": AT("2026-03-01 00:30:05.250000"),
        "2026-03-01 00:30:05.123456000": AT("2026-03-01 00:30:05.123456"),
    },
}
NO_NUMBERS = [
    "",
    "-",
    ".",
    "+",
    "1_000",
    "1e2",
    "2E0",
    "0x10",
    "1,000.00",
    "1 000",
    " 1",
    "1\t",
    "1\n",
    "--5",
    "5-",
    "(5)",
]
NO_NUMBERS += [
    "nan",
    "inf",
    "-Infinity",
    "１２",
    "1٢",
    "−5",
    "¥5",
    "5元",
    "1/2",
    "TRUE",
    "NULL",
    "#REF!",
    "'5'",
    "5\0",
    "9" * 400,
]
NO_DAYS = [
    "",
    "epoch",
    "now",
    "today",
    "tomorrow",
    "infinity",
    "-infinity",
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-3-5",
]
NO_DAYS += [
    "26-03-05",
    "2026/03-05",
    "26/03/05",
    "2026/13/05",
    "2026/02/30",
    "2026/3/5 9:5",
    "2026/3/5 9:05 PM",
    "2026/3/5T09:05",
    "20260305",
    "05.03.2026",
    "03/05/2026",
    "2026-03-05 (BC)",
    "0044-03-15 (BC)",
    "0001-01-01",
]
NO_DAYS += [
    "1849-12-31",
    "2201-01-01",
    "9999-12-31",
    "+12026-03-05",
    "2026-03-05x",
    " 2026-03-05",
    "2026-03-05 ",
    "2026-W10-1",
]
NO_DAYS += [
    "45000",
    "1772700000",
    "March 5",
    "２０２６-03-05",
    "2026-03-05T",
    "2026-03-05 25:00",
    "2026-03-05 24:00:00",
    "2026-03-05 10:60",
]
NO_DAYS += [
    "2026-03-05 10:00:60",
    "2026-03-05 10:00 PM",
    "2026-03-05 10:00AM",
    "2026-03-05 1:00",
    "2026-03-05  10:00",
    "2026-03-05t10:00",
]
NO_DAYS += [
    "2026-03-05 10:00:00.1234567",
    "2026-03-05 10:00:00,5",
    "2026-03-05 10:00:00.",
    "2026-03-05 10:00 UTC",
    "2026-03-05 10:00 Asia/Shanghai",
]
NO_INSTANTS = [
    "2026-03-05+08:00",
    "2026-03-05 10:00+8",
    "2026-03-05 10:00+15:00",
    "2026-03-05 10:00+08:60",
    "2026-03-05 10:00z",
    "2026-03-05 10:00 +08:00",
]
REFUSED = {
    "claim_lines.amount": [
        *NO_NUMBERS,
        "12.345",
        "20.000000001",
        "19.999999999",
        "10.0000000001",
        "100000000000000",
        ".005",
    ],
    "claim_lines.quantity": [*NO_NUMBERS, "0.00001", "1000000000000"],
    "claim_lines.unit_price": [*NO_NUMBERS, "1.2345678", "10000000000"],
    "fund_months.income_amount": ["10000000000000000"],
    "claim_lines.line_number": [*NO_NUMBERS, "7.5", ".5", "1e0", "9223372036854775808", "9" * 30],
    "claim_lines.discount_share": [*NO_NUMBERS, "1e-1", "1e400"],
    "settlements.is_reversal": ["", "2", "on", "off", "1.0", "01", "maybe", "tru", " true", "是"],
    "persons.gender": ["both", "ｍale", "male "],
    "persons.birth_date": [*NO_DAYS, *NO_INSTANTS, "2026-03-05T10:00Z"],
    "claim_lines.fee_time": [*NO_DAYS, *NO_INSTANTS, "2026-03-05T10:00Z", "2026-03-05 10:00:00+08"],
}
INSTANTS = {
    "2026-03-01T00:30:00+08:00": "2026-03-01 00:30:00",
    "2026-02-28 16:30Z": "2026-03-01 00:30:00",
    "2026-02-28T16:30:00.5+0000": "2026-03-01 00:30:00.500000",
    "2026-02-28 11:30:00-05": "2026-03-01 00:30:00",
    "1899-12-31 16:30:00+00:00:00": "1900-01-01 00:35:43",  # local mean time, before the zone had a whole offset
    "2026-03-01 00:30": "2026-03-01 00:30:00",
}


@pytest.mark.parametrize("column", TAKEN)
def test_what_is_taken_means_what_it_says(column):
    assert dict(zip(TAKEN[column], parsed(column, list(TAKEN[column])), strict=True)) == TAKEN[column]


@pytest.mark.parametrize("column", REFUSED)
def test_everything_else_is_no_value(column):
    values = parsed(column, REFUSED[column])
    assert {text: value for text, value in zip(REFUSED[column], values, strict=True) if value is not None} == {}


def test_an_instant_becomes_local_time_of_the_zone_that_is_declared():
    assert list(map(str, parsed("claim_lines.fee_time", list(INSTANTS), CHINA))) == list(INSTANTS.values())
    assert parsed("persons.birth_date", ["2026-02-28T16:30Z"], CHINA) == [dt.date(2026, 3, 1)]
    assert parsed("claim_lines.fee_time", [*NO_DAYS, *NO_INSTANTS], CHINA) == [None] * len([*NO_DAYS, *NO_INSTANTS])


def as_units(text, scale):
    try:
        units = decimal.Decimal(text).scaleb(scale)
    except decimal.InvalidOperation:
        return None
    return int(units) if units == units.to_integral_value() else None


def test_random_numbers_are_read_as_decimals_are():
    draw = random.Random(7)
    texts = [
        "".join(draw.choices("0123456789.-+_eE ,", (9,) * 10 + (4, 1, 1, 1, 1, 1, 1, 1), k=draw.randint(1, 14)))
        for _ in range(20_000)
    ]
    values = parsed("claim_lines.amount", texts)
    read = {text: value for text, value in zip(texts, values, strict=True) if value is not None}
    assert len(read) > 2_000
    assert {text: as_units(text, 2) for text in read} == read
    # and nothing plain is left out
    left = [t for t in texts if t not in read and re.fullmatch(r"[+-]?\d+(\.\d*)?", t) and as_units(t, 2) is not None]
    assert left == []


def test_random_times_are_read_as_python_reads_them():
    draw = random.Random(7)
    texts = []
    for _ in range(20_000):
        moment = AT("1800-01-01 00:00:00") + dt.timedelta(seconds=draw.randrange(14_000_000_000))
        text = list(moment.isoformat(draw.choice("T ")))
        if draw.random() < 0.8:
            text[draw.randrange(len(text))] = draw.choice("0123456789:-+ TZ./")
        texts.append("".join(text[: draw.choice((10, 13, 16, 19, 19, 19))]))
    read = {t: v for t, v in zip(texts, parsed("claim_lines.fee_time", texts), strict=True) if v is not None}
    assert len(read) > 2_000
    assert {text: AT(text) for text in read} == read
