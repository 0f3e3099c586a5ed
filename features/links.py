"""Links: which person went to which provider; rings are found from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES

if TYPE_CHECKING:
    import pandas as pd

    from features.engine import Engine


@dataclass(frozen=True)
class Links:
    """Links of a window of months.

    Parameters
    ----------
    edges : DataFrame
        One row per person and provider: `person_id`, `provider_id`, `n_settlements`, `amount` (paid and unpaid, minor
        units), `first_date`, `last_date`.
    persons : DataFrame
        One row per person with an edge: `person_id`, `area` (township, else region of residence, else region of the
        provider used most; where that provider lies outside the home prefecture, its region: who lives elsewhere goes
        to the few places there), `disease_class` (first registered chronic disease, else `none`).
    providers : DataFrame
        One row per provider with an edge: `provider_id`, `kind` (issuer or pharmacy), `type`, `area`, `group_id`,
        `longitude`, `latitude`.
    """

    edges: pd.DataFrame
    persons: pd.DataFrame
    providers: pd.DataFrame


def person_provider_links(engine: Engine) -> Links:
    """Read the links of the months attached to an engine; reversed settlements link nobody.

    Parameters
    ----------
    engine : Engine
        With the store attached.
    """
    engine.create_table(
        "link_edges",
        """
        select person_key, provider_key, count(*) as n_settlements, cast(sum(total_amount) as bigint) as amount,
          min(cast(settle_time as date)) as first_date, max(cast(settle_time as date)) as last_date
        from effective_settlements group by person_key, provider_key
        """,
    )
    edges = engine.frame(
        """
        select p.person_id, o.provider_id, e.n_settlements, e.amount, e.first_date, e.last_date
        from link_edges e join codes_person p on p.person_key = e.person_key
        join codes_provider o on o.provider_key = e.provider_key
        order by 1, 2
        """
    )
    persons = engine.frame(
        """
        with ranked as (
          select e.person_key, o.region_code,
            row_number() over (partition by e.person_key order by e.n_settlements desc, c.provider_id) as place
          from link_edges e join codes_provider c on c.provider_key = e.provider_key
          left join providers o on o.provider_key = e.provider_key
        )
        select c.person_id,
          case when substr(r.region_code, 1, 4) <> substr(p.home_region_code, 1, 4) then r.region_code
            else coalesce(p.township_code, p.home_region_code, r.region_code, 'unknown') end as area,
          coalesce(nullif(split_part(p.chronic_condition_codes, '|', 1), ''), 'none') as disease_class
        from ranked r join codes_person c on c.person_key = r.person_key
        left join persons p on p.person_key = r.person_key
        where r.place = 1 order by 1
        """
    )
    providers = engine.frame(
        f"""
        select c.provider_id,
          case when o.provider_type in {quoted_list(PHARMACIES)} then 'pharmacy' else 'issuer' end as kind,
          o.provider_type as type, coalesce(o.region_code, 'unknown') as area, o.group_id, o.longitude, o.latitude
        from (select distinct provider_key from link_edges) e
        join codes_provider c on c.provider_key = e.provider_key
        left join providers o on o.provider_key = e.provider_key order by 1
        """
    )
    return Links(edges, persons, providers)
