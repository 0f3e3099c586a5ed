"""What every scheme promises, whatever it is: true truth, sound claims, honest business, innocent look-alikes."""

import pytest

from experiments.synthetic.schemes import SCHEMES
from experiments.synthetic.schemes.scheme import SIZES
from tests.synthetic.test_consistency import BROKEN

# One size each, in turn.
FIRST = {code: SIZES[n % 3] for n, code in enumerate(dict.fromkeys(scheme.code for scheme in SCHEMES))}
# Some nine schemes share a city in the quick run; in the long one each has one of its own, at every size.
N_SHARED, SHARED_CITY = 6, {"persons": 8_000, "providers": 200}
ALONE = [((code, size),) for code in FIRST for size in SIZES]
CASES = [
    *(pytest.param(tuple(FIRST.items())[place::N_SHARED], id=f"shared-{place}") for place in range(N_SHARED)),
    *(pytest.param(case, marks=pytest.mark.slow, id="-".join(case[0])) for case in ALONE),
]
NO_CLAIMS = {"D-45"}  # nothing is billed for people who never come
NO_PROVIDERS = {"P01", "P04", "P05", "P09", "P10", "P11", "P12", "T06", "T13"}  # those who take part do not know of it
# Of some lines and stays only a part is guilty. A box sold again (T02) is so whole, of its purchase (P09) each box.
PARTLY = {"H09", "H10", "H11", "H13", "H21", "H35", "P02", "P09", "T01", "T06", "T14"}
NAMED_TOO = {"H28": {"H18"}, "T02": {"P09"}, "T14": {"H09"}}  # what the truth of a scheme names besides
ALSO = {"H26": {"H32"}}  # what its look-alikes resemble besides
# What a scheme itself breaks on purpose.
MEANT = {
    "H02": {"nobody visits while in hospital"},
    "H06": {"stays of a person never overlap"},
    "H09": {"prices keep under the ceiling of the level"},
    "H15": {"lines lie within the stay", "lines lie within the visit"},
    "H19": {"men are not treated for women's illnesses"},
    "H26": {"practitioners keep within eleven hours a day"},
    "P11": {"nobody is treated after death"},
    "P13": {"nobody visits while in hospital"},
    "T05": {"lines that fill a prescription name one, at its pharmacy and for its person"},
    "T14": {"prices keep under the ceiling of the level"},
}
COLUMNS = {
    "truth_providers": ["provider_id", "scheme_code", "first_month", "last_month", "size"],
    "truth_patients": ["person_id", "scheme_code", "first_month"],
    "truth_practitioners": ["practitioner_id", "scheme_code"],
    "truth_lines": ["settlement_id", "line_number", "scheme_code", "exposure_amount"],
    "truth_rings": ["ring_id", "member_type", "member_id"],
    "truth_twins": ["subject_type", "subject_id", "twin_of", "note"],
    "truth_slips": ["settlement_id", "line_number", "kind", "note"],
}
ABSENT = {  # rows of the truth that the source does not know
    "providers": "select count(*) from truth_providers anti join providers using (provider_id)",
    "patients": "select count(*) from truth_patients anti join persons using (person_id)",
    "practitioners": "select count(*) from truth_practitioners anti join practitioners using (practitioner_id)",
    "settlements": "select count(*) from truth_lines anti join settlements using (settlement_id)",
    "lines": """select count(*) from truth_lines t where line_number is not null and not exists (select 1
        from claim_lines l where l.settlement_id = t.settlement_id and l.line_number = t.line_number)""",
    "ring providers": """select count(*) from truth_rings where member_type in ('hospital', 'clinic', 'pharmacy')
        and member_id not in (select provider_id from providers)""",
    "ring people": """select count(*) from truth_rings where member_type = 'patient'
        and member_id not in (select person_id from persons)""",
    "ring practitioners": """select count(*) from truth_rings where member_type = 'practitioner'
        and member_id not in (select practitioner_id from practitioners)""",
}


@pytest.fixture(params=CASES, scope="module")
def case(request, planted):
    """Return the codes of schemes and a city with one instance of each, with room for all of them."""
    schemes = ",".join(f"{code}:{size}" for code, size in request.param)
    size = {} if len(request.param) == 1 else SHARED_CITY
    return frozenset(dict(request.param)), planted(schemes, **size), planted("none", **size)


def test_truth_names_what_exists(case):
    codes, asked, _ = case
    assert {name: asked.one(sql) for name, sql in ABSENT.items()} == dict.fromkeys(ABSENT, 0)
    codes_of = {
        name: {code for (code,) in asked.rows(f"select distinct {column} from truth_{name}")}
        for name, column in (
            ("providers", "scheme_code"), ("patients", "scheme_code"), ("lines", "scheme_code"), ("twins", "twin_of"),
        )
    }  # fmt: skip
    named = codes.union(*(NAMED_TOO.get(code, set()) for code in codes))
    named -= {"H09"} - codes - codes_of["lines"]  # a price that is raised may keep under the ceiling
    assert codes_of["providers"] - NO_PROVIDERS == named - NO_PROVIDERS
    assert named & NO_PROVIDERS <= codes_of["patients"]
    assert named - NO_CLAIMS <= codes_of["lines"]
    assert codes_of["providers"] | codes_of["patients"] | codes_of["lines"] == named
    assert codes_of["twins"] == codes.union(*(ALSO.get(code, set()) for code in codes))


def test_truth_has_the_columns_of_the_contract(case):
    _, asked, _ = case
    assert {name: table.column_names for name, table in asked.city.truth.items()} == COLUMNS


def test_months_lie_in_the_window(case):
    _, asked, _ = case
    first, last = asked.city.months[0], asked.city.months[-1]
    assert (
        asked.one(f"""select count(*) from truth_providers
        where not ('{first}' <= first_month and first_month <= last_month and last_month <= '{last}')""")
        == 0
    )


def test_exposure_is_what_the_rows_brought_into_scope(case):
    """A named line's in-scope amount or the guilty part of it, or that of the settlement."""
    _, asked, _ = case
    given = "coalesce(l.in_scope_amount, s.in_scope_amount)"
    part = f"{given} > 0 and exposure_amount = 0 or exposure_amount not between 0 and {given}"
    wrong = f"if(scheme_code in {tuple(sorted(PARTLY))}, {part}, exposure_amount is distinct from {given})"
    assert (
        asked.one(f"""
        select count(*) from truth_lines t join settlements s using (settlement_id) left join claim_lines l
            on l.settlement_id = t.settlement_id and l.line_number = t.line_number
        where {wrong} or exposure_amount < 0 or exposure_amount is null or {given} is null""")
        == 0
    )


def test_look_alikes_are_innocent(case):
    _, asked, _ = case
    guilty = """select provider_id as id from truth_providers union all select person_id from truth_patients
        union all select practitioner_id from truth_practitioners"""
    assert asked.one(f"select count(*) from truth_twins where subject_id in ({guilty})") == 0
    assert asked.one("select count(*) from truth_twins where length(note) < 20") == 0


def test_the_guilty_keep_honest_business(case):
    """Every guilty provider has settlements that no scheme touches."""
    _, asked, _ = case
    honest = asked.rows("""
        select p.provider_id, count(*) filter (where s.settlement_id not in (select settlement_id from truth_lines))
        from truth_providers p left join settlements s using (provider_id) group by 1""")
    assert all(n > 0 for _, n in honest)


def test_claims_stay_sound(case):
    """All that an honest city keeps, but for what the scheme itself is about."""
    codes, asked, _ = case
    broken = {promise for promise, sql in BROKEN.items() if asked.sound.one(sql) != 0}
    assert broken <= set().union(*(MEANT.get(code, set()) for code in codes))


def test_others_are_left_alone(case):
    """A settlement of the honest city at a provider, and of a person, without any part is there unchanged.

    Who loses a visit where an agreement ends has no script of it to fill either.

    A shared city allows to one scheme what is meant for another; the long run asks each alone.
    """
    _, asked, honest = case
    asked.connection.register("before", honest.city.tables["settlements"])
    n, changed = asked.one("""
        with part as (select subject_id as id from truth_twins union select provider_id from truth_providers
            union select person_id from truth_patients union select person_id from settlements
            where provider_id in (select provider_id from truth_providers union select subject_id from truth_twins)
            union select person_id from before
            where provider_id in (select provider_id from truth_providers union select subject_id from truth_twins))
        select count(*), count(*) filter (where s.settlement_id is null or s.total_amount <> b.total_amount)
        from before b left join settlements s using (settlement_id)
        where b.provider_id not in (select id from part) and b.person_id not in (select id from part)""")
    assert n > 3_000
    assert changed == 0


@pytest.mark.slow
@pytest.mark.parametrize("code", FIRST)
def test_two_seeds_differ_and_sizes_grow(code, planted):
    one, two = (planted(f"{code}:medium", seed=seed) for seed in (11, 12))
    facts = "select provider_id, first_month, last_month from truth_providers order by all"
    if code in NO_PROVIDERS:
        facts = "select person_id, first_month from truth_patients order by all"
    assert one.rows(facts) != two.rows(facts)
    if code not in NO_CLAIMS:
        total = "select sum(exposure_amount) from truth_lines"
        small, large = (planted(f"{code}:{size}").one(total) for size in ("small", "large"))
        assert one.one(total) != two.one(total)
        assert small <= large
