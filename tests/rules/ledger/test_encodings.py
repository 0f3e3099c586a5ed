"""Ways to write a trace code, and the one spelling they are brought to; hostile ones stay apart."""

import duckdb
import pytest

from fraud.rules.ledger.encodings import canonical, cleaned, is_outer_gtin, is_plain

GTIN = "06901234567892"
BOX = f"gs1:{GTIN}:Q7"
PLAIN = "81234560000123456799"
SPELLINGS = {
    # Twenty digits.
    PLAIN: PLAIN,
    f" {PLAIN[:5]} {PLAIN[5:]} ": PLAIN,
    "81234-56000-01234-56799": PLAIN,
    "８１２３４５６００００１２３４５６７９９": PLAIN,
    f"\ufeff{PLAIN}\r\n": PLAIN,
    f"https://www.example.cn/c?code={PLAIN}&x=1": PLAIN,
    # GS1.
    f"(01){GTIN}(21)Q7": BOX,
    f"(01){GTIN}(17)270101(10)B1(21)Q7": BOX,
    f"(21)Q7(01){GTIN}": BOX,
    f"（01）{GTIN}（21）Q7": BOX,
    f"]C101{GTIN}21Q7": BOX,
    f"]d201{GTIN}1727010110B1\x1d21Q7": BOX,
    f"\x1d01{GTIN}\x1d17270101\x1d21Q7\x1d10B1": BOX,
    f"<FNC1>01{GTIN}10B1<GS>21Q7": BOX,
    f"https://example.cn/01/{GTIN}/10/B1/21/Q7?a=b": BOX,
    # Alike, and not to be told from a maker's own number.
    f"01{GTIN[:-1]}321Q7": f"own:9:01{GTIN[:-1]}321Q7",
    f"01{GTIN}10B121Q7": f"own:9:01{GTIN}10B121Q7",
    f"(01){GTIN[:-1]}(21)Q7": f"own:9:(01){GTIN[:-1]}(21)Q7",
    "71234560000123456799": "own:9:71234560000123456799",
    "MK-0001": "own:9:MK-0001",
    "mk-0001": "own:9:mk-0001",
    # No codes.
    "": None,
    "12345": None,
    "无追溯码": None,
    "00000000000000000000": None,
    "88888888888888888888": None,
    "81234567890123456789": None,
    "--------------------": None,
    # Hostile.
    "'; drop table trace_events; --": "own:9:';droptabletrace_events;--",
    "=cmd|'/c calc'!A1": "own:9:=cmd|'/ccalc'!A1",
    "\\1\\2(01)": "own:9:\\1\\2(01)",
    "(01)(21)": "own:9:(01)(21)",
    "\u202egnp.exe\u202c": "own:9:gnp.exe",
    "(" * 3000: None,
    "A1" * 3000: f"own:9:{'A1' * 3000}",
}


@pytest.fixture(scope="module")
def spelt():
    sql = f"select {canonical('t.clean', '9')} from (select {cleaned('w')} as clean from (select ? as w)) t"
    with duckdb.connect() as connection:
        yield lambda code: connection.execute(sql, [code]).fetchone()[0]


@pytest.mark.parametrize("written", SPELLINGS, ids=range(len(SPELLINGS)))
def test_a_code_is_brought_to_its_spelling(spelt, written):
    assert spelt(written) == SPELLINGS[written]


def test_a_spelling_is_its_own_spelling(spelt):
    assert spelt(PLAIN) == PLAIN
    assert duckdb.sql(f"select {is_plain(repr(PLAIN))}").fetchall() == [(True,)]


@pytest.mark.parametrize(("first", "is_outer"), [("0", False), ("1", True), ("8", True), ("9", False)])
def test_the_first_digit_of_a_trade_number_says_whether_it_is_an_outer_pack(first, is_outer):
    assert duckdb.sql(f"select {is_outer_gtin(repr(f'gs1:{first}6901234567892:X'))}").fetchall() == [(is_outer,)]
