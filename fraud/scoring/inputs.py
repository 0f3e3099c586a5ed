"""What a run reads, as its manifest names it: digests of claims, labels, models, declarations."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from features.catalogue import features
from features.claims import TABLES
from features.vocabulary.entities import PROFILED
from fraud.runs.manifest import ClaimsRead, LabelsKnown, ModelUsed, RelationCount, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from features.claims import ClaimsStore
    from features.vocabulary.entities import Entity, ScoredEntity
    from fraud.registry.records import LoadedModel
    from fraud.rules import Rule


def claims_fingerprint(store: ClaimsStore, months: Sequence[str]) -> ClaimsRead:
    """Digests of what a run reads of the store, its months and registers as known in the last of them, and counts.

    Labels count by what was known on the day of the run, so that later ones do not make an old run unrepeatable.
    """
    tables = [name for name, table in TABLES.items() if not table.has_month and name != "labels"]
    counts = store.relations(months).items()
    return ClaimsRead(
        months={month: store.month_digest(month) for month in months},
        registers=store.dimension_digest(*tables, month=max(months)),
        relations={name: RelationCount(checked=checked, failing=failing) for name, (checked, failing) in counts},
    )


def labels_known(labels: Mapping[Entity, pd.DataFrame]) -> dict[str, LabelsKnown]:
    """Count and digest of the labels of each entity, as `fraud.labels.labels_as_of` returns them."""
    return {entity: LabelsKnown(known=len(own), sha256=frame_digest(own)) for entity, own in labels.items()}


def models_used(models: Mapping[ScoredEntity, LoadedModel | None]) -> dict[str, ModelUsed | None]:
    """Name, version, digest and mode of the model of each entity; None where there is none."""
    return {
        entity: None
        if model is None
        else ModelUsed(name=model.name, version=model.version, sha256=model.digest, mode=model.card["mode"])
        for entity, model in models.items()
    }


def catalogue_digests(rules: Sequence[Rule]) -> dict[str, str]:
    """Digests of what is declared: input columns, output columns, features, rules.

    Declarations are frozen dataclasses of plain values, so that their text is what they say.
    """
    declared = {f"{entity}.{name}": feature for entity in PROFILED for name, feature in features(entity).items()}
    return {
        "columns": digest_of(files("features.claims").joinpath("columns.csv").read_bytes()),
        "outputs": digest_of(files("fraud.runs").joinpath("outputs.csv").read_bytes()),
        "features": digest_of("\n".join(repr(declared[name]) for name in sorted(declared))),
        "rules": digest_of("\n".join(sorted(repr(rule) for rule in rules))),
    }


def frame_digest(frame: pd.DataFrame) -> str:
    """Digest of a frame with its index, as CSV.

    Examples
    --------
    >>> import pandas as pd
    >>> frame_digest(pd.DataFrame({"n": [1]}, index=["P1"]))[:12]
    '1efa07f6df88'
    """
    return digest_of(frame.to_csv(date_format="%Y-%m-%d"))
