"""Practitioners have working days, and none works while in hospital, away or dead."""

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import OUTPATIENT, Bills, Ledger
from experiments.synthetic.care.cover import Cover
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.places import Places
from experiments.synthetic.world.rosters import Rosters
from tests.synthetic.drafts import drafts_of

SIGNED = """
    (select practitioner_id, fee_time from (
       select prescriber_id as practitioner_id, fee_time from claim_lines
       union all select executor_id, fee_time from claim_lines) where practitioner_id is not null)
"""


def test_a_week_has_five_working_days_six_where_there_are_two_and_seven_alone() -> None:
    rosters = Rosters.up_to(9)
    for size, days in ((1, 7), (2, 6), (3, 5), (9, 5)):
        works = [
            [member in rosters.member[size, day, : rosters.n_on[size, day]] for day in range(7)]
            for member in range(size)
        ]
        assert {sum(week) for week in works} == {days}
        assert rosters.n_on[size].min() >= 1


def test_doctors_of_outpatients_keep_to_their_days(honest) -> None:
    weeks = honest.rows(
        """select p.provider_id, count(distinct isodow(cast(s.settle_time as date))) from settlements s
        join practitioners p on p.practitioner_id = s.attending_practitioner_id
        join (select provider_id, count(*) as n from practitioners where specialty not in ('nursing', 'technical')
          group by 1) c on c.provider_id = p.provider_id
        where s.encounter_type = 'outpatient' and not p.is_team_identifier and c.n >= 3
        group by p.provider_id, p.practitioner_id"""
    )
    within = np.array([days <= 5 for _, days in weeks])
    assert len(within) > 50
    assert within.mean() > 0.75  # the others stepped in for colleagues, or travelled to a township


def test_nobody_signs_during_an_own_stay_or_after_death(honest) -> None:
    in_bed = honest.one(
        f"""select count(*) from {SIGNED} l join practitioners p using (practitioner_id)
        join settlements s on s.person_id = p.person_id and cast(l.fee_time as date) between cast(s.admit_time as date)
        and cast(s.discharge_time as date)"""
    )
    stays = honest.one(
        "select count(*) from settlements s join practitioners p using (person_id) where s.admit_time is not null"
    )
    dead = honest.one(
        f"""select count(*) from {SIGNED} l join practitioners p using (practitioner_id)
        join persons q on q.person_id = p.person_id where cast(l.fee_time as date) > cast(q.death_date as date)"""
    )
    assert stays > 5
    assert in_bed == 0
    assert dead == 0


def _places(doctors: int) -> Places:
    providers = pd.DataFrame({"first_doctor": [0], "n_doctors": [doctors], "has_team": [False]})
    for role in ("nurse", "technician"):
        providers[f"first_{role}"], providers[f"n_{role}s"] = doctors, 0
    staff = pd.DataFrame({"provider": 0, "role": "doctor", "person": np.arange(doctors)}, index=range(doctors))
    return Places(providers, staff)


def _ledger() -> Ledger:
    """One visit of day 3, with a line and a script of doctor 0."""
    visits = pd.DataFrame({"draft": [1], "start": [3 * DAY], "doctor": [0], "surgeon": [-1], "surgery_time": [0]})
    lines = pd.DataFrame({"draft": [1], "time": [3 * DAY], "prescriber": [0], "executor": [-1]})
    scripts = pd.DataFrame({"rx": [9], "draft": [2], "prescriber": [0], "issue_time": [3 * DAY]})
    return Ledger(visits, lines, scripts, pd.DataFrame({"draft": np.zeros(0, np.int64)}))


def _first_is_ill(person: np.ndarray, day: np.ndarray) -> np.ndarray:
    return (person != 0) | (day != 3)


def test_a_colleague_takes_visit_line_and_script_of_who_is_ill() -> None:
    covered = Cover(_places(3), _first_is_ill, np.ones(3, bool)).covered(_ledger())
    (doctor,), (prescriber,), (signer,) = (
        covered.visits["doctor"], covered.lines["prescriber"], covered.prescriptions["prescriber"]
    )  # fmt: skip
    assert doctor == prescriber == signer
    assert doctor in {1, 2}
    assert covered.lines["executor"].tolist() == [-1]


def test_who_is_alone_closes_for_the_day() -> None:
    covered = Cover(_places(1), _first_is_ill, np.ones(1, bool)).covered(_ledger())
    assert [len(part) for part in (covered.visits, covered.lines, covered.prescriptions)] == [0, 0, 0]
    assert len(Cover(_places(1), _first_is_ill, np.zeros(1, bool)).covered(_ledger()).visits) == 1


def test_a_colleague_signs_what_a_scheme_adds_under_the_name_of_who_lies_in_hospital() -> None:
    stage = drafts_of(3_000, 60, 2, seed=5).stage
    staff, visits = stage.world.places.practitioners, stage.visits
    person = staff["person"].to_numpy()
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["start"].to_numpy() >= 0)]
    doctor = int(np.flatnonzero((staff["role"] == "doctor").to_numpy() & np.isin(person, stays["person"]))[0])
    day = int(stays.loc[stays["person"] == person[doctor], "start"].iloc[0] // DAY)
    others = np.setdiff1d(np.arange(40), person)
    patients = others[stage.can_work(others, np.full(len(others), day))][:5]
    bills, at = Bills(), day * DAY + 36_000
    draft = bills.open(
        "test", len(patients), person=patients, provider=int(staff["provider"].to_numpy()[doctor]),
        encounter=OUTPATIENT, start=at, end=at, settle=at + 600, doctor=doctor,
    )  # fmt: skip
    bills.charge(draft, 0, at, prescriber=doctor, executor=doctor)
    added = stage.lines(stage.add(bills))
    assert len(added)
    assert stage.is_staff(person[[doctor]]).all()
    assert doctor not in {*added["prescriber"], *added["executor"]}
