"""Subjects of a month: providers, patients and practitioners, what registers say of them, and their peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.pathways import pathway_sql
from features.peers.groups import peer_groups
from features.vocabulary.entities import ID_COLUMNS, Entity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.claims import ClaimsStore
    from features.engine import Engine

# From coarse to fine; what is missing in a source is skipped, what makes groups too small is dropped from the end.
PEER_COLUMNS: dict[Entity, tuple[str, ...]] = {
    "provider": ("provider_type", "provider_level", "specialty", "region_code", "payment_method"),
    "patient": ("age_band", "gender", "has_chronic_condition", "insurance_type"),
    "practitioner": ("specialty", "provider_type", "provider_level"),
}
# The pathway that most of a person's visits are of: two of them, or a stay, since one may be a suspicion or a slip.
_PATHWAYS = f"""
    select person_key, care_pathway from (
      select person_key, care_pathway,
        row_number() over (partition by person_key order by count(*) desc, care_pathway) as place
      from (select person_key, is_inpatient, {pathway_sql("diagnosis_group")} as care_pathway from visits) v
      where care_pathway is not null group by person_key, care_pathway
      having count(*) >= 2 or max(case when is_inpatient then 1 else 0 end) = 1
    ) p where place = 1
"""
SUBJECTS: dict[Entity, str] = {
    "provider": """
        select m.provider_key as subject_key, c.provider_id, o.provider_name, o.provider_type, o.provider_level,
          o.ownership, o.region_code, o.specialty, o.group_id, o.payment_method, o.licensed_beds,
          o.longitude, o.latitude
        from (select distinct provider_key from money) m
        join codes_provider c on c.provider_key = m.provider_key
        left join providers o on o.provider_key = m.provider_key order by 2
    """,
    "patient": f"""
        select m.person_key as subject_key, c.person_id, p.gender, p.insurance_type, p.person_category,
          p.home_region_code, p.township_code,
          cast(floor(cast(m.age_days as double) * 4 / 1461) as double) as age_years,
          case when p.chronic_condition_codes is null then 'no' else 'yes' end as has_chronic_condition,
          w.care_pathway
        from (select person_key, max(age_days) as age_days from (
            select person_key, null as age_days from money union all select person_key, age_days from visits
          ) a group by person_key) m
        join codes_person c on c.person_key = m.person_key
        left join persons p on p.person_key = m.person_key
        left join ({_PATHWAYS}) w on w.person_key = m.person_key order by 2
    """,
    "practitioner": """
        select m.practitioner_key as subject_key, c.practitioner_id, r.specialty, r.title,
          coalesce(r.is_team_identifier, false) as is_team_identifier,
          o.provider_type, o.provider_level, o.region_code, o.group_id, p.provider_id
        from (select distinct practitioner_key from practice_visits) m
        join codes_practitioner c on c.practitioner_key = m.practitioner_key
        left join practitioners r on r.practitioner_key = m.practitioner_key
        left join providers o on o.provider_key = r.provider_key
        left join codes_provider p on p.provider_key = r.provider_key order by 2
    """,
}


class Subjects:
    """The subjects of an entity, and their values as one query after another brings them.

    Parameters
    ----------
    store : ClaimsStore
        Says what the registers know.
    engine : Engine
        With the tables that the entity's statement in `SUBJECTS` reads.
    entity : str
        Whose profiles they are.
    columns : sequence of str
        Features.

    Attributes
    ----------
    attributes : DataFrame
        One row per subject with a settlement in the window, index its id, sorted: what the register says.
    """

    def __init__(self, store: ClaimsStore, engine: Engine, entity: Entity, columns: Sequence[str]) -> None:
        attributes = engine.frame(SUBJECTS[entity]).set_index(ID_COLUMNS[entity])
        if entity == "patient":
            if not store.has("persons", "chronic_condition_codes"):
                attributes["has_chronic_condition"] = None
            attributes["age_band"] = _age_band(attributes["age_years"])
        self._entity = entity
        self._keys = pd.Index(attributes.pop("subject_key"))
        self._place = {name: row for row, name in enumerate(columns)}
        # One row per feature, as pandas keeps it, so that nothing is copied.
        self._values = np.full((len(self._place), len(self._keys)), np.nan)
        self.attributes = attributes

    def fill(self, found: pd.DataFrame) -> None:
        """Put features where they belong, by `subject_key`; who has no settlement in the window is no subject."""
        at = self._keys.get_indexer(found["subject_key"])
        is_subject = at >= 0
        for name in found.columns.drop("subject_key"):
            self._values[self._place[name], at[is_subject]] = found[name].to_numpy()[is_subject]

    def values(self) -> pd.DataFrame:
        """Return one row per subject and one float64 column per feature."""
        return pd.DataFrame(self._values.T, index=self.attributes.index, columns=list(self._place), copy=False)

    def groups(self, min_peers: int) -> pd.Series:
        """Return the peer group of each, of at least `min_peers` subjects where it is not `all`."""
        columns = PEER_COLUMNS[self._entity]
        if self._entity == "patient":
            # Who is treated by schedule is measured by those treated alike, and the others by one another.
            scheduled = self.attributes["care_pathway"].notna()
            own = peer_groups(self.attributes[scheduled], ("care_pathway", *columns), min_peers)
            return pd.concat([own, peer_groups(self.attributes[~scheduled], columns, min_peers)]).loc[
                self.attributes.index
            ]
        if self._entity != "practitioner":
            return peer_groups(self.attributes, columns, min_peers)
        # Identifiers of teams have a group of their own, however small: no professional is measured by a team.
        is_team = self.attributes["is_team_identifier"].astype(bool)
        alone = peer_groups(self.attributes[~is_team], columns, min_peers)
        return alone.reindex(self.attributes.index, fill_value="team")


def owners(attributes: pd.DataFrame) -> pd.Series:
    """Return the owner of each subject: the `group_id` that the register knows, else the subject itself.

    Examples
    --------
    >>> owners(pd.DataFrame({"group_id": ["G1", "", None]}, index=["H1", "H2", "H3"])).tolist()
    ['G1', 'H2', 'H3']
    """
    own = attributes.index.to_series()
    if "group_id" not in attributes.columns:
        return own
    group = attributes["group_id"].astype(object)
    return group.where(group.notna() & (group != ""), own)


def _age_band(years: pd.Series) -> pd.Series:
    bands: Sequence[float] = (-1, 17, 44, 59, 74, 200)
    labels = ["0–17", "18–44", "45–59", "60–74", "75+"]
    return pd.cut(years.astype("float64"), bins=bands, labels=labels).astype(object).where(years.notna(), "unknown")
