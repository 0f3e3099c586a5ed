"""The models that score a month: each entity's, as the registry hands it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.entities import SCORED
from fraud.registry.versions import load_model
from fraud.scoring.request import NO_MODEL

if TYPE_CHECKING:
    from features.vocabulary.entities import ScoredEntity
    from fraud.registry.records import LoadedModel
    from fraud.scoring.request import MonthRequest
    from fraud.workspace import Workspace


def load_models(workspace: Workspace, asked: MonthRequest) -> dict[ScoredEntity, LoadedModel | None]:
    """Load the model of each entity; None where none is wanted or the alias points at nothing.

    Raises
    ------
    InputError
        A version is not in the registry, or a model learned from profiles of another window.
    """
    return {entity: _load(workspace, entity, asked) for entity in SCORED}


def _load(workspace: Workspace, entity: ScoredEntity, asked: MonthRequest) -> LoadedModel | None:
    alias = asked.models[entity]
    model = None if alias == NO_MODEL else load_model(workspace, entity, alias)
    if model is not None:
        own = model.window_months
        hint = f"score with --window-months {own}, train again, or score with --model {NO_MODEL}"
        model.check_window(asked.window_months, "this run", hint)
    return model
