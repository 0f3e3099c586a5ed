"""Populations of one, and of nothing: by name, what is done to a small ordinary source."""

from __future__ import annotations

from tests.scoring.odd_months import MONTH, keep, only_pharmacies, put

Tables = dict[str, list[dict[str, str]]]


def one_provider(tables: Tables) -> None:
    keep(tables, lambda row: row["provider_id"] == "H0")
    del tables["providers"][1:]


def idle_second_provider(tables: Tables) -> None:
    keep(tables, lambda row: row["provider_id"] == "H0")
    del tables["providers"][2:]


def one_patient(tables: Tables) -> None:
    put(tables, "settlements", person_id="P0")
    del tables["persons"][1:]


def two_providers_and_one_patient(tables: Tables) -> None:
    one_patient(tables)
    keep(tables, lambda row: row["provider_id"] in {"H0", "H1"})


def one_of_each(tables: Tables) -> None:
    one_provider(tables)
    keep(tables, lambda row: row["settlement_id"] == "S0")
    del tables["claim_lines"][1:], tables["persons"][1:]
    put(tables, "settlements", attending_practitioner_id="D1")


def one_practitioner(tables: Tables) -> None:
    put(tables, "settlements", attending_practitioner_id="D1")
    tables["practitioners"] = [{"practitioner_id": "D1", "provider_id": "H0"}]


def one_pharmacy(tables: Tables) -> None:
    only_pharmacies(tables)
    put(tables, "settlements", provider_id="H2")
    tables["providers"] = [row for row in tables["providers"] if row["provider_id"] == "H2"]


def settlements_without_lines(tables: Tables) -> None:
    """None in the month: the source refuses to be without any, so another month has some."""
    first = tables["settlements"][0]
    first.update(settle_time="2026-02-05 09:00:00", service_start_date="2026-02-05", service_end_date="2026-02-05")
    tables["claim_lines"] = [row | {"fee_time": first["settle_time"]} for row in tables["claim_lines"][:3]]


def a_month_before_that_is_no_more(tables: Tables) -> None:
    """Erasing its only person takes the scored month away, and leaves another."""
    one_patient(tables)
    earlier = {"settle_time": "2026-02-05 09:00:00", "person_id": "P1"}
    days = dict.fromkeys(("service_start_date", "service_end_date"), "2026-02-05")
    tables["settlements"][0].update(earlier | days)
    tables["persons"].append({"person_id": "P1", "gender": "male", "birth_date": "1950-01-01"})


def nothing_at_all(tables: Tables) -> None:
    for name in ("settlements", "claim_lines"):
        tables[name] = [dict.fromkeys(tables[name][0], "")]


POPULATIONS = (
    one_provider,
    idle_second_provider,
    one_patient,
    two_providers_and_one_patient,
    one_of_each,
    one_practitioner,
    one_pharmacy,
    settlements_without_lines,
    a_month_before_that_is_no_more,
    nothing_at_all,
)
# Tried with every change; the others take ten seconds each.
QUICK = {nothing_at_all}
__all__ = ["MONTH", "POPULATIONS", "QUICK"]
