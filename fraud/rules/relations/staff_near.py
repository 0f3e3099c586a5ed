"""A provider's own staff, and who lives or is reached with them."""

from __future__ import annotations

# A phone or address that more people share is a front desk's, a village's or a block's, and no household.
_LARGEST_HOUSEHOLD = 10


def near_staff(providers: str) -> str:
    """Return CTEs `staff`, practitioners of some providers as persons, `households` and `near`: staff and theirs.

    Parameters
    ----------
    providers : str
        Name of a relation with the providers wanted, in `provider_key`.

    Returns
    -------
    str
        `staff` and `near` have `provider_key` and `person_key`; who works at two providers is of both.
    """
    return f"""
        staff as (
          select distinct d.provider_key, p.person_key, p.phone_hash, p.address_hash
          from sound_practitioners d join sound_persons p on p.person_key = d.person_key
          where d.provider_key in (select provider_key from {providers})
        ), households as (
          select kind, hash, unnest(people) as person_key from (
            select 'p' as kind, phone_hash as hash, list(person_key) as people from persons
            where phone_hash in (select phone_hash from staff) group by phone_hash
            having count(*) <= {_LARGEST_HOUSEHOLD}
            union all
            select 'a', address_hash, list(person_key) from persons
            where address_hash in (select address_hash from staff) group by address_hash
            having count(*) <= {_LARGEST_HOUSEHOLD}
          ) h
        ), near as (
          select provider_key, person_key from staff
          union
          select s.provider_key, h.person_key from staff s join households h on h.kind = 'p' and h.hash = s.phone_hash
          union
          select s.provider_key, h.person_key from staff s join households h on h.kind = 'a' and h.hash = s.address_hash
        )"""
