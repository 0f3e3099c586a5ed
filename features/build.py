"""Profiles of a month: one row per subject, one column per feature, and where each stands among its peers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from features.catalogue import families, features
from features.declare import Feature, aggregate
from features.facts.keep import ensure_facts
from features.peers import MIN_PEERS
from features.peers.compare import Peers, compare
from features.peers.groups import least_known
from features.subjects import SUBJECTS, Subjects
from features.tables import profile_tables
from features.tables.schedule import schedule
from features.vocabulary.entities import PROFILED, Entity
from features.vocabulary.months import window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from features.claims import ClaimsStore
    from features.declare import Table
    from features.engine import Engine


@dataclass(frozen=True)
class Profile:
    """Profiles of one entity.

    Parameters
    ----------
    entity : str
        `provider`, `patient` or `practitioner`.
    features : DataFrame
        One row per subject with a settlement in the window, index its id, sorted; one float64 column per feature.
    attributes : DataFrame
        What the register says of each subject.
    compared : Peers or None
        Comparison with peers, where the profiles were built with it.
    """

    entity: Entity
    features: pd.DataFrame
    attributes: pd.DataFrame
    compared: Peers | None

    @property
    def peers(self) -> Peers:
        """Comparison with peers.

        Raises
        ------
        ValueError
            The profiles were built without it.
        """
        if self.compared is None:
            raise ValueError(f"profiles of {self.entity}: built without peers")
        return self.compared

    def of(self, subjects: pd.Index) -> Profile:
        """Return the profiles of some of the subjects, compared with all of their peers."""
        own = self.features.loc[subjects], self.attributes.loc[subjects]
        return Profile(self.entity, *own, None if self.compared is None else self.compared.of(subjects))


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


def build_profiles(
    store: ClaimsStore,
    month: str,
    engine: Engine,
    *,
    window_months: int = 6,
    facts_folder: Path | None = None,
    peers: bool = True,
    min_peers: int = MIN_PEERS,
    progress: Callable[[str], None] | None = None,
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
    peers : bool, default True
        Whether subjects are compared with their peers; a training has no use for it.
    min_peers : int, default 20
        Smallest peer group; half as many must have a value of a feature for it to be compared.
    progress : callable, optional
        Told of kept facts that were found damaged.

    Raises
    ------
    InputError
        The month is not in the store.
    """
    months = window(store.months(), month, window_months)
    found = _fill(store, engine, months, PROFILED, facts_folder=facts_folder, progress=progress)
    built = {}
    for entity, subjects in found.items():
        values = subjects.values()
        compared = compare(values, subjects.groups(min_peers), least_known(min_peers)) if peers else None
        built[entity] = Profile(entity, values, subjects.attributes, compared)
    return Profiles(month, months, built["provider"], built["patient"], built["practitioner"])


def build_profile(
    store: ClaimsStore,
    month: str,
    engine: Engine,
    entity: Entity,
    *,
    window_months: int = 6,
    facts_folder: Path | None = None,
) -> Profile:
    """Build the profiles of one entity, without peers, as a training needs them; parameters as of `build_profiles`."""
    months = window(store.months(), month, window_months)
    subjects = _fill(store, engine, months, (entity,), facts_folder=facts_folder)[entity]
    return Profile(entity, subjects.values(), subjects.attributes, None)


def _fill(
    store: ClaimsStore,
    engine: Engine,
    months: Sequence[str],
    entities: Sequence[Entity],
    *,
    facts_folder: Path | None,
    progress: Callable[[str], None] | None = None,
) -> dict[Entity, Subjects]:
    """Make facts and tables of the window, and fill the features of the entities."""
    queries: list[tuple[Entity, str, Sequence[Feature]]] = []
    for entity in entities:
        queries.append((entity, "", ()))
        queries.extend((entity, relation, declared) for relation, declared in _by_relation(entity).items())
    with tempfile.TemporaryDirectory() as scratch:
        ensure_facts(store, engine, months, facts_folder or Path(scratch), progress)
        found = _read(store, engine, profile_tables(engine.dialect, months), queries)
    engine.release()  # the comparison wants the memory of the tables
    return found


def _read(
    store: ClaimsStore,
    engine: Engine,
    tables: Iterable[Table],
    queries: Sequence[tuple[Entity, str, Sequence[Feature]]],
) -> dict[Entity, Subjects]:
    """Make each table for as long as it is read, and run the queries when theirs are there."""
    found: dict[Entity, Subjects] = {}
    for step in schedule(tables, [f"{SUBJECTS[entity]} {relation}" for entity, relation, _ in queries]):
        engine.create_table(step.table.name, step.table.sql)
        for entity, relation, declared in (queries[number] for number in step.queries):
            if not relation:
                found[entity] = Subjects(store, engine, entity, list(features(entity)))
            elif known := [feature for feature in declared if _is_known(store, feature.needs)]:
                found[entity].fill(engine.frame(aggregate(relation, known, engine.dialect)))
        for name in step.finished:
            engine.drop(name)
    return found


def _by_relation(entity: Entity) -> dict[str, list[Feature]]:
    """Features by the relation they read, so that each relation is read once, whatever families it serves."""
    found: dict[str, list[Feature]] = {}
    for family in families(entity):
        found.setdefault(family.relation, []).extend(
            replace(feature, needs=(*family.needs, *feature.needs)) for feature in family.features
        )
    return found


def _is_known(store: ClaimsStore, needs: Sequence[str]) -> bool:
    return all(store.has(*need.split(".")) for need in needs)
