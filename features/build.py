"""Profiles of a month: one row per subject, one column per feature, and where each stands among its peers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.boxes import create_boxes
from features.catalogue import families, features
from features.days import create_days
from features.declare import SUBJECT_ID, Entity, Feature, aggregate
from features.dispensing import create_dispensing
from features.errors import InputError
from features.expected import create_expected
from features.facts import ensure_facts
from features.grouped_stays import create_grouped_stays
from features.origins import create_origins
from features.peers import Peers, compare, peer_groups
from features.practice import create_practice
from features.secondary_diagnoses import create_secondary_diagnoses
from features.tiered_care import create_tiered_care
from features.window import create_window, months_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.claims import ClaimsStore
    from features.engine import Engine

MIN_PEERS = 20
# From coarse to fine; what is missing in a source is skipped, what makes groups too small is dropped from the end.
PEER_COLUMNS: dict[Entity, tuple[str, ...]] = {
    "provider": ("provider_type", "provider_level", "specialty", "region_code", "payment_method"),
    "patient": ("age_band", "gender", "has_chronic_condition", "insurance_type"),
    "practitioner": ("specialty", "provider_type", "provider_level"),
}
_ATTRIBUTES: dict[Entity, str] = {
    "provider": """
        select m.provider_key as subject_key, c.provider_id, o.provider_name, o.provider_type, o.provider_level,
          o.ownership, o.region_code, o.specialty, o.group_id, o.payment_method, o.licensed_beds,
          o.longitude, o.latitude
        from (select distinct provider_key from money) m
        join codes_provider c on c.provider_key = m.provider_key
        left join providers o on o.provider_key = m.provider_key order by 2
    """,
    "patient": """
        select m.person_key as subject_key, c.person_id, p.gender, p.insurance_type, p.person_category,
          p.home_region_code, p.township_code,
          cast(floor(cast(m.age_days as double) * 4 / 1461) as double) as age_years,
          case when p.chronic_condition_codes is null then 'no' else 'yes' end as has_chronic_condition
        from (select person_key, max(age_days) as age_days from (
            select person_key, null as age_days from money union all select person_key, age_days from visits
          ) a group by person_key) m
        join codes_person c on c.person_key = m.person_key
        left join persons p on p.person_key = m.person_key order by 2
    """,
    "practitioner": """
        select m.practitioner_key as subject_key, c.practitioner_id, r.specialty, r.title,
          coalesce(r.is_team_identifier, false) as is_team_identifier,
          o.provider_type, o.provider_level, o.region_code, o.group_id, p.provider_id
        from (select distinct practitioner_key from practice_visits) m
        join codes_practitioner c on c.practitioner_key = m.practitioner_key
        left join practitioners r on r.practitioner_key = m.practitioner_key
        left join providers o on o.provider_key = r.provider_key
        left join codes_provider p on p.provider_key = r.provider_key order by 2
    """,
}
# Quantiles are spelt by the dialect; declarations name them.
_QUANTILES = {
    "median": ("total_amount", 0.5),
    "p90": ("total_amount", 0.9),
    "stay_p90": ("stay_days", 0.9),
    "wait_median": ("wait_seconds", 0.5),
    "n_median": ("n", 0.5),
}


@dataclass(frozen=True)
class Profile:
    """Profiles of one entity.

    Parameters
    ----------
    entity : str
        `provider`, `patient` or `practitioner`.
    values : DataFrame
        One row per subject with a settlement in the window, index its id, sorted; one float64 column per feature.
    attributes : DataFrame
        What the register says of each subject.
    peers : Peers
        Comparison with peers.
    """

    entity: Entity
    values: pd.DataFrame
    attributes: pd.DataFrame
    peers: Peers


@dataclass(frozen=True)
class Profiles:
    """All profiles of a month.

    Parameters
    ----------
    month : str
        The month they end with.
    months : tuple of str
        Months of the window that the store holds.
    providers, patients, practitioners : Profile
        By entity.
    """

    month: str
    months: tuple[str, ...]
    providers: Profile
    patients: Profile
    practitioners: Profile

    def of(self, entity: str) -> Profile:
        """Return the profile of an entity by its name."""
        return {"provider": self.providers, "patient": self.patients, "practitioner": self.practitioners}[entity]


def window_months_of(store: ClaimsStore, month: str, window_months: int) -> tuple[str, ...]:
    """Return the store's months in the window that ends with the month.

    Raises
    ------
    InputError
        The month is not in the store.
    """
    known = store.months()
    if month not in known:
        got = f"not in the store; it holds {', '.join(known)}"
        raise InputError.of(f"month '{month}'", "of the claims store", got, "ingest it, or name a month it holds")
    return tuple(each for each in known if 0 <= months_between(each, month) < window_months)


def build_profiles(
    store: ClaimsStore,
    month: str,
    engine: Engine,
    *,
    window_months: int = 6,
    facts_folder: Path | None = None,
    min_peers: int = MIN_PEERS,
) -> Profiles:
    """Build the profiles of a month from facts; nothing settled later is looked at.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    month : str
        `YYYY-MM`, the last month of the window.
    engine : Engine
        Where the SQL runs.
    window_months : int, default 6
        Length of the window in months.
    facts_folder : Path, optional
        Where facts are kept for the next run; none are kept when None.
    min_peers : int, default 20
        Smallest peer group.

    Raises
    ------
    InputError
        The month is not in the store.
    """
    months = window_months_of(store, month, window_months)
    before = engine.tables
    with tempfile.TemporaryDirectory() as scratch:
        ensure_facts(store, engine, months, facts_folder or Path(scratch))
        create_window(engine, months)
        create_days(engine)
        create_expected(engine)
        create_grouped_stays(engine)
        create_secondary_diagnoses(engine)
        create_origins(engine)
        create_tiered_care(engine)
        create_dispensing(engine)
        create_practice(engine)
        create_boxes(engine)
        found = {entity: _subjects(store, engine, entity) for entity in PEER_COLUMNS}
    for table in sorted(engine.tables - before):  # their memory is wanted for the comparison
        engine.drop(table)
    built = {
        entity: Profile(entity, values, attributes, compare(values, _groups(attributes, entity, min_peers)))
        for entity, (attributes, values) in found.items()
    }
    return Profiles(month, months, built["provider"], built["patient"], built["practitioner"])


def _subjects(store: ClaimsStore, engine: Engine, entity: Entity) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the register says of every subject with a settlement, and its features."""
    attributes = engine.frame(_ATTRIBUTES[entity]).set_index(SUBJECT_ID[entity])
    if entity == "patient":
        if not store.has("persons", "chronic_condition_codes"):
            attributes["has_chronic_condition"] = None
        attributes["age_band"] = _age_band(attributes["age_years"])
    keys, columns = pd.Index(attributes.pop("subject_key")), list(features(entity))
    values = np.full((len(columns), len(keys)), np.nan)  # as pandas keeps it, so that nothing is copied
    place = {name: row for row, name in enumerate(columns)}
    for relation, declared in _by_relation(entity).items():
        part = _values(store, engine, relation, declared)
        at = keys.get_indexer(part.pop("subject_key"))
        is_subject = at >= 0
        for name in part.columns:
            values[place[name], at[is_subject]] = part[name].to_numpy()[is_subject]
    return attributes, pd.DataFrame(values.T, index=attributes.index, columns=columns, copy=False)


def _groups(attributes: pd.DataFrame, entity: Entity, min_peers: int) -> pd.Series:
    if "is_team_identifier" not in attributes:
        return peer_groups(attributes, PEER_COLUMNS[entity], min_peers)
    # Identifiers of teams have a group of their own, however small: no professional is measured by a team.
    is_team = attributes["is_team_identifier"].astype(bool)
    alone = peer_groups(attributes[~is_team], PEER_COLUMNS[entity], min_peers)
    return alone.reindex(attributes.index, fill_value="team")


def _age_band(years: pd.Series) -> pd.Series:
    bands: Sequence[float] = (-1, 17, 44, 59, 74, 200)
    labels = ["0–17", "18–44", "45–59", "60–74", "75+"]
    return pd.cut(years.astype("float64"), bins=bands, labels=labels).astype(object).where(years.notna(), "unknown")


def _by_relation(entity: Entity) -> dict[str, list[Feature]]:
    """Features by the relation they read, so that each relation is read once, whatever families it serves."""
    found: dict[str, list[Feature]] = {}
    for family in families(entity):
        found.setdefault(family.relation, []).extend(
            replace(feature, needs=(*family.needs, *feature.needs)) for feature in family.features
        )
    return found


def _values(store: ClaimsStore, engine: Engine, relation: str, declared: Sequence[Feature]) -> pd.DataFrame:
    """Return the key of every subject of a relation, and the features whose needs the store meets."""
    known = [feature for feature in declared if _known(store, feature.needs)]
    if not known:
        return pd.DataFrame({"subject_key": []})
    sql = aggregate(relation, known)
    for name, (column, share) in _QUANTILES.items():
        sql = sql.replace(f"{{{name}}}", engine.dialect.quantile(column, share))
    return engine.frame(sql)


def _known(store: ClaimsStore, needs: Sequence[str]) -> bool:
    return all(store.has(*need.split(".")) for need in needs)
