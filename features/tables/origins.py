"""Tables about where patients come from, and with whom they share a telephone number, an address or an account."""

from __future__ import annotations

from features.declare import Table

# A telephone number, address or account of more insured persons is a dummy, a home or a barracks.
_LARGEST_GROUP = 60
# A degree of latitude is 111.2 km long.
_METRES = """
case when p.longitude is not null and p.latitude is not null and o.longitude is not null and o.latitude is not null
  then cast(round(sqrt(power((p.latitude - o.latitude) * 111200, 2)
    + power((p.longitude - o.longitude) * cos(radians(o.latitude)) * 111200, 2))) as bigint) end
"""


def _key(column: str, alias: str) -> str:
    """Least key of those who share a column, where somebody has it."""
    return f"case when p.{column} is not null and {alias}.n <= {_LARGEST_GROUP} then {alias}.least_key end"


def _shared(column: str, alias: str) -> str:
    return (
        f"left join (select {column}, min(person_key) as least_key, count(*) as n from persons "
        f"where {column} is not null group by {column}) {alias} on {alias}.{column} = p.{column}"
    )


CONTACTS = Table(
    "contacts",
    "One row per person, with the least key of those on record under the same telephone number, address and bank "
    "account, missing where the register has none or far too many share it; and how many share each.",
    f"""
    select p.person_key, {_key("phone_hash", "phone")} as phone_key, {_key("address_hash", "address")}
      as address_key, {_key("bank_account_hash", "account")} as account_key,
      phone.n as n_of_phone, address.n as n_of_address, account.n as n_of_bank_account
    from persons p
    {_shared("phone_hash", "phone")} {_shared("address_hash", "address")} {_shared("bank_account_hash", "account")}
    """,
)
PATIENT_ORIGINS = Table(
    "patient_origins",
    "One row per provider and person with visits, with whole metres from home to provider (the township's place where "
    "known, else the region's), and the keys of contacts.",
    f"""
    select pp.provider_key, pp.person_key, pp.total_amount, c.phone_key, c.address_key, c.account_key,
      {_METRES} as metres
    from provider_people pp
    join (
      select q.person_key, coalesce(t.longitude, h.longitude) as longitude,
        coalesce(t.latitude, h.latitude) as latitude
      from persons q left join ref_regions t on t.region_code = q.township_code
      left join ref_regions h on h.region_code = q.home_region_code
    ) p on p.person_key = pp.person_key
    join contacts c on c.person_key = pp.person_key
    left join providers o on o.provider_key = pp.provider_key
    """,
)
VISITS_DURING_STAYS = Table(
    "visits_during_stays",
    "One row per visit on a day that the person spent in a bed of another provider, ordered leaves excepted.",
    """
    select distinct v.settlement_key, v.provider_key
    from visits v
    join stays s on s.person_key = v.person_key and s.admit_date < v.day and s.discharge_date > v.day
      and s.provider_key <> v.provider_key
    where not v.is_inpatient and not exists (
      select 1 from stay_leaves a
      where a.settlement_key = s.settlement_key and a.start_date <= v.day and a.end_date >= v.day
    )
    """,
)
