"""What a training leaves behind, and what the registry hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.errors import InputError
from features.vocabulary.entities import SCORED
from fraud.pseudonyms import TRACKING, Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Mapping

    import lightgbm

    from fraud.workspace import Workspace


def model_name(entity: str) -> str:
    """Name of the registered model of an entity."""
    if entity not in SCORED:
        raise InputError.unknown_name("entity", "of a model", entity, SCORED)
    return f"fraud-{entity}"


@dataclass(frozen=True)
class LoadedModel:
    """A model as the registry hands it out.

    Parameters
    ----------
    entity : str
        `provider` or `patient`.
    version : int
        Version in the registry.
    booster : Booster
        LightGBM's trees.
    card : mapping
        Mode, features, calibration or blend, training month, window, `as_of`, label counts.
    digest : str
        SHA-256 of trees and card: equal models, equal digest.
    """

    entity: str
    version: int
    booster: lightgbm.Booster
    card: Mapping[str, Any]
    digest: str

    @property
    def name(self) -> str:
        """How a manifest names it: registered name and version."""
        return f"{model_name(self.entity)}/{self.version}"

    @property
    def window_months(self) -> int:
        """Months that the profiles looked back from which it learned."""
        return int(self.card["window_months"])

    def check_window(self, window_months: int, whose: str, hint: str) -> None:
        """Refuse profiles of another window than the model learned from: their features mean something else.

        Parameters
        ----------
        window_months : int
            Months that the profiles look back.
        whose : str
            Whose profiles they are, such as `this run`.
        hint : str
            What the reader can do.

        Raises
        ------
        InputError
            The windows differ.

        Examples
        --------
        >>> model = LoadedModel("provider", 3, None, {"window_months": 12}, "")
        >>> model.check_window(12, "this run", "train again")
        >>> model.check_window(6, "this run", "train again")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        features.errors.InputError: model fraud-provider/3 of the registry: looks back 12 months, this run 6. Hint: ...
        """
        if window_months != self.window_months:
            got = f"looks back {self.window_months} months, {whose} {window_months}"
            raise InputError.of(f"model {self.name}", "of the registry", got, hint)


@dataclass(frozen=True)
class RunRecord:
    """What one training leaves behind; never a person's row.

    Parameters
    ----------
    entity : str
        `provider` or `patient`.
    booster : Booster
        The model.
    card : mapping
        As in `LoadedModel`; JSON values only.
    parameters : mapping
        Named values of the training.
    metrics : mapping
        Numbers; an interval is two of them, `_low` and `_high`.
    fingerprint : mapping
        What the training saw: store snapshot, month, counts, digests.
    tables : mapping of str to DataFrame
        Written as Parquet; provider rows under keyed ids (`keyed_ids`), of patients aggregates only.
    pictures : mapping of str to bytes
        PNG files.
    """

    entity: str
    booster: lightgbm.Booster
    card: Mapping[str, Any]
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    fingerprint: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def keyed_ids(workspace: Workspace, ids: pd.Index) -> pd.Index:
    """Replace identifiers by the workspace's pseudonyms for tracking, which no review pack shares."""
    names = Pseudonyms(workspace)
    return pd.Index([names.of(str(name), TRACKING) for name in ids], name="key")
