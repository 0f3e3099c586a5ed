"""What the check at the counter refuses, and the near misses that it lets pass."""

import numpy as np
import pytest

from experiments.synthetic.care.bills import CHRONIC, INPATIENT, NONE, OUTPATIENT, Bills
from experiments.synthetic.care.prechecks import Prechecks
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.world import make_world


@pytest.fixture(scope="module")
def world():
    return make_world(1_500, 60, 6, "2026-01", 2)


class Counter:
    """Bills one line a visit through the check; `months` of calls share one memory."""

    def __init__(self, world) -> None:
        self.world = world
        self.checks = Prechecks(world)
        adults = np.flatnonzero((world.people.age > 45) & (world.people.age < 70))
        self.man = int(adults[~world.people.female[adults]][0])
        self.woman = int(adults[world.people.female[adults]][0])
        self.child = int(np.flatnonzero((world.people.age > 4) & (world.people.age < 9))[0])

    def month(self, *rows, kind="tertiary", encounter=OUTPATIENT) -> list[int]:
        """Bill rows of person, item, day, quantity (and diagnosis); return the quantities billed, 0 for refused."""
        bills = Bills()
        provider = int(self.world.places.of_kind(kind)[0])
        codes = self.world.catalogue.diagnoses["code"].tolist()
        drafts = []
        for number, (person, name, day, quantity, *dx) in enumerate(rows):
            draft = bills.open(
                "test",
                1,
                person=person,
                provider=provider,
                encounter=encounter,
                is_stay=encounter == INPATIENT,
                start=day * DAY + number,
                end=day * DAY + number,
                settle=day * DAY + 99,
                dx1=codes.index(dx[0]) if dx else NONE,
            )
            item = self.world.catalogue.item(name)
            bills.charge(draft, item, np.array([day * DAY + number]), quantity=quantity)
            drafts.append(int(draft[0]))
        left = self.checks.heeded(bills.ledger()).lines
        billed = dict(zip(left["draft"].tolist(), left["quantity"].tolist(), strict=True))
        return [billed.get(draft, 0) for draft in drafts]


@pytest.fixture
def counter(world):
    return Counter(world)


def test_interval_reaches_into_the_next_month(counter):
    """Glycated haemoglobin needs 80 days: day 10 and 70 are too close, day 10 and 95 are not."""
    item = "糖化血红蛋白"
    assert counter.month((counter.man, item, 10, 1), (counter.woman, item, 10, 1)) == [1, 1]
    assert counter.month((counter.man, item, 70, 1), (counter.woman, item, 95, 1)) == [0, 1]


def test_frequency_counts_in_a_moving_window(counter):
    """Three scans within 90 days pass; a fourth does not; after the first is 90 days old it would."""
    item = "磁共振平扫"
    assert counter.month(*[(counter.man, item, day, 1) for day in (0, 10, 20, 60)]) == [1, 1, 1, 0]
    assert counter.month((counter.man, item, 112, 1)) == [1]


def test_day_is_cut_to_its_maximum(counter):
    """Blood counts: three a day. Two and two give two and one; the next day begins anew."""
    rows = [(counter.man, "血细胞分析", 5, 2), (counter.man, "血细胞分析", 5, 2), (counter.man, "血细胞分析", 6, 2)]
    assert counter.month(*rows) == [2, 1, 2]


def test_fill_is_cut_to_the_policy_maximum(counter):
    """Twelve weeks of a tablet sold in packs of 28 days are three, and four packs are always allowed."""
    rows = [(counter.man, "缬沙坦胶囊", 5, 9, "I10.x00"), (counter.woman, "缬沙坦胶囊", 5, 4, "I10.x00")]
    assert counter.month(*rows, encounter=CHRONIC) == [4, 4]


def test_course_ends_after_its_longest(counter):
    """A quinolone for fourteen days: the fifteenth is refused, and a new course after a pause of a month is not."""
    days = [(counter.man, "左氧氟沙星注射液", day, 1) for day in range(16)]
    assert counter.month(*days, encounter=INPATIENT) == [1] * 14 + [0] * 2
    later = [(counter.man, "左氧氟沙星注射液", day, 1) for day in (40, 60)]
    assert counter.month(*later, encounter=INPATIENT) == [0, 0]  # day 15 to 40 is no pause
    assert counter.month((counter.man, "左氧氟沙星注射液", 95, 1), encounter=INPATIENT) == [1]


def test_persons_illnesses_and_places(counter):
    """Sex, age, diagnosis, level and kind of care must fit; a bill without diagnosis cannot break an indication."""
    assert counter.month(
        (counter.man, "前列腺特异性抗原测定", 5, 1),
        (counter.woman, "前列腺特异性抗原测定", 5, 1),
        (counter.child, "小儿氨酚黄那敏颗粒", 5, 1, "J06.900"),
        (counter.man, "小儿氨酚黄那敏颗粒", 5, 1, "J06.900"),
        (counter.man, "奥司他韦胶囊", 5, 1, "J11.101"),
        (counter.woman, "奥司他韦胶囊", 5, 1, "J06.900"),
        (counter.child, "奥司他韦胶囊", 5, 1),
    ) == [1, 0, 1, 0, 1, 0, 1]
    assert counter.month((counter.man, "人血白蛋白注射液", 9, 1), kind="township", encounter=INPATIENT) == [0]
    assert counter.month((counter.man, "人血白蛋白注射液", 9, 1), kind="secondary", encounter=INPATIENT) == [1]
    assert counter.month((counter.woman, "人血白蛋白注射液", 9, 1), kind="secondary") == [0]  # not admitted


def test_second_line_needs_the_first(counter):
    """Ezetimibe only after a statin, from the day after."""
    assert counter.month((counter.man, "依折麦布片", 5, 1)) == [0]
    rows = [
        (counter.man, "阿托伐他汀钙片", 20, 1),
        (counter.man, "依折麦布片", 20, 1),
        (counter.man, "依折麦布片", 21, 1),
    ]
    assert counter.month(*rows) == [1, 0, 1]


def test_excluded_item_yields(counter):
    """Nursing of both grades on one day: the lower goes; on two days both stay."""
    rows = [(counter.man, "一级护理", 5, 1), (counter.man, "二级护理", 5, 1), (counter.man, "二级护理", 6, 1)]
    assert counter.month(*rows, encounter=INPATIENT) == [1, 0, 1]


@pytest.mark.parametrize(
    ("later", "place", "billed"),
    [
        ((17, "J20.900"), {"kind": "secondary"}, 0),
        ((18, "J20.900"), {"kind": "secondary"}, 1),
        ((17, "K29.500"), {"kind": "secondary"}, 1),
        ((17, "J20.900"), {"kind": "secondary", "encounter": INPATIENT}, 1),
        ((17, "J20.900"), {"kind": "tertiary"}, 1),
    ],
    ids=["elsewhere", "a_week_past", "another_illness", "in_a_stay", "the_same_place"],
)
def test_a_scan_done_elsewhere_is_recognised(counter, later, place, billed):
    day, illness = later
    assert counter.month((counter.man, "CT平扫", 10, 1, "J20.900")) == [1]
    assert counter.month((counter.man, "CT平扫", day, 1, illness), **place) == [billed]


def test_a_scan_is_recognised_after_later_ones_of_long_stays(counter):
    """A stay that begins this month is scanned in the next: what outpatients had before that is remembered."""
    assert counter.month((counter.man, "CT平扫", 10, 1, "J20.900")) == [1]
    assert counter.month((counter.woman, "CT平扫", 40, 1, "J20.900"), encounter=INPATIENT) == [1]
    assert counter.month((counter.man, "CT平扫", 17, 1, "J20.900"), kind="secondary") == [0]
