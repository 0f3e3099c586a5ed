"""NCCI tables in the forms in which they are published; codes and numbers are invented."""

import io
import zipfile

import pytest

from fraud.references.ncci import MUE, PTP, quarter_of
from fraud.references.read_files import read_files
from tests.references.books import plain_book

PREAMBLE = "Column1/Column2 Edits\t\t\t\t\t\n\nCPT only copyright 2025 \xa9\t\t\t\t\t\n"
HEADS = [
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate *=no data\t0=not allowed 1=allowed 9=not applicable\t",
]
EDITS = [
    "11111\t22222\t\t20250101\t*\t1\tStandards of medical / surgical practice",
    "11111\t33333\t*\t19960101\t*\t0\tHCPCS/CPT procedure code definition",
    "11111\t44444\t\t20200101\t20231231\t0\tMutually exclusive procedures",
    "11111\t55555\t\t20200101\t20200101\t9\tMisuse of column two code",
]
PAIRS = [
    ("11111", "22222", "same_day", "true", "2025-01-01", ""),
    ("11111", "33333", "same_day", "false", "1996-01-01", ""),
    ("11111", "44444", "same_day", "false", "2020-01-01", "2023-12-31"),
]
TEXT = PREAMBLE + "\n".join([*HEADS, *EDITS]) + "\n"


def zipped(**files):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return into.getvalue()


FORMS = {
    "tabs.txt": TEXT.encode("cp1252"),
    "commas.csv": TEXT.replace(",", ";").replace("\t", ",").encode(),
    "book.xlsx": plain_book([line.split("\t") for line in TEXT.splitlines()]),
    "both.zip": zipped(a_txt=TEXT, a_xlsx=plain_book([["x"]])),
}


def read(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    return read_files([tmp_path / name], kind)


@pytest.mark.parametrize("name", FORMS)
def test_pairs_are_read_in_every_form(tmp_path, name):
    found = read(tmp_path, name, FORMS[name], "ncci_ptp")
    assert list(found.pairs) == PAIRS
    topic = found.topics[PTP]
    assert (topic.n_points, topic.n_used, topic.n_never, found.refused) == (4, 3, 1, [])


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("1111\t22222\t\t20250101\t*\t1\tx", "no procedure code: '1111'"),
        ("11111\t22222\t\t2025\t*\t1\tx", "no effective date: '2025'"),
        ("11111\t22222\t\t20250101\tsoon\t1\tx", "no deletion date: 'soon'"),
        ("11111\t22222\t\t20250101\t*\t5\tx", "no modifier indicator: '5'"),
        ("11111\t22222\t\t20250101\t*\t9\tx", "the modifier indicator is 9"),
        ("11111\t11111\t\t20250101\t*\t1\tx", "a procedure excludes itself"),
        ("11111\t22222", "no effective date: ''"),
    ],
)
def test_a_wrong_edit_is_set_aside(tmp_path, edit, reason):
    found = read(tmp_path, "t.txt", f"{TEXT}{edit}\n".encode(), "ncci_ptp")
    ((place, reasons),) = [(each.place, each.reasons) for each in found.refused]
    assert place == "t.txt, row 10"
    assert any(said.startswith(reason) for said in reasons), reasons


UNITS = (
    '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
    "11111,2,3 Date of Service Edit: Clinical,Clinical: Data\n"
    "22222,1,2 Date of Service Edit: Policy,CMS Policy\n"
    "33333,4,1 Line Edit,HCPCS/CPT Code Descriptor / CPT Instruction\n"
    "44444,0,2,Code Status\n"
    "55555,many,7,\n"
    "11111,3,3,Clinical: Data\n"
    "Fee schedules are not assigned\n"
)


def test_units_have_a_scope_and_may_be_absolute(tmp_path):
    text = f'"Copyright\nAll rights reserved",,,\n{UNITS}'
    found = read(tmp_path, "mue.csv", text.encode(), "ncci_mue")
    assert {code: tuple(said.values()) for code, said in found.items.items()} == {
        "11111": ("2", "day", "false"),
        "22222": ("1", "day", "true"),
        "33333": ("4", "line", "false"),
    }
    topic = found.topics[MUE]
    assert (topic.n_points, topic.n_used, topic.n_not_covered, topic.n_refused, found.n_notes) == (6, 3, 1, 2, 1)
    assert [each.reasons for each in found.refused] == [
        ("no number of units: 'many'", "no adjudication indicator: '7'"),
        ("procedure 11111 has other units in this edition",),
    ]


@pytest.mark.parametrize(
    ("file", "quarter"),
    [
        ("medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f1.zip", "2026Q2"),
        ("medicaid-ncci-q3-2026-ptp-edits-practitioner-services.zip", "2026Q3"),
        ("ccipra-v313r0-f1.TXT", "2025Q4"),
        ("MCR_MUE_PractitionerServices_Eff_01-01-2026.csv", "2026Q1"),
        ("edits.txt", None),
    ],
)
def test_the_file_name_tells_the_quarter(file, quarter):
    assert (quarter_of(file) or [None])[0] == quarter
