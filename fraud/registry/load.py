"""Reading a version's files into a model: the Booster's text and the card's JSON, and no other format."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import ToolkitError
from features.outside import first_line, parse_json
from fraud.registry.artifacts import CARD_FILE, MODEL_FILE
from fraud.registry.records import LoadedModel
from fraud.registry.trees import read_trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.registry.database import Version

_HINT = "restore the workspace's mlartifacts folder from a backup, or train again"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Platt(_Strict):
    slope: float
    intercept: float


class _Blend(_Strict):
    amount: str
    margin_mean: float
    margin_sd: float = Field(gt=0)
    log_amount_mean: float
    log_amount_sd: float = Field(gt=0)


class _Card(_Strict):
    """What scoring and comparing read of a card; a card holds more."""

    model_config = ConfigDict(extra="ignore")

    mode: Literal["labelled", "positive_unlabelled"]
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    window_months: int = Field(ge=1, le=600)
    as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    features: list[str] | None = None
    platt: _Platt | None = None
    blend: _Blend | None = None


def read_model(entity: str, version: Version, content: Mapping[str, bytes]) -> LoadedModel:
    """Read a version's files, whoever wrote them.

    Raises
    ------
    ToolkitError
        One of them is nothing that the registry writes.
    """
    card, text = _read_card(version, content[CARD_FILE])
    try:
        booster = read_trees(content[MODEL_FILE])
    except ValueError as error:
        raise ToolkitError(f"file '{MODEL_FILE}' of model {version}: {first_line(error)}. Hint: {_HINT}") from error
    digest = hashlib.sha256((booster.model_to_string() + text).encode()).hexdigest()
    return LoadedModel(entity, version.number, booster, card, digest)


def _read_card(version: Version, content: bytes) -> tuple[dict[str, Any], str]:
    what = f"file '{CARD_FILE}' of model {version}"
    try:
        text = content.decode()
        card = parse_json(text, f"file '{CARD_FILE}'", f"of model {version}", _HINT)
        _Card.model_validate(card)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise ToolkitError(f"{what}: {place}: {first['msg']}. Hint: {_HINT}") from error
    except UnicodeDecodeError as error:
        raise ToolkitError(f"{what}: not UTF-8. Hint: {_HINT}") from error
    return card, text
