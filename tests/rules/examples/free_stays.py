"""Thirty stays that cost nothing, twenty-nine, and thirty of people on medical aid."""

from tests.rules.example import Example
from tests.rules.peers import NAMED, one_stay, stays


def add(world, provider, settlement, category="resident"):
    paid = 0 if provider == "P0" else 40
    one_stay(world, provider, settlement, fund=150 - paid, cash_paid_amount=paid, medical_aid_paid_amount=0)
    own = {"gender": "male", "birth_date": "1960-01-01", "person_category": category}
    world.add("persons", person_id=f"N-{settlement}", **own)


def on_medical_aid(world, provider, settlement):
    add(world, provider, settlement, category="medical_aid")


EXAMPLES = {
    "hit": Example(stays(add), NAMED, is_found_among_others=False),
    "near_miss": Example(stays(add, own=29)),
    "innocent_twin": Example(stays(on_medical_aid)),
}
