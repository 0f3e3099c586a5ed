"""Who is champion: what the audit log said last, which MLflow's alias follows.

A change is one line of the audit log; writing it is the change. The alias and the tags come after it, and where a job
was killed in between, the next one that writes to the registry brings them up to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.errors import InputError, ToolkitError
from features.outside import parse_json
from fraud.registry.database import reading
from fraud.registry.recorded import Move, read_recorded
from fraud.registry.records import model_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.registry.database import Registry
    from fraud.workspace import Workspace

CHAMPION = "champion"
_HISTORY = "champion_history"
_RESTORE = "restore mlflow.db from a backup"


def champion_number(registry: Registry | None, entity: str, moves: Sequence[Move]) -> int | None:
    """Version of the champion, or None where nobody was ever made champion.

    Raises
    ------
    ToolkitError
        The alias is not where the audit log says, nor where it was before the last change.
    """
    name = model_name(entity)
    pointed = None if registry is None else registry.aliases(name).get(CHAMPION)
    if not moves:
        if pointed is not None:
            hint = f"if it is to be, `fraud promote {pointed} --entity {entity} --reason TEXT`"
            got = f"the audit log does not record that version {pointed} was promoted"
            raise ToolkitError(f"champion of {name}: {got}. Hint: {hint}")
        return None
    last, before = moves[-1].version, moves[-2].version if len(moves) > 1 else None
    if registry is None or pointed not in {last, before}:
        there = "is not there" if registry is None else f"says {pointed or 'nobody'}"
        hint = f"{_RESTORE}, or `fraud promote` the version that is to be champion; --model none scores without"
        raise ToolkitError(f"champion of {name}: the audit log says {last}, the registry {there}. Hint: {hint}")
    return last


def champion_history(registry: Registry, entity: str, moves: Sequence[Move]) -> tuple[int, ...]:
    """Champions so far, oldest first, each once.

    Raises
    ------
    ToolkitError
        The tag that holds them is no list of versions.
    """
    name = model_name(entity)
    text = registry.model_tag(name, _HISTORY) or "[]"
    try:
        tagged = parse_json(text, f"tag '{_HISTORY}'", f"of {name}", _RESTORE)
    except InputError as error:
        raise ToolkitError(str(error)) from error
    if not isinstance(tagged, list) or any(type(number) is not int or number < 1 for number in tagged):
        raise ToolkitError(f"tag '{_HISTORY}' of {name}: no list of versions. Hint: {_RESTORE}")
    return moves[-1].history if moves else tuple(tagged)


def apply_move(client: Any, name: str, move: Move) -> None:
    """Bring MLflow's alias and tag up to a change that is recorded; doing it twice does no harm."""
    client.set_registered_model_alias(name, CHAMPION, str(move.version))
    client.set_registered_model_tag(name, _HISTORY, str(list(move.history)))


def unsettled_move(workspace: Workspace, entity: str) -> Move | None:
    """Return the last change of champion where its job was killed after recording it, or None."""
    moves = read_recorded(workspace, entity).moves()
    if not moves:
        return None
    with reading(workspace) as registry:
        if registry is None:
            return None
        state = registry.aliases(model_name(entity)).get(CHAMPION), registry.model_tag(model_name(entity), _HISTORY)
        is_there = moves[-1].version in registry.numbers(model_name(entity))
    before = moves[-2].version if len(moves) > 1 else None
    wanted = (moves[-1].version, str(list(moves[-1].history)))
    # Anything else was not left by a killed job, and is refused where the champion is used.
    is_behind = is_there and state != wanted and state[0] in {before, moves[-1].version}
    return moves[-1] if is_behind else None


def settle_champion(workspace: Workspace, client: Any, entity: str) -> None:
    """Finish a change of champion whose job was killed after recording it."""
    move = unsettled_move(workspace, entity)
    if move is not None:
        apply_move(client, model_name(entity), move)
