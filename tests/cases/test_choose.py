"""Quotas, rings that are one case, and a random audit that can be drawn again."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from fraud.cases.choose import Standing, choose
from fraud.cases.standing_notes import standing_notes
from fraud.settings import CaseSettings

ALONE = CaseSettings(random_audit_share=0)


def _weighed(n: int, **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"entity": "provider", "subject_id": [f"H{i:03d}" for i in range(n)], "rank": range(1, n + 1)})
    frame["total_amount"] = [1000 - i for i in range(n)]
    return frame.assign(kind="", region="", ring_id="", scheme_codes=[()] * n, **columns)


def _everyone(weighed: pd.DataFrame) -> pd.DataFrame:
    return weighed[["entity", "subject_id", "rank", "ring_id"]]


def test_the_queue_follows_priority_and_ends_with_a_random_audit() -> None:
    weighed = _weighed(100)
    queue, sampling = choose(weighed, _everyone(weighed), 20, "2026-06", CaseSettings(random_audit_share=0.1))
    ranked = [c.subject_id for c in queue if c.selection_reason == "ranked"]
    audit = [c for c in queue if c.selection_reason == "random_audit"]
    assert ranked == [f"H{i:03d}" for i in range(18)]
    assert len(audit) == 2
    assert {c.selection_probability for c in audit} == {2 / 82}  # two drawn from the 82 outside the list
    assert not {c.subject_id for c in audit} & set(ranked)
    assert (sampling["provider_frame_size"], sampling["provider_n_drawn"], sampling["n_drawn"]) == (82, 2, 2)


def test_providers_and_persons_are_drawn_each_by_themselves() -> None:
    # 5 of 50 places; three tenths of 5, rounded down, are persons. One draw from all would hardly meet a provider.
    weighed = _weighed(60)
    persons = pd.DataFrame({"entity": "patient", "subject_id": [f"P{i:04d}" for i in range(2000)]})
    persons = persons.assign(rank=range(1, 2001), ring_id="")
    everyone = pd.concat([_everyone(weighed), persons], ignore_index=True)
    settings = CaseSettings(random_audit_share=0.1, max_patient_share=0.3)
    audit = [c for c in choose(weighed, everyone, 50, "2026-06", settings)[0] if c.selection_reason == "random_audit"]
    drawn = [(c.entity, c.selection_probability) for c in audit]
    assert drawn == [("provider", 4 / 15)] * 4 + [("patient", 1 / 2000)]  # 60 - 45 ranked = 15 in the frame


def test_the_audit_can_be_drawn_again_from_what_the_pack_tells() -> None:
    weighed = _weighed(100)
    queue, told = choose(weighed, _everyone(weighed), 20, "2026-06", CaseSettings(random_audit_share=0.1))
    frame = sorted(set(weighed["subject_id"]) - {c.subject_id for c in queue if c.selection_reason == "ranked"})
    assert hashlib.sha256("\n".join(frame).encode()).hexdigest() == told["provider_frame_digest"]
    drawn = np.random.default_rng(told["provider_seed"]).choice(len(frame), told["provider_n_drawn"], replace=False)
    assert {frame[n] for n in drawn} == {c.subject_id for c in queue if c.selection_reason == "random_audit"}


def test_an_equal_seed_draws_the_same_audit_and_another_month_another() -> None:
    weighed = _weighed(300)
    draws = [
        choose(weighed, _everyone(weighed), 50, month, CaseSettings())[0] for month in ("2026-06", "2026-06", "2026-07")
    ]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


def test_no_scheme_floods_the_queue_while_others_wait() -> None:
    weighed = _weighed(20).assign(scheme_codes=[("R01",)] * 15 + [("H04",)] * 5)
    settings = CaseSettings(max_scheme_share=0.5, random_audit_share=0)
    queue, _ = choose(weighed, _everyone(weighed), 10, "2026-06", settings)
    ids = {c.subject_id for c in queue}
    assert {f"H{i:03d}" for i in range(15, 20)} <= ids  # the five of H04
    assert len(ids) == 10


def test_a_queue_for_everybody_needs_no_audit() -> None:
    weighed = _weighed(12)
    queue, sampling = choose(weighed, _everyone(weighed), 12, "2026-06", CaseSettings())
    assert len(queue) == 12
    assert sampling["n_drawn"] == 0


def test_a_ring_is_one_case_and_names_its_whole_core() -> None:
    # H000 and H003 are core of R1, as is H029, who ranks too low to be a candidate, and person P1.
    rings = ["R1", "", "", "R1", *[""] * 25, "R1"]
    weighed = _weighed(30).assign(ring_id=rings)
    person = pd.DataFrame({"entity": ["patient"], "subject_id": ["P1"], "rank": [1], "ring_id": ["R1"]})
    everyone = pd.concat([_everyone(weighed), person], ignore_index=True)
    queue, _ = choose(weighed.head(8), everyone, 4, "2026-06", ALONE)
    assert [chosen.subject_id for chosen in queue] == ["H000", "H001", "H002", "H004"]
    assert queue[0].standing.ring_id == "R1"
    assert queue[0].standing.folded == (("provider", "H003"), ("provider", "H029"), ("patient", "P1"))
    assert queue[1].standing == Standing()


def test_the_highest_priority_leads_a_ring_not_the_best_rank() -> None:
    weighed = _weighed(6).assign(ring_id=["R1", "R1", *[""] * 4])
    weighed.loc[1, "total_amount"] = 5000
    queue, _ = choose(weighed, _everyone(weighed), 3, "2026-06", ALONE)
    assert (queue[0].subject_id, queue[0].standing.folded) == ("H001", (("provider", "H000"),))


def test_who_is_reviewed_with_a_ring_is_not_drawn_at_random() -> None:
    weighed = _weighed(12).assign(ring_id=["R1"] * 10 + [""] * 2)
    queue, told = choose(weighed, _everyone(weighed), 2, "2026-06", CaseSettings(random_audit_share=0.5))
    assert [chosen.subject_id for chosen in queue if chosen.selection_reason == "ranked"] == ["H000"]
    assert told["provider_frame_size"] == 2


def test_quotas_hold_for_every_beginning_of_the_queue_and_are_written_down() -> None:
    weighed = _weighed(8).assign(scheme_codes=[("R01",)] * 4 + [("H04",)] * 4, kind=["clinic"] * 2 + [""] * 6)
    settings = CaseSettings(max_scheme_share=0.5, max_kind_share=0.5, random_audit_share=0)
    queue, _ = choose(weighed, _everyone(weighed), 6, "2026-06", settings)
    assert [chosen.subject_id for chosen in queue] == ["H000", "H004", "H001", "H005", "H002", "H006"]
    assert (queue[2].standing.held_from, queue[2].standing.held_by) == (2, ("scheme", "kind"))
    assert not any(chosen.standing.lifted for chosen in queue)


def test_a_case_says_whom_it_stands_for_and_what_moved_it() -> None:
    folded = (*(("provider", f"H{n}") for n in range(22)), *(("patient", f"P{n}") for n in range(3)))
    told = standing_notes(Standing("R1", folded, 2, ("patient",), ("region",)), lambda kind, one: one)
    ring, held, lifted = told
    assert "Case of ring R1." in ring.en
    assert "H18, H19, 2 more, 3 persons." in ring.en
    assert "团组R1合并立案" in ring.zh
    assert "H19、另2家、3人" in ring.zh
    # Persons are counted: their names are in the ring's drawing, under pseudonyms.
    assert "P0" not in ring.en + ring.zh
    assert "from place 2, given to a lower priority: the share of insured persons was full" in held.en
    assert "第2位" in held.zh
    assert "Beyond the share of its region" in lifted.en
    assert "地区" in lifted.zh
    assert standing_notes(Standing(), lambda kind, one: one) == ()
