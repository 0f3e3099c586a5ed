"""How a model is made of rows: mode, trees, and the choice of columns that is made anew wherever one is fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fraud.models.columns import choose_columns
from fraud.models.trained import TrainedModel, fit_model

if TYPE_CHECKING:
    import pandas as pd

    from fraud.models.mode import Mode
    from fraud.models.supervised import BoosterParameters


@dataclass(frozen=True)
class Recipe:
    """How a model is made.

    Parameters
    ----------
    mode : str
        `labelled` or `positive_unlabelled`.
    seed : int
        Of trees and of the folds in which columns are chosen.
    parameters : BoosterParameters
        Size of the trees.
    column_counts : tuple of int
        Numbers of columns among which folds choose, beside all of them; without any, all are used.
    """

    mode: Mode
    seed: int
    parameters: BoosterParameters
    column_counts: tuple[int, ...] = ()

    def fit(self, values: pd.DataFrame, is_positive: pd.Series, groups: pd.Series) -> TrainedModel:
        """Choose columns and train on them.

        Parameters
        ----------
        values : DataFrame
            One row per row that teaches.
        is_positive : Series
            Nullable boolean, same index.
        groups : Series
            Group of each row, same index: the choice is made between groups too.
        """
        columns = list(values.columns)
        if self.column_counts:
            columns = choose_columns(self._fit, values, is_positive, groups, counts=self.column_counts, seed=self.seed)
        return self._fit(values, is_positive, columns)

    def _fit(self, values: pd.DataFrame, is_positive: pd.Series, columns: list[str]) -> TrainedModel:
        return fit_model(values, is_positive, self.mode, seed=self.seed, parameters=self.parameters, columns=columns)
