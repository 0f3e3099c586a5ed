"""Settings of one kind of training, as TOML files in `experiments/configs`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text
from fraud.models.recipe import Recipe
from fraud.models.supervised import BoosterParameters
from fraud.sections import Section, Seed, validated

if TYPE_CHECKING:
    from fraud.models.mode import Mode


class TrainConfig(Section):
    """What a training may vary; recorded with the model."""

    seed: Seed = 7
    window_months: int | None = Field(None, ge=1, le=60)
    # Without a file's word a training observes one month and looks at all columns.
    n_months: int = Field(1, ge=1, le=60)
    step_months: int | None = Field(None, ge=1, le=60)
    # From conduct to a known decision: a quarter of settling, choosing and reviewing. Our proposal.
    label_delay_months: int = Field(3, ge=0, le=60)
    n_folds: int = Field(5, ge=2, le=20)
    n_draws: int = Field(500, ge=50, le=100_000)
    review_budget: float | None = Field(None, gt=0, le=1)
    margin: float = Field(0.02, ge=0, le=1)
    min_fresh_labels: int = Field(20, ge=5, le=1_000_000)
    # TOML has lists and no tuples.
    leave_out: tuple[str, ...] = Field((), strict=False)
    column_counts: tuple[Annotated[int, Field(ge=2, le=10_000)], ...] = Field((), strict=False)
    n_trees: int = Field(350, ge=1, le=20_000)
    n_leaves: int = Field(8, ge=2, le=64)
    max_depth: int = Field(4, ge=1, le=8)
    learning_rate: float = Field(0.03, gt=0, le=1)
    min_leaf_subjects: int = Field(15, ge=1, le=1_000_000)
    feature_share: float = Field(0.4, gt=0, le=1)
    subject_share: float = Field(0.8, gt=0, le=1)
    l2: float = Field(5.0, ge=0, le=1e6)

    def recipe(self, mode: Mode, *, seed: int | None = None) -> Recipe:
        """Return how a model of a mode is made; another seed than its own puts two recipes in equal folds."""
        return Recipe(mode, self.seed if seed is None else seed, self.trees(), self.column_counts)

    def trees(self) -> BoosterParameters:
        """Return the size of the trees."""
        return BoosterParameters(
            n_trees=self.n_trees,
            n_leaves=self.n_leaves,
            max_depth=self.max_depth,
            learning_rate=self.learning_rate,
            min_leaf_subjects=self.min_leaf_subjects,
            feature_share=self.feature_share,
            subject_share=self.subject_share,
            l2=self.l2,
        )


def load_config(entity: str, path: Path | None = None) -> TrainConfig:
    """Read a training's settings; without a file, those shipped for the entity.

    Raises
    ------
    InputError
        The file cannot be read, or a key or value is not allowed.
    """
    place = Path(str(files("experiments").joinpath("configs", f"{entity}.toml"))) if path is None else path
    where, hint = plain_line(str(place)), "give a readable TOML file"
    data = parse_toml(read_text(place, "training settings in", hint), "training settings", f"in {where}", hint)
    for key in data:
        if key not in TrainConfig.model_fields:
            raise InputError.unknown_name("training setting", f"in {where}", plain_line(key), TrainConfig.model_fields)
    return validated(TrainConfig, data, "training setting", where, "see experiments/configs")
