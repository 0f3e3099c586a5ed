"""Who went where, as sorted arrays: patients, providers, strata and margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from features.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ISSUER, PHARMACY = 0, 1


class Incidence(NamedTuple):
    """Arrays of one bipartite graph, nodes numbered in the order of their ids.

    Edges are distinct pairs of patient and provider. `patient_start`/`patient_providers` list the providers of each
    patient, `provider_start`/`provider_patients` the patients of each provider, both ascending. `margin_*` list, for
    each provider, the strata its patients come from, the largest first. `local_*` list the providers of each cell of
    area × type.
    """

    patient_start: NDArray[np.int64]
    patient_providers: NDArray[np.int32]
    provider_start: NDArray[np.int64]
    provider_patients: NDArray[np.int32]
    kind: NDArray[np.int8]
    group: NDArray[np.int32]
    cell: NDArray[np.int32]
    cell_start: NDArray[np.int64]
    cell_providers: NDArray[np.int32]
    stratum: NDArray[np.int32]
    degree: NDArray[np.int32]
    margin_start: NDArray[np.int64]
    margin_stratum: NDArray[np.int32]
    margin_count: NDArray[np.int64]
    total: NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """The arrays, and the ids, places and money that belong to their numbers.

    Attributes
    ----------
    graph : Incidence
        Arrays for counting.
    person_ids, provider_ids : arrays of str
        Ids in ascending order; a node's number is its position.
    edges : DataFrame
        One row per patient and provider, in the order of `graph.patient_providers`; amounts in minor units.
    providers : DataFrame
        One row per provider, in the order of `provider_ids`.
    """

    graph: Incidence
    person_ids: NDArray[np.object_]
    provider_ids: NDArray[np.object_]
    edges: pd.DataFrame
    providers: pd.DataFrame


def _starts(codes: NDArray[Any], size: int) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=size)))).astype(np.int64)


def _codes(values: pd.Series) -> NDArray[np.int32]:
    """Give distinct values numbers in ascending order; each missing value is a value of its own."""
    text = values.astype("string")
    own = pd.Series([f"\x00{position}" for position in range(len(text))], index=text.index, dtype="string")
    codes, _ = pd.factorize(text.fillna(own).astype(object), sort=True)
    return np.asarray(codes, dtype=np.int32)


def build_incidence(
    patient: NDArray[Any], provider: NDArray[Any], base: Incidence | None = None, **nodes: Any
) -> Incidence:
    """Sort edges into arrays and count their margins.

    Parameters
    ----------
    patient, provider : arrays of int
        Node numbers of each edge, distinct pairs, any order.
    base : Incidence, optional
        A graph whose nodes to take (decoys change edges only).
    **nodes
        `kind`, `group`, `cell` of the providers and `stratum` of the patients, when there is no base.
    """
    kind, group, cell, stratum = (
        (base.kind, base.group, base.cell, base.stratum)
        if base is not None
        else (nodes["kind"], nodes["group"], nodes["cell"], nodes["stratum"])
    )
    n_patients, n_providers = len(stratum), len(kind)
    n_strata = int(stratum.max()) + 1 if n_patients else 0
    order = np.lexsort((provider, patient))
    patient, provider = patient[order], provider[order]
    by_provider = np.argsort(provider, kind="stable")
    edge_stratum = stratum[patient].astype(np.int64)
    pairs, counts = np.unique(provider.astype(np.int64) * max(n_strata, 1) + edge_stratum, return_counts=True)
    owner, home = pairs // max(n_strata, 1), pairs % max(n_strata, 1)
    largest_first = np.lexsort((home, -counts, owner))
    owner, home, counts = owner[largest_first], home[largest_first], counts[largest_first]
    degree = np.zeros((n_patients, 2), dtype=np.int32)
    np.add.at(degree, (patient, kind[provider]), 1)
    total = np.zeros((2, n_strata), dtype=np.int64)
    np.add.at(total, (kind[owner], home), counts)
    n_cells = int(cell.max()) + 1 if n_providers else 0
    return Incidence(
        patient_start=_starts(patient, n_patients),
        patient_providers=provider.astype(np.int32),
        provider_start=_starts(provider, n_providers),
        provider_patients=patient[by_provider].astype(np.int32),
        kind=kind,
        group=group,
        cell=cell,
        cell_start=_starts(cell, n_cells),
        cell_providers=np.argsort(cell, kind="stable").astype(np.int32),
        stratum=stratum,
        degree=degree,
        margin_start=_starts(owner, n_providers),
        margin_stratum=home.astype(np.int32),
        margin_count=counts.astype(np.int64),
        total=total,
    )


def _one_row_each(frame: pd.DataFrame, key: str, table: str) -> pd.DataFrame:
    repeated = frame[key].duplicated()
    if repeated.any():
        first = frame.loc[repeated, key].iloc[0]
        raise InputError.of(f"links table '{table}'", f"column {key}", f"'{first}' stands twice", "give one row each")
    return frame.set_index(key)


def build_network(edges: pd.DataFrame, persons: pd.DataFrame, providers: pd.DataFrame) -> Network:
    """Turn link tables into arrays; the order of their rows does not matter.

    Parameters
    ----------
    edges : DataFrame
        One row per person and provider: person_id, provider_id, n_settlements, amount (minor units), first_date,
        last_date.
    persons : DataFrame
        One row per person: person_id, area, disease_class. Area × disease class is the stratum within which providers
        compete.
    providers : DataFrame
        One row per provider: provider_id, kind (`pharmacy`, all else issues), area, group_id.

    Raises
    ------
    InputError
        A person or provider of an edge is described nowhere, or twice; or a pair has two rows.
    """
    described = {"person_id": persons, "provider_id": providers}
    tables, ids, codes = {}, {}, {}
    for key, frame in described.items():
        codes[key], names = pd.factorize(edges[key].astype(object), sort=True)
        indexed = _one_row_each(frame, key, key.removesuffix("_id") + "s")
        known = indexed.index.get_indexer(pd.Index(names, dtype=indexed.index.dtype))
        if (known < 0).any():
            n_missing = int((known < 0).sum())
            raise InputError.of(
                "links table 'edges'", f"column {key}", f"{n_missing} described nowhere", "describe them"
            )
        tables[key], ids[key] = indexed.iloc[known].reset_index(), np.asarray(names, dtype=object)
    order = np.lexsort((codes["provider_id"], codes["person_id"]))
    edges = edges.iloc[order].reset_index(drop=True)
    codes = {key: code[order] for key, code in codes.items()}
    repeated = (np.diff(codes["person_id"]) == 0) & (np.diff(codes["provider_id"]) == 0)
    if repeated.any():
        provider = ids["provider_id"][codes["provider_id"][np.flatnonzero(repeated)[0]]]
        raise InputError.of(
            "links table 'edges'",
            "columns person_id, provider_id",
            f"provider '{provider}' has two rows for one person",
            "give one row per person and provider",
        )
    persons, providers = tables["person_id"], tables["provider_id"]
    area = persons["area"].astype("string").fillna("?")
    disease = persons["disease_class"].astype("string").fillna("none")
    kind = (providers["kind"].astype("string") == "pharmacy").fillna(value=False).to_numpy(dtype=np.int8)
    place = providers["area"].astype("string").fillna("?") + "\x00" + pd.Series(kind).astype("string")
    graph = build_incidence(
        codes["person_id"],
        codes["provider_id"],
        kind=kind,
        group=_codes(providers["group_id"]),
        cell=_codes(place),
        stratum=_codes(area + "\x00" + disease),
    )
    return Network(graph, ids["person_id"], ids["provider_id"], edges, providers)
