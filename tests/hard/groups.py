"""The groups of trials, in the order in which they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hard.attacks.models import model_attacks
from tests.hard.attacks.persons import person_attacks
from tests.hard.attacks.returned import returned_attacks
from tests.hard.attacks.state import state_attacks
from tests.hard.attacks.texts import text_attacks
from tests.hard.corruptions.draw import corruption_trials
from tests.hard.disks import disk_trials
from tests.hard.equal import equal_trials
from tests.hard.kills import kill_trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.hard.trial import Trial

GROUPS: dict[str, Callable[[int, float], list[Trial]]] = {
    "corruptions": lambda seed, share: corruption_trials(share, seed),
    "attacks": lambda _, __: attack_trials(),
    "disks": lambda _, __: disk_trials(),
    "equal": lambda _, __: equal_trials(),
    "kills": lambda seed, share: kill_trials(max(1, round(100 * share)), seed),
}


def attack_trials() -> list[Trial]:
    """Return every attack."""
    return [*model_attacks(), *person_attacks(), *text_attacks(), *state_attacks(), *returned_attacks()]


def all_trials(groups: Iterable[str], seed: int = 0, share: float = 1.0) -> list[Trial]:
    """Return the trials of some groups.

    Parameters
    ----------
    groups : iterable of str
        Of `GROUPS`.
    seed : int
        Of everything that is drawn.
    share : float
        Share of the corruptions and kills; the other groups are always whole.
    """
    return [trial for group in groups for trial in GROUPS[group](seed, share)]
