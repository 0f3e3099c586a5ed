"""Small link tables by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd


def links_of(visits, *, homes=None, kinds=None, areas=None, groups=None, amount=1_000):
    """Make link tables from (person, provider) pairs; what is not said is alike for all."""
    visits = sorted(visits)
    people = sorted({person for person, _ in visits})
    places = sorted({provider for _, provider in visits})
    edges = pd.DataFrame(
        {
            "person_id": [person for person, _ in visits],
            "provider_id": [provider for _, provider in visits],
            "n_settlements": 1,
            "amount": amount,
            "first_date": pd.Timestamp("2026-01-05"),
            "last_date": pd.Timestamp("2026-01-20"),
        }
    )
    persons = pd.DataFrame(
        {"person_id": people, "area": [(homes or {}).get(one, "A") for one in people], "disease_class": "none"}
    )
    providers = pd.DataFrame(
        {
            "provider_id": places,
            "kind": [(kinds or {}).get(one, "issuer") for one in places],
            "area": [(areas or {}).get(one, "A") for one in places],
            "group_id": pd.Series([(groups or {}).get(one) for one in places], dtype="str"),
            "type": "clinic",
        }
    )
    return SimpleNamespace(edges=edges, persons=persons, providers=providers)
