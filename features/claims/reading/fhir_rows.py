"""FHIR ExplanationOfBenefit and Patient resources, STU3 or R4, as rows of flat tables of texts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from features.claims.reading.fhir_amounts import AMOUNTS, ITEM_AMOUNTS, categories, first_of, header_amounts, item_sums
from features.claims.reading.fhir_values import (
    amount_of,
    code_of,
    codes_of,
    object_of,
    objects_of,
    text_of,
    variable,
    who,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = dict[str, str | None]

_OF_CLAIM = ("claim", "status", "type", "claim_start")
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "claims": (
            *("id", "number", "system", "claim_group", "status", "outcome", "use", "type", "last_updated", "replaces"),
            *("patient", "provider", "organization", "facility", "performer", "attending", "operating", "prescriber"),
            *("start_date", "end_date", "admitted", "discharged", "discharge_status", "drg", "frequency"),
            *("payment_date", "processed_date", "created"),
            *("submitted", "allowed", "paid", "deductible", "patient_paid"),
            *("items_submitted", "items_allowed", "items_paid", "items_patient_paid"),
        ),
        "items": (
            *_OF_CLAIM,
            *("sequence", "start_date", "revenue", "service", "service_system", "category", "modifiers"),
            *("quantity", "unit", "unit_price", "days_supply", "refill", "performer", "prescriber"),
            *("submitted", "allowed", "paid", "patient_paid"),
        ),
        "diagnoses": (*_OF_CLAIM, "sequence", "code", "role", "on_admission"),
        "procedures": (*_OF_CLAIM, "sequence", "code", "date"),
        "patients": ("id", "gender", "birth_date", "death_date", "state"),
    }
)


def flatten(resource: object) -> Iterator[tuple[str, Row]]:
    """Give the rows of a resource by part; other kinds of resources give none.

    Raises
    ------
    ValueError
        It is no resource, or a claim or patient without an id.
    """
    found = object_of(resource)
    kind = text_of(found.get("resourceType"))
    if kind is None:
        raise ValueError("no FHIR resource")
    if kind not in {"ExplanationOfBenefit", "Patient"}:
        return
    if text_of(found.get("id")) is None:
        raise ValueError(f"{kind} without an id")
    if kind == "Patient":
        yield "patients", _patient(found)
    else:
        yield from _claim(found)


def _patient(patient: dict[str, Any]) -> Row:
    address = next(iter(objects_of(patient.get("address"))), {})
    return {
        "id": text_of(patient["id"]),
        "gender": text_of(patient.get("gender")),
        "birth_date": text_of(patient.get("birthDate")),
        "death_date": text_of(patient.get("deceasedDateTime")),
        "state": text_of(address.get("state")),
    }


def _claim(claim: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    team = _team(claim)
    info = _info(claim)
    type_ = "".join(f"|{code}" for of in ("type", "subType") for code, _ in codes_of(claim.get(of))) + "|"
    start = text_of(object_of(claim.get("billablePeriod")).get("start"))
    of_claim: Row = {"claim": text_of(claim["id"]), "status": text_of(claim.get("status")), "type": type_}
    of_claim["claim_start"] = start
    items = [of_claim | _item(item, team, info, type_) for item in objects_of(claim.get("item"))]
    yield "claims", _header(claim, team, info) | {"type": type_} | item_sums(items)
    yield from (("items", item) for item in items)
    for diagnosis in objects_of(claim.get("diagnosis")):
        code = code_of(diagnosis.get("diagnosisCodeableConcept"))
        if code is not None:
            role = "".join(f"|{name}" for each in objects_of(diagnosis.get("type")) for name, _ in codes_of(each)) + "|"
            row = {"sequence": text_of(diagnosis.get("sequence")), "code": code, "role": role}
            yield "diagnoses", of_claim | row | {"on_admission": code_of(diagnosis.get("onAdmission"))}
    for procedure in objects_of(claim.get("procedure")):
        code = code_of(procedure.get("procedureCodeableConcept"))
        if code is not None:
            row = {"sequence": text_of(procedure.get("sequence")), "code": code, "date": text_of(procedure.get("date"))}
            yield "procedures", of_claim | row


def _header(claim: dict[str, Any], team: list[_Member], info: Mapping[str, Mapping[str, Any]]) -> Row:
    period, payment = object_of(claim.get("billablePeriod")), object_of(claim.get("payment"))
    stay = object_of(claim.get("hospitalization")) or object_of(_named(info, "admissionperiod").get("timingPeriod"))
    identifiers = list(objects_of(claim.get("identifier")))
    own = next((i for i in identifiers if not str(i.get("system")).endswith("claim-group")), {})
    group = next((i for i in identifiers if str(i.get("system")).endswith("claim-group")), {})
    package = next((code for d in objects_of(claim.get("diagnosis")) if (code := code_of(d.get("packageCode")))), None)
    amounts = header_amounts(claim)
    found = {name: first_of(amounts, names) for name, names in AMOUNTS.items()}
    linked = {number for item in objects_of(claim.get("item")) for number in _links(item)}
    unlinked = [member for member in team if member.sequence not in linked]
    return {
        "id": text_of(claim["id"]),
        "number": text_of(own.get("value")),
        "system": text_of(own.get("system")),
        "claim_group": text_of(group.get("value")),
        **{name: text_of(claim.get(name)) for name in ("status", "outcome", "use", "created")},
        "last_updated": text_of(object_of(claim.get("meta")).get("lastUpdated")),
        "replaces": _prior(claim),
        **{name: who(claim.get(name), claim) for name in ("patient", "provider", "organization", "facility")},
        "performer": _member(team, ("performing", "rendering", "primary", "supervisor")),
        "attending": _member(team, ("attending",)) or _member(unlinked, ("primary",)),
        "operating": _member(team, ("operating", "assist")),
        "prescriber": _member(team, ("prescribing", "primary")),
        "start_date": text_of(period.get("start")),
        "end_date": text_of(period.get("end")),
        "admitted": text_of(stay.get("start")),
        "discharged": text_of(stay.get("end")),
        "discharge_status": code_of(_named(info, "ptnt_dschrg_stus_cd", "discharge-status").get("code")),
        "drg": code_of(_named(info, "clm_drg_cd", "drg").get("code")) or package,
        "frequency": code_of(_named(info, "clm_freq_cd", "typeofbill").get("code")),
        "payment_date": text_of(payment.get("date")),
        "processed_date": text_of(_named(info, "nch_wkly_proc_dt", "clmrecvddate").get("timingDate")),
        **found,
        "paid": amount_of(payment.get("amount")) or found["paid"],
    }


def _item(item: dict[str, Any], team: list[_Member], info: Mapping[str, Any], of_type: str) -> Row:
    service = codes_of(item.get("productOrService") or item.get("service"))
    quantity = object_of(item.get("quantity"))
    counted = {
        variable(str(e.get("url"))): amount_of(e.get("valueQuantity")) for e in objects_of(quantity.get("extension"))
    }
    given = {name: amount_of(_named(info, name).get("valueQuantity")) for name in ("dayssupply", "refillnum")}
    start = item.get("servicedDate") or object_of(item.get("servicedPeriod")).get("start")
    is_sale = "|pharmacy|" in of_type
    performers = [] if is_sale else [member for member in team if member.sequence in _links(item)]
    amounts = categories(item.get("adjudication"), "category", ("amount",))
    return {
        "sequence": text_of(item.get("sequence")),
        "start_date": text_of(start),
        "revenue": code_of(item.get("revenue")),
        "service": service[0][0] if service else None,
        "service_system": service[0][1] if service else None,
        "category": code_of(item.get("category")),
        "modifiers": ",".join(code for each in objects_of(item.get("modifier")) if (code := code_of(each))) or None,
        "quantity": amount_of(quantity),
        "unit": text_of(quantity.get("unit")),
        "unit_price": amount_of(item.get("unitPrice")),
        "days_supply": counted.get("days_suply_num") or given["dayssupply"],
        "refill": counted.get("fill_num") or given["refillnum"],
        "performer": _member(performers, ("performing", "rendering", "primary")),
        "prescriber": _member(team, ("prescribing", "ordering", "primary" if is_sale else "referring")),
        **{name: first_of(amounts, AMOUNTS[name]) for name in ITEM_AMOUNTS},
        "submitted": first_of(amounts, AMOUNTS["submitted"]) or amount_of(item.get("net")),
    }


class _Member:
    """One of a care team: its number, who it is, its roles."""

    def __init__(self, entry: dict[str, Any], claim: dict[str, Any]) -> None:
        self.sequence = text_of(entry.get("sequence"))
        self.who = who(entry.get("provider"), claim)
        self.roles = {code for code, _ in codes_of(entry.get("role"))}


def _team(claim: dict[str, Any]) -> list[_Member]:
    return [_Member(entry, claim) for entry in objects_of(claim.get("careTeam"))]


def _member(team: list[_Member], roles: tuple[str, ...]) -> str | None:
    """Who has the first of these roles that somebody has."""
    return next((each.who for role in roles for each in team if role in each.roles and each.who), None)


def _links(item: dict[str, Any]) -> set[str | None]:
    links = item.get("careTeamSequence") or item.get("careTeamLinkId")
    return {text_of(link) for link in links} if isinstance(links, list) else set()


def _info(claim: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in objects_of(claim.get("supportingInfo") or claim.get("information")):
        for code, _ in codes_of(entry.get("category")):
            found.setdefault(variable(code), entry)
    return found


def _named(info: Mapping[str, Mapping[str, Any]], *names: str) -> Mapping[str, Any]:
    return next((info[name] for name in names if name in info), {})


def _prior(claim: dict[str, Any]) -> str | None:
    """Id of the claim that this one takes the place of."""
    for related in objects_of(claim.get("related")):
        if "prior" in {code for code, _ in codes_of(related.get("relationship"))}:
            return who(related.get("claim"), claim) or text_of(object_of(related.get("reference")).get("value"))
    return None
