"""Identifiers under which many practitioners work: a team's by the register, "unknown doctor" by what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import LANGUAGES, Text
from fraud.scoring.sentences import in_unit, phrases

if TYPE_CHECKING:
    import pandas as pd

    from features.build import Profile


def shared_identifiers(profile: Profile, pooled: pd.DataFrame) -> dict[str, Text]:
    """Say of each identifier under which many work how that is known; what it does says more than the register.

    Parameters
    ----------
    profile : Profile
        Of practitioners; the register says which identifiers are a team's.
    pooled : DataFrame
        From `fraud.rules.pooled_identifiers`.

    Returns
    -------
    dict of str to Text
        Sentence by identifier, of subjects of the profile alone.
    """
    register = profile.attributes["is_team_identifier"].astype(bool)
    told = {str(team): Text(*(phrases()[each]["team"] for each in LANGUAGES)) for team in register.index[register]}
    for row in pooled.loc[pooled.index.isin(register.index)].itertuples():
        told[str(row.Index)] = Text(*(_say(row, each) for each in LANGUAGES))
    return told


def _say(row: object, language: str) -> str:
    words = phrases()[language]
    times, departments, is_nobody = (getattr(row, name) for name in ("times_the_mean", "n_departments", "is_nobody"))
    said: str = words["pooled"].format(
        times=in_unit(float(times), "ratio", language),
        departments=f"{int(departments):,}",
        nobody=words["nobody"] if is_nobody else "",
    )
    return said
