"""Twenty providers that bill alike, and one, P0, that does not."""

from tests.rules.world import World

PEERS = 20


def among_peers(kind="hospital", **own):
    """Return a world with P0 and its twenty peers P1 to P20; `own` are columns of P0."""
    world = World()
    for number in range(PEERS + 1):
        columns = {"provider_type": kind, "specialty": "general"} | (own if number == 0 else {})
        world.add("providers", provider_id=f"P{number}", **columns)
    return world


def providers_but_the_first():
    return [f"P{number}" for number in range(1, PEERS + 1)]


def shares(item, plain, counted, *, own_counted=100, **own):
    """Return a world in which the item makes 90 % of the money of P0 and 10 % of that of its peers.

    P0 bills a hundred plain lines of 1.00, and `own_counted` of the item of 9.00, all of it paid by the fund.
    """
    world = among_peers(**own)
    at = "2026-03-05 10:00:00"
    lines = [(at, "PLAIN", 1, 1, plain)] * 100 + [(at, item, 1, 9, counted)] * own_counted
    world.bill("S0", provider_id="P0", lines=lines)
    for provider in providers_but_the_first():
        lines = [(at, "PLAIN", 1, 9, plain), (at, item, 1, 1, counted)]
        world.bill(f"S-{provider}", provider_id=provider, lines=lines)
    return world


# In scope 900.00 of the item; the fence lies at 10 % and P0 at 90 %: 800.00 are beyond, 88 lines of 9.00 and 8.00.
BEYOND = frozenset({("provider", "P0", 80000, 80000, 89)})
BILL = {"item_type": "service", "charge_category": "other"}


def stays(add, *, own=30, **columns):
    """Return a world with thirty stays of P0 and one of each peer; `add(world, provider, settlement)` writes one."""
    world = among_peers(**columns)
    of_own = [("P0", number) for number in range(own)]
    for provider, number in [*of_own, *((provider, 0) for provider in providers_but_the_first())]:
        add(world, provider, f"{provider}-{number:02d}")
    return world


def one_stay(world, provider, settlement, **columns):
    lines = [("2026-03-05 10:00:00", "BED", 1, 100), ("2026-03-06 10:00:00", "CARE", 1, 50)]
    given = {"provider_id": provider, "person_id": f"N-{settlement}"} | columns
    world.stay(settlement, "2026-03-05", "2026-03-10", lines=lines, **given)


# Thirty stays, of each its dearest line, at no exposure.
NAMED = frozenset({("provider", "P0", 0, 0, 30)})


def bills(add, *, own=50, kind="hospital", **columns):
    """Return a world with fifty bills of P0 and one of each peer; `add(world, provider, settlement)` writes one."""
    world = among_peers(kind, **columns)
    for number in range(own):
        add(world, "P0", f"P0-{number:02d}")
    for provider in providers_but_the_first():
        add(world, provider, f"{provider}-00")
    return world
