"""FHIR claims: R4 bundles as CARIN has them, STU3 lines as Blue Button v1 has them, and what is none of both."""

import json

import pandas as pd
import pytest

from features.claims import check_source
from features.claims.reading.fhir import flatten_file
from features.errors import InputError
from tests.claims.mappings.extracts import counts, stored

VARIABLES = "https://bluebutton.cms.gov/resources/variables"


def coded(*codes, system=""):
    return {"coding": [{"code": code, "system": system} for code in codes]}


def money(category, value):
    names = category if isinstance(category, tuple) else (category,)
    return {"category": coded(*names), "amount": {"value": value}}


def r4(number="E1", status="active", **more):
    items = [
        {
            "sequence": n,
            "careTeamSequence": [2],
            "productOrService": coded(f"9921{n}"),
            "servicedPeriod": {"start": f"2026-03-0{n}"},
            "quantity": {"value": 2},
            "adjudication": [
                money(("submitted", f"{VARIABLES}/rev_cntr_rate_amt"), 1.5),
                money(("submitted", f"{VARIABLES}/rev_cntr_tot_chrg_amt"), 60.1 + n),
                money("eligible", 50),
                money("benefit", 40.2),
            ],
        }
        for n in (1, 2)
    ]
    claim = {
        "resourceType": "ExplanationOfBenefit",
        "id": number,
        "status": status,
        "use": "claim",
        "type": coded("institutional"),
        "subType": coded("inpatient"),
        "patient": {"reference": "Patient/P1"},
        "billablePeriod": {"start": "2026-03-01", "end": "2026-03-05"},
        "created": "2026-03-20",
        "provider": {"reference": "#org"},
        "contained": [{"resourceType": "Organization", "id": "org", "identifier": [{"value": "H1"}]}],
        "careTeam": [
            {"sequence": 1, "provider": {"reference": "Practitioner/D1"}, "role": coded("attending")},
            {"sequence": 2, "provider": {"identifier": {"value": "D2"}}, "role": coded("performing")},
        ],
        "supportingInfo": [
            {"category": coded("admissionperiod"), "timingPeriod": {"start": "2026-03-01", "end": "2026-03-05"}},
            {"category": coded("clmrecvddate"), "timingDate": "2026-03-10"},
            {"category": coded("drg"), "code": coded("291")},
        ],
        "diagnosis": [
            {"sequence": 1, "diagnosisCodeableConcept": coded("I10"), "type": [coded("principal")]},
            {"sequence": 2, "diagnosisCodeableConcept": coded("E11"), "onAdmission": coded("n")},
        ],
        "procedure": [{"sequence": 1, "procedureCodeableConcept": coded("0210"), "date": "2026-03-02T08:00:00+00:00"}],
        "item": items,
        "payment": {"date": "2026-03-12", "amount": {"value": 80.4}},
    }
    return claim | more


def stu3(number, kind, **more):
    item = {
        "sequence": 1,
        "careTeamLinkId": [2],
        "service": coded("00093", system="http://hl7.org/fhir/sid/ndc"),
        "servicedDate": "2026-03-03",
        "quantity": {
            "value": 30,
            "extension": [{"url": f"{VARIABLES}/days_suply_num", "valueQuantity": {"value": 15}}],
        },
        "adjudication": [money(f"{VARIABLES}/tot_rx_cst_amt", 12.5), money(f"{VARIABLES}/cvrd_d_plan_pd_amt", 10)],
    }
    claim = {
        "resourceType": "ExplanationOfBenefit",
        "id": number,
        "identifier": [{"system": "https://bluebutton.cms.gov/resources/variables/pde_id", "value": number}],
        "status": "active",
        "type": coded("PDE", kind),
        "patient": {"reference": "Patient/P2"},
        "billablePeriod": {"start": "2026-03-03", "end": "2026-03-03"},
        "organization": {"identifier": {"value": "RX1"}},
        "careTeam": [{"sequence": 2, "provider": {"identifier": {"value": "D9"}}, "role": coded("primary")}],
        "insurance": {"coverage": {"reference": "Coverage/part-d"}},
        "item": [item],
        "payment": {"date": "2026-03-04"},
    }
    return claim | more


PATIENTS = [
    {"resourceType": "Patient", "id": "P1", "gender": "female", "birthDate": "1950-01-02"},
    {
        "resourceType": "Patient",
        "id": "P2",
        "gender": "other",
        "birthDate": "1960-01-02",
        "deceasedDateTime": "2026-03-30",
    },
]


def bundle(*resources):
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}, indent=2)


def lines(*resources):
    return "".join(json.dumps(each) + "\n" for each in resources)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "source"
    made.mkdir()
    return made


def test_a_bundle_and_lines_of_both_versions_are_stored_to_the_cent(folder):
    cancelled = [r4("E2", "cancelled"), r4("E3", "entered-in-error")]
    (folder / "stays.json").write_text(bundle(r4(), *cancelled, {"resourceType": "Coverage", "id": "C1"}))
    (folder / "sales.ndjson").write_text(lines(*PATIENTS, stu3("R1", "pharmacy")))
    report, rows = stored(folder, "fhir_eob")
    assert counts(report) == {
        "settlements": (4, 2, 0, 0),
        "claim_lines": (3, 3, 0, 0),
        "diagnoses": (2, 2, 0, 0),
        "procedures": (1, 1, 0, 0),
        "persons": (2, 2, 0, 0),
        "providers": (2, 2, 0, 0),
        "drg_assignments": (1, 1, 0, 0),
    }
    # E1: 61.10 + 62.10 charged as CMS names it, and not the rate beside it; 50 + 50 allowed; 80.40 paid.
    # R1: 12.50, of which the plan paid 10.
    assert rows(
        "select settlement_id, encounter_type, insurance_type, cast(settle_time as varchar), total_amount, "
        "in_scope_amount, fund_paid_amount from settlements join codes_settlement using (settlement_key) order by 1"
    ) == [
        ("E1", "inpatient", "other", "2026-03-12 00:00:00", 12_320, 10_000, 8_040),
        ("R1", "pharmacy", "medicare", "2026-03-04 00:00:00", 1_250, None, 1_000),
    ]
    assert rows(
        "select item_code, item_type, amount, quantity, days_supply, e.practitioner_id, p.practitioner_id "
        "from claim_lines join codes_item using (item_key) "
        "left join codes_practitioner e on e.practitioner_key = executor_key "
        "left join codes_practitioner p on p.practitioner_key = prescriber_key order by 1"
    ) == [
        ("00093", "western_drug", 1_250, 300_000, 15, None, "D9"),
        ("99211", "service", 6_110, 20_000, None, "D2", None),
        ("99212", "service", 6_210, 20_000, None, "D2", None),
    ]
    assert rows(
        "select provider_id, provider_type from providers join codes_provider using (provider_key) order by 1"
    ) == [
        ("H1", "hospital"),
        ("RX1", "retail_pharmacy"),
    ]


def numbered(number, *prior):
    identifiers = [{"system": "https://payer.example/claims", "value": number}]
    related = [{"relationship": coded("prior"), "reference": {"value": each}} for each in prior]
    return {"identifier": identifiers, "related": related}


# What comes later of a claim E1 numbered N1 whose ids and numbers begin with `c`, and which of its claims then stand.
LATER = {
    "cancelled": (lambda c: [r4(f"{c}E1", "cancelled", **numbered(f"{c}N1"))], ["E9"]),
    "paid": (lambda c: [r4(f"{c}E1", **numbered(f"{c}N1"), payment={"date": "2026-03-14"})], ["E1", "E9"]),
    "replaced": (lambda c: [r4(f"{c}E2", **numbered(f"{c}N2", f"{c}N1"))], ["E2", "E9"]),
    "twice": (
        lambda c: [r4(f"{c}E2", **numbered(f"{c}N2", f"{c}N1")), r4(f"{c}E3", **numbered(f"{c}N3", f"{c}N2"))],
        ["E3", "E9"],
    ),
    "by_id": (
        lambda c: [r4(f"{c}E2", related=[{"relationship": coded("prior"), "claim": {"reference": f"X/{c}E1"}}])],
        ["E2", "E9"],
    ),
    "draft": (lambda c: [r4(f"{c}E2", "draft", **numbered(f"{c}N2", f"{c}N1"))], ["E1", "E9"]),
}


def test_what_a_later_resource_says_of_a_claim(folder):
    """Six claims, each with another that nothing later speaks of."""
    first = [r4(f"{case}-{e}", **numbered(f"{case}-{n}")) for case in LATER for e, n in (("E1", "N1"), ("E9", "N9"))]
    (folder / "stays.json").write_text(bundle(*first, *PATIENTS))
    stored(folder, "fhir_eob")
    later = [resource for case, (said, _) in LATER.items() for resource in said(f"{case}-")]
    (folder / "stays.json").write_text(bundle(*later, *PATIENTS))
    report, rows = stored(folder, "fhir_eob", max_month_shrink=1)
    assert not any(each.n_quarantined for each in report.tables)
    sql = "select settlement_id from {} join codes_settlement using (settlement_key) group by 1 order by 1"
    standing = sorted(f"{case}-{claim}" for case, (_, claims) in LATER.items() for claim in claims)
    for table in ("settlements", "claim_lines"):
        assert [each for (each,) in rows(sql.format(table))] == standing


def test_without_patients_the_birth_dates_are_not_given(folder):
    (folder / "stays.json").write_text(bundle(r4()))
    (persons,) = (each for each in check_source(folder, mapping="fhir_eob").tables if each.table == "persons")
    assert (persons.n_stored, persons.n_quarantined) == (1, 0)
    assert "birth_date" in persons.not_given


NO_RESOURCES = (
    ('{"resourceType": "ExplanationOfBenefit", "id": ', "no JSON of one resource"),
    ('{"a": ' * 80 + "1" + "}" * 80, "no JSON of one resource"),
    ('{"resourceType": "ExplanationOfBenefit", "resourceType": "Patient"}', "no JSON of one resource"),
    ('{"resourceType": "ExplanationOfBenefit", "status": "active"}', "ExplanationOfBenefit without an id"),
    ('{"resourceType": "Patient", "id": ["P"]}', "Patient without an id"),
    ('{"resourceType": ["Patient"]}', "no FHIR resource"),
    ('{"resourceType": "Bundle", "entry": [7]}', "no FHIR resource"),
)


def test_lines_that_are_no_resource_are_told_once_with_their_number(folder, tmp_path):
    text = lines(r4(), *PATIENTS) + "".join(f"{line}\n\n" for line, _ in NO_RESOURCES) + lines(r4("E2"))
    (folder / "claims.ndjson").write_text(text)
    flattened = flatten_file(folder / "claims.ndjson", "claims.ndjson", "claims", tmp_path)
    told = pd.read_parquet(flattened.damaged)
    assert list(told["line"]) == [4, 6, 8, 10, 12, 14, 16]
    assert list(told["reason"]) == [reason for _, reason in NO_RESOURCES]
    report = check_source(folder, mapping="fhir_eob")
    # They are no claim, and stand against every table that claims give rows of.
    lost = {name: found[3] for name, found in counts(report).items() if found[3]}
    assert lost == {"settlements": 7, "persons": 7, "providers": 7, "drg_assignments": 7}
    assert counts(report)["settlements"] == (9, 2, 0, 7)
    assert sum(each.n_malformed for each in report.files) == 7


ODDITIES = (
    {"item": "none"},
    {"item": [{"sequence": 1, "adjudication": {"category": "x"}}, 7, None]},
    {"careTeam": {"sequence": 1}, "supportingInfo": [[]], "diagnosis": {"type": 3}},
    {"billablePeriod": [], "payment": "12", "total": {"amount": 5}},
    {"provider": {"reference": "#nobody"}, "contained": "none"},
)


def test_odd_shapes_are_nothing_and_stop_nothing(folder):
    odd = [r4(f"O{n}", **oddity) for n, oddity in enumerate(ODDITIES)]
    (folder / "claims.ndjson").write_text(lines(*odd, *PATIENTS))
    report = check_source(folder, mapping="fhir_eob")
    # O0 and O1 say no amount, O3 not when; O4 not who was paid but by its performer; O2 is whole.
    assert counts(report)["settlements"] == (5, 2, 0, 3)


@pytest.mark.parametrize("text", ['{\n "resourceType": "Bundle",\n "entry": [', "[\n", "resource,id\n1,2\n"])
def test_a_file_that_is_no_json_is_refused_by_name(folder, text):
    (folder / "claims.json").write_text(text)
    with pytest.raises(InputError, match=r"claims\.json"):
        check_source(folder, mapping="fhir_eob")


def test_one_line_too_long_is_refused(folder, monkeypatch):
    monkeypatch.setattr("features.claims.reading.fhir.MAX_JSON_BYTES", 2_000)
    (folder / "claims.ndjson").write_text(lines(*PATIENTS, r4()))
    with pytest.raises(InputError, match=r"claims.ndjson' line 3: longer than 2,000 bytes"):
        check_source(folder, mapping="fhir_eob")
