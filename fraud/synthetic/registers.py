"""The registers behind the claims: persons, providers, practitioners and reference tables, in contract form."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from fraud.synthetic import arrow
from fraud.synthetic.people import CATEGORIES, CONDITIONS, INSURANCE, NEVER
from fraud.synthetic.places import CEILING_FACTORS
from fraud.synthetic.randomness import opaque_ids, uniform

if TYPE_CHECKING:
    import numpy.typing as npt

    from fraud.synthetic.identity import Identity
    from fraud.synthetic.world import World

_SHARED_PHONE = 0.06  # a child or an old parent gives the household's number


def persons_table(world: World, who: Identity, household: npt.NDArray[np.int64]) -> pa.Table:
    """One row per insured person."""
    people, epoch = world.people, world.calendar.epoch
    n = len(people)
    every = np.arange(n)
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
            "gender": arrow.codes(("male", "female"), people.female.astype(np.int64)),
            "birth_date": arrow.days(-people.age_days, epoch),
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


def providers_table(world: World, who: Identity) -> pa.Table:
    """One row per provider under agreement."""
    frame, epoch = world.places.providers, world.calendar.epoch
    region = world.geography.regions["region_code"].tolist()
    beds = frame["licensed_beds"].to_numpy()
    payment = np.where(frame["provider_type"] == "hospital", "drg", "fee_for_service")
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
            "payment_method": pa.array(payment.tolist(), pa.string()),
            "agreement_start_date": arrow.days(-frame["agreement_days_before"].to_numpy(), epoch),
        }
    )
    return table.sort_by("provider_id")


def practitioners_table(world: World, who: Identity) -> pa.Table:
    """One row per practitioner."""
    frame = world.places.practitioners
    n = len(frame)
    table = pa.table(
        {
            "practitioner_id": pa.array(who.practitioners, pa.string()),
            "provider_id": arrow.codes(who.providers, frame["provider"].to_numpy()),
            "specialty": pa.array(frame["specialty"].tolist(), pa.string()),
            "title": pa.array(frame["title"].tolist(), pa.string()),
            "is_team_identifier": pa.array(np.zeros(n, bool)),
            "licence_start_date": arrow.days(-frame["licence_years_before"].to_numpy() * 365, world.calendar.epoch),
            "can_prescribe": pa.array((frame["role"] == "doctor").to_numpy()),
        }
    )
    return table.sort_by("practitioner_id")


def items_table(world: World) -> pa.Table:
    """One row per item in force, with its limits."""
    items = world.catalogue.items
    n = len(items)
    cents = items["price_cents"].to_numpy()
    drug = items["item_type"].isin(["western_drug", "chinese_patent_drug"]).to_numpy()
    ceilings = {
        f"price_ceiling_{name}_amount": arrow.decimals(
            np.rint(cents * factor).astype(np.int64) * 10_000, 16, 6, (~drug) & (name == "pharmacy")
        )
        for name, factor in CEILING_FACTORS.items()
    }
    limit, minutes, pack = (
        items[c].to_numpy(float) for c in ("max_daily_quantity", "standard_minutes", "units_per_pack")
    )
    imaging = {"ct": "ct", "mri": "mri", "xray": "other", "ultrasound": "other"}
    return pa.table(
        {
            "item_code": pa.array(items["item_code"].tolist(), pa.string()),
            "valid_from_date": pa.array([date(2024, 1, 1)] * n, pa.date32()),
            "item_name": pa.array(items["item_name"].tolist(), pa.string()),
            "generic_code": pa.array(items["generic_code"].tolist(), pa.string()),
            **ceilings,
            "max_daily_quantity": arrow.decimals(
                np.nan_to_num(limit).astype(np.int64) * 10_000, 16, 4, np.isnan(limit)
            ),
            "max_daily_quantity_scope": pa.array([None if np.isnan(v) else "day" for v in limit], pa.string()),
            "standard_minutes": pa.array(minutes, mask=np.isnan(minutes)),
            "is_sentinel_drug": pa.array(items["is_sentinel"].to_numpy(bool)),
            "is_surgery": pa.array((items["group"] == "surgery").to_numpy()),
            "imaging_kind": pa.array([imaging.get(name) for name in items["group"]], pa.string()),
            "units_per_pack": arrow.decimals(np.nan_to_num(pack).astype(np.int64) * 10_000, 16, 4, np.isnan(pack)),
        }
    )


def pairs_table(world: World) -> pa.Table:
    """One row per pair of items of which only the first may be billed."""
    return pa.Table.from_pandas(world.catalogue.exclusive_pairs(), preserve_index=False).replace_schema_metadata(None)


def regions_table(world: World) -> pa.Table:
    """One row per region."""
    return pa.Table.from_pandas(world.geography.regions, preserve_index=False).replace_schema_metadata(None)


def holidays_table(world: World) -> pa.Table:
    """One row per public holiday of the window."""
    frame = world.calendar.holidays()
    return pa.table(
        {"date": pa.array(frame["date"].tolist(), pa.date32()), "name": pa.array(frame["name"].tolist(), pa.string())}
    )


def drg_groups_table(world: World) -> pa.Table:
    """One row per DRG group."""
    dx = world.catalogue.diagnoses
    rows = [
        ("drg", "2026", f"{code}{suffix}", round(weight * factor, 4), float(days))
        for code, weight, days in zip(dx["drg_code"], dx["drg_weight"], dx["mean_days"], strict=True)
        for suffix, factor in (("M", 1.0), ("S", 1.5))
        if weight > 0
    ]
    names = ("system", "version", "group_code", "weight", "expected_days")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
