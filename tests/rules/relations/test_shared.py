"""Relations that several rules of a run read: what is in them, and that they are made once."""

from features.engine import DuckDBEngine
from fraud.rules import library_rules, run_rules
from fraud.rules.relations.base import create_base
from fraud.rules.relations.shared import SHARED, create_shared
from tests.rules.world import World
from tests.support.claims import make_store

_DRUG = {"item_type": "western_drug", "days_supply": 30}


class _Noting(DuckDBEngine):
    """An engine that notes which tables were made."""

    def __init__(self):
        super().__init__(threads=1)
        self.made = []

    def create_table(self, name, sql):
        self.made.append(name)
        super().create_table(name, sql)


def _world():
    world = World()
    world.bill("S1", person_id="A", lines=[("2026-02-10", "I1", 1, 10, _DRUG)])
    world.bill("S2", person_id="A", lines=[("2026-03-05", "I1", 1, 10, _DRUG), ("2026-03-05", "I2", 2, 40)])
    world.bill("S3", person_id="B", lines=[("2026-02-11", "I1", 1, 10, _DRUG)])
    world.bill("S4", person_id="B", lines=[("2026-03-06", "I2", 1, 20)])
    for settlement, who in (("S1", "D1"), ("S2", "D2"), ("S3", "D1"), ("S4", "D1")):
        row = next(each for each in world.settlements if each["settlement_id"] == settlement)
        row["attending_practitioner_id"] = who
    world.lines[2] |= {"executor_id": "D3"}
    for item, minutes in (("I1", None), ("I2", 20)):
        world.add("ref_items", item_code=item, item_name=item, generic_code=item, standard_minutes=minutes)
    return world


def _shown(tmp_path, name, sql):
    with DuckDBEngine(threads=1) as engine:
        make_store(tmp_path, _world().tables()).attach(engine)
        create_base(engine)
        create_shared(engine, name, "2026-03")
        return engine.rows(sql)


def test_fills_are_those_of_drugs_that_the_person_got_in_the_month_too(tmp_path):
    sql = "select settlement_id, days from drug_fills join codes_settlement using (settlement_key) order by 1"
    assert _shown(tmp_path, "drug_fills", sql) == [("S1", 30), ("S2", 30)]


def test_minutes_of_a_day_belong_to_who_did_the_service(tmp_path):
    names = "join codes_practitioner using (practitioner_key) order by practitioner_id"
    sql = f"select practitioner_id, effort, month_effort from practitioner_days {names}"
    # 20 minutes in millionths: of who attended, where nobody is named, and twice of who did them.
    assert _shown(tmp_path, "practitioner_days", sql) == [
        ("D1", 20_000_000, 20_000_000),
        ("D3", 40_000_000, 40_000_000),
    ]


def test_relations_are_made_once_for_all_rules_that_read_them(tmp_path):
    store = make_store(tmp_path, _world().tables())
    with _Noting() as engine:
        run_rules(store, engine, "2026-03", rules=library_rules())
        made = [engine.made.count(name) for name in ("drug_fills", "practitioner_days")]
    assert made == [1, 1]
    assert {"drug_fills", "practitioner_days"} <= set(SHARED)
