"""The registers behind the claims: persons, providers, practitioners and reference tables, in contract form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.care.bills import NONE
from experiments.synthetic.care.drg import payment_methods
from experiments.synthetic.randomness import opaque_ids, uniform
from experiments.synthetic.register import Register
from experiments.synthetic.world.agreements import last_days
from experiments.synthetic.world.limits import (
    NUMBERS,
    WORDS,
    exclusive_pairs,
    item_versions,
    packages,
    regional_ceilings,
    second_line,
)
from experiments.synthetic.world.people import CATEGORIES, CONDITIONS, INSURANCE, NEVER
from experiments.synthetic.world.places import CEILING_FACTORS

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

_QUANTITIES = ("max_daily_quantity", "max_fill_quantity")
_IMAGING = {
    **dict.fromkeys(("ct", "ct_whole", "ct_part"), "ct"),
    **dict.fromkeys(("mri", "mri_lumbar"), "mri"),
    **dict.fromkeys(("xray", "ultrasound"), "other"),
}
_EXPIRING = 0.08  # share of licences with an end on record
_NO_NUMBER = 0.01  # other papers than an identity card
_SHARED_PHONE = 0.06  # a child or an old parent gives the household's number


def persons_table(
    world: World, who: Identity, household: npt.NDArray[np.int64], register: Register | None = None
) -> pa.Table:
    """One row per insured person, as registered."""
    people, epoch, register = world.people, world.calendar.epoch, register or Register()
    female, born = people.female.copy(), -people.age_days
    female[sorted(register.wrong_sex)] ^= True
    born[list(register.birth_shift)] += np.array(list(register.birth_shift.values()), np.int64)
    n = len(people)
    every = np.arange(n)
    unread = uniform(every, world.seed, "identity number") < _NO_NUMBER
    region = world.geography.regions["region_code"].tolist()
    names = [
        "|".join(name for name, has in zip(CONDITIONS, row, strict=True) if has) or None
        for row in people.conditions.tolist()
    ]
    phone = np.where(uniform(every, world.seed, "phone") < _SHARED_PHONE, household + n, every)
    dead = people.death_day != NEVER
    table = pa.table(
        {
            "person_id": pa.array(who.persons, pa.string()),
            "gender": arrow.codes(("male", "female"), female.astype(np.int64)),
            "birth_date": arrow.days(born, epoch),
            "id_gender": arrow.codes(("male", "female"), np.where(unread, NONE, people.female.astype(np.int64))),
            "id_birth_date": arrow.days(-people.age_days, epoch, unread),
            "death_date": arrow.days(np.where(dead, people.death_day, 0), epoch, ~dead),
            "insurance_type": arrow.codes(INSURANCE, people.insurance),
            "person_category": arrow.codes(CATEGORIES, people.category),
            "home_region_code": arrow.codes(region, world.geography.townships["region"].to_numpy()[people.township]),
            "township_code": arrow.codes(world.geography.townships["township_code"].tolist(), people.township),
            "phone_hash": opaque_ids(phone, world.seed, "phone", "h"),
            "address_hash": opaque_ids(household, world.seed, "address", "h"),
            "bank_account_hash": opaque_ids(every, world.seed, "bank", "h"),
            "chronic_condition_codes": pa.array(names, pa.string()),
        }
    )
    return table.sort_by("person_id")


def providers_table(world: World, who: Identity, register: Register | None = None) -> pa.Table:
    """One row per provider that is, or was, under agreement."""
    frame, epoch = world.places.providers, world.calendar.epoch
    last_day = last_days(world, (register or Register()).agreement_end)
    runs_on = last_day == NEVER
    region = world.geography.regions["region_code"].tolist()
    beds = frame["licensed_beds"].to_numpy()
    table = pa.table(
        {
            "provider_id": pa.array(who.providers, pa.string()),
            "provider_name": pa.array(frame["provider_name"].tolist(), pa.string()),
            "provider_type": pa.array(frame["provider_type"].tolist(), pa.string()),
            "provider_level": pa.array(frame["provider_level"].tolist(), pa.string()),
            "ownership": pa.array(frame["ownership"].tolist(), pa.string()),
            "region_code": arrow.codes(region, frame["region"].to_numpy()),
            "longitude": pa.array(frame["longitude"].to_numpy(float)),
            "latitude": pa.array(frame["latitude"].to_numpy(float)),
            "group_id": pa.array([name or None for name in frame["group_id"]], pa.string()),
            "licensed_beds": pa.array(beds, pa.int64(), mask=beds == 0),
            "specialty": pa.array([name or None for name in frame["specialty"]], pa.string()),
            "payment_method": pa.array(payment_methods(world).tolist(), pa.string()),
            "agreement_start_date": arrow.days(-frame["agreement_days_before"].to_numpy(), epoch),
            "agreement_end_date": arrow.days(np.where(runs_on, 0, last_day), epoch, runs_on),
        }
    )
    return table.sort_by("provider_id")


def practitioners_table(world: World, who: Identity, register: Register | None = None) -> pa.Table:
    """One row per practitioner, as registered; a pooled number stands for nobody and has neither title nor licence."""
    register = register or Register()
    frame, n_days = world.places.practitioners, world.calendar.n_days
    n, epoch = len(frame), world.calendar.epoch
    every = np.arange(n)
    # Some licences run out, long after the window; nobody works without one.
    expires = uniform(every, world.seed, "licence") < _EXPIRING
    last_day = n_days + 60 + (uniform(every, world.seed, "licence end") * 4 * 365).astype(np.int64)
    for practitioner, day in register.licence_end.items():
        expires[practitioner], last_day[practitioner] = True, day
    pooled = np.isin(every, sorted(register.pooled))
    specialty, title = (pa.array(frame[name].tolist(), pa.string(), mask=pooled) for name in ("specialty", "title"))
    table = pa.table(
        {
            "practitioner_id": pa.array(who.practitioners, pa.string()),
            "provider_id": arrow.codes(who.providers, frame["provider"].to_numpy()),
            "specialty": specialty,
            "title": title,
            "is_team_identifier": pa.array(frame["is_team"].to_numpy(bool) | np.isin(every, sorted(register.teams))),
            "person_id": arrow.codes(who.persons, np.where(pooled, NONE, frame["person"].to_numpy())),
            "licence_start_date": arrow.days(-frame["licence_years_before"].to_numpy() * 365, epoch, pooled),
            "licence_end_date": arrow.days(last_day, epoch, ~expires | pooled),
            "can_prescribe": pa.array((frame["role"] == "doctor").to_numpy()),
        }
    )
    return table.sort_by("practitioner_id")


def items_table(world: World) -> pa.Table:
    """One row per item and version, with its limits."""
    versions = item_versions(world.catalogue)
    items = world.catalogue.items.iloc[versions["item"].to_numpy()].reset_index(drop=True)
    cents = items["price_cents"].to_numpy() * versions["ceiling_factor"].to_numpy()
    sold = items["item_type"].isin(["western_drug", "chinese_patent_drug", "herbal"]).to_numpy()
    ceilings = {
        f"price_ceiling_{name}_amount": arrow.decimals(
            np.rint(cents * factor).astype(np.int64) * 10_000, 16, 6, (~sold) & (name == "pharmacy")
        )
        for name, factor in CEILING_FACTORS.items()
    }
    daily = versions["max_daily_quantity"].to_numpy(float)
    minutes = items["standard_minutes"].to_numpy(float)
    priors = second_line(world.catalogue)
    code = world.catalogue.items["item_code"].tolist()
    prior = ["|".join(code[p] for p in priors.get(item, ())) or None for item in versions["item"].tolist()]
    return pa.table(
        {
            "item_code": pa.array(items["item_code"].tolist(), pa.string()),
            "valid_from_date": pa.array(versions["valid_from"].tolist(), pa.date32()),
            "valid_to_date": pa.array(versions["valid_to"].tolist(), pa.date32()),
            "item_name": pa.array(items["item_name"].tolist(), pa.string()),
            "generic_code": pa.array(items["generic_code"].tolist(), pa.string()),
            **ceilings,
            "max_daily_quantity": _quantities(daily),
            "max_daily_quantity_scope": pa.array([None if np.isnan(v) else "day" for v in daily], pa.string()),
            "max_fill_quantity": _quantities(versions["max_fill_quantity"].to_numpy(float)),
            **{name: _whole(versions[name]) for name in NUMBERS if name not in _QUANTITIES},
            **{name: _words(versions[name]) for name in (*WORDS, "herbal_use", "is_controlled")},
            "is_internet_allowed": _flags(versions["is_internet_allowed"], absent=True),
            "requires_prior_item_codes": pa.array(prior, pa.string()),
            "standard_minutes": pa.array(minutes, mask=np.isnan(minutes)),
            "is_sentinel_drug": pa.array(items["is_sentinel"].to_numpy(bool)),
            "is_dual_channel": pa.array(items["is_dual_channel"].to_numpy(bool)),
            "is_brand": pa.array(items["is_brand"].to_numpy(bool)),
            "is_hourly": _flags(versions["is_hourly"], absent=False),
            "is_surgery": pa.array((items["group"] == "surgery").to_numpy()),
            "imaging_kind": pa.array([_IMAGING.get(name) for name in items["group"]], pa.string()),
            "units_per_pack": _quantities(items["units_per_pack"].to_numpy(float)),
        }
    )


def _quantities(values: npt.NDArray[np.float64]) -> pa.Array:
    return arrow.decimals(np.nan_to_num(values).astype(np.int64) * 10_000, 16, 4, np.isnan(values))


def _whole(values: pd.Series) -> pa.Array:
    return arrow.integers(np.nan_to_num(values.to_numpy(float), nan=-1).astype(np.int64))


def _words(values: pd.Series) -> pa.Array:
    return pa.array([v if isinstance(v, str) else None for v in values], pa.string())


def _flags(values: pd.Series, *, absent: bool) -> pa.Array:
    return pa.array([absent if not isinstance(v, str) else v == "yes" for v in values], pa.bool_())


def pairs_table(world: World) -> pa.Table:
    """One row per pair of items of which only the first may be billed."""
    pairs = exclusive_pairs(world.catalogue)
    code = world.catalogue.items["item_code"].tolist()
    return pa.table(
        {
            "item_code": arrow.codes(code, pairs["item"].to_numpy()),
            "excluded_item_code": arrow.codes(code, pairs["excluded"].to_numpy()),
            "scope": pa.array(pairs["scope"].tolist(), pa.string()),
            "modifier_allowed": pa.array(pairs["modifier_allowed"].tolist(), pa.bool_()),
            "valid_from_date": pa.array(pairs["valid_from"].tolist(), pa.date32()),
            "valid_to_date": pa.array([None] * len(pairs), pa.date32()),
        }
    )


def packages_table(world: World) -> pa.Table:
    """One row per package item and part of it."""
    parts = packages(world.catalogue)
    code = world.catalogue.items["item_code"].tolist()
    return pa.table(
        {
            "package_item_code": arrow.codes(code, parts["package"].to_numpy()),
            "component_item_code": arrow.codes(code, parts["component"].to_numpy()),
            "min_components": pa.array(parts["min_components"].tolist(), pa.int64()),
        }
    )


def prices_table(world: World) -> pa.Table:
    """One row per item, region, level and version of a regional price ceiling."""
    prices = regional_ceilings(world.catalogue, world.geography)
    return pa.table(
        {
            "item_code": arrow.codes(world.catalogue.items["item_code"].tolist(), prices["item"].to_numpy()),
            "region_code": arrow.codes(world.geography.regions["region_code"].tolist(), prices["region"].to_numpy()),
            "provider_level": pa.array(prices["level"].tolist(), pa.string()),
            "valid_from_date": pa.array(prices["valid_from"].tolist(), pa.date32()),
            "valid_to_date": pa.array(prices["valid_to"].tolist(), pa.date32()),
            "price_ceiling_amount": arrow.decimals(prices["cents"].to_numpy() * 10_000, 16, 6),
        }
    )


def regions_table(world: World) -> pa.Table:
    """One row per region, with the prefecture and the province above them."""
    regions = world.geography.regions
    seat, capital = regions.iloc[0], regions.iloc[world.geography.capital]
    above = pd.DataFrame(
        [
            (seat["parent_code"], "本市", capital["parent_code"], seat["longitude"], seat["latitude"]),
            (capital["parent_code"], "本省", None, capital["longitude"], capital["latitude"]),
        ],
        columns=list(regions.columns),
    )
    table = pa.Table.from_pandas(pd.concat([regions, above]), preserve_index=False).replace_schema_metadata(None)
    return table.sort_by("region_code")


def holidays_table(world: World) -> pa.Table:
    """One row per public holiday of the window."""
    frame = world.calendar.holidays()
    return pa.table(
        {"date": pa.array(frame["date"].tolist(), pa.date32()), "name": pa.array(frame["name"].tolist(), pa.string())}
    )
