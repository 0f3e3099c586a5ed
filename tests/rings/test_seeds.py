"""What confirmed subjects lead to, and their file."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.benchmarks.ring_city import make_city
from features.errors import InputError
from fraud.cli.rings import read_seeds
from fraud.rings import find_rings
from fraud.rings.seeds import seeded_rings
from fraud.settings import RingSettings


def test_seeds_lead_to_rings_they_are_in_or_linked_with():
    city = make_city(seed=1)
    rings = find_rings(city, "2026-05", RingSettings(n_decoys=0))
    ring = rings.rings["ring_id"].iloc[0]
    own = rings.members.loc[rings.members["ring_id"] == ring]
    provider = own.loc[own["member_type"] != "patient", "member_id"].iloc[0]
    inside = seeded_rings(rings, city.edges, {provider})
    assert inside.loc[inside["ring_id"] == ring, "seed_path"].tolist() == [f"members {provider}"]
    outsider = pd.DataFrame({"person_id": ["new"] * 2, "provider_id": own["member_id"].head(2).tolist()})
    linked = seeded_rings(rings, outsider, {"new"})
    assert linked["seed_path"].tolist() == ["linked new (2 links)"]
    assert seeded_rings(rings, outsider.head(1), {"new"}).empty  # one visit may be chance
    assert seeded_rings(rings, city.edges, {"nobody"}).empty


def test_seed_file(tmp_path):
    path = tmp_path / "seeds.csv"
    path.write_text("subject_id,note\nP1,x\n P2 ,\n,\n")
    assert read_seeds(path) == {"P1", "P2"}
    path.write_text("id\nP1\n")
    with pytest.raises(InputError, match="column 'subject_id'"):
        read_seeds(path)
    path.write_text("subject_id\n")
    with pytest.raises(InputError, match="no subject in it"):
        read_seeds(path)
    path.write_text("")
    with pytest.raises(InputError, match="seed subjects"):
        read_seeds(path)
    with pytest.raises(InputError, match="give a CSV"):
        read_seeds(tmp_path / "absent.csv")
