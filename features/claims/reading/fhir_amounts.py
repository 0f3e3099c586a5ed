"""Amounts in FHIR claims, by what CMS, CARIN or FHIR calls them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from features.claims.reading.fhir_values import amount_of, codes_of, objects_of, variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What an amount is called, the surest name first: variables of CMS (Blue Button, BCDA, Synthea), then the categories of
# CARIN for Blue Button (C4BBAdjudication) and of FHIR itself. https://bluebutton.cms.gov/resources/variables/<name>
AMOUNTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "submitted": (
            *("nch_carr_clm_sbmtd_chrg_amt", "clm_tot_chrg_amt", "totalCost"),
            *("line_sbmtd_chrg_amt", "rev_cntr_tot_chrg_amt", "tot_rx_cst_amt", "submitted", "drugcost"),
        ),
        "allowed": ("nch_carr_clm_alowd_amt", "line_alowd_chrg_amt", "eligible", "allowed"),
        "paid": (
            *("line_nch_pmt_amt", "line_prvdr_pmt_amt", "rev_cntr_pmt_amt_amt", "cvrd_d_plan_pd_amt"),
            *("benefit", "paidtoprovider"),
        ),
        "deductible": (
            *("carr_clm_cash_ddctbl_apld_amt", "nch_bene_ip_ddctbl_amt", "nch_bene_ptb_ddctbl_amt", "deductible"),
        ),
        "patient_paid": ("ptnt_pay_amt", "paidbypatient"),
    }
)
ITEM_AMOUNTS = ("submitted", "allowed", "paid", "patient_paid")


def header_amounts(claim: dict[str, Any]) -> dict[str, str]:
    """Amounts of a whole claim, by name: extensions and balances of Blue Button, totals, the total cost of STU3."""
    named = [("totalCost", amount_of(claim.get("totalCost")))]
    for extension in objects_of(claim.get("extension")):
        amount = amount_of(extension.get("valueMoney")) or amount_of(extension.get("valueQuantity"))
        named.append((variable(str(extension.get("url"))), amount))
    for balance in objects_of(claim.get("benefitBalance")):
        named += categories(balance.get("financial"), "type", ("usedMoney", "usedQuantity")).items()
    named += categories(claim.get("total"), "category", ("amount",)).items()
    found: dict[str, str] = {}
    for name, amount in named:
        if amount is not None:
            found.setdefault(name, amount)
    return found


def categories(entries: object, of: str, values: tuple[str, ...]) -> dict[str, str]:
    """Amounts by what they are called; where CMS names one, the wider category beside the name does not count."""
    found: dict[str, str] = {}
    for entry in objects_of(entries):
        amount = next((text for value in values if (text := amount_of(entry.get(value)))), None)
        names = [code for code, _ in codes_of(entry.get(of))]
        exact = [variable(name) for name in names if "/variables/" in name]
        for name in exact or names:
            if amount is not None:
                found.setdefault(name, amount)
    return found


def item_sums(items: Iterable[Mapping[str, str | None]]) -> dict[str, str | None]:
    """Sum what items say, exactly; null where none says it, or one of them says no number."""
    sums: dict[str, str | None] = {}
    rows = list(items)
    for name in ITEM_AMOUNTS:
        given = [amount for row in rows if (amount := row[name]) is not None]
        try:
            sums[f"items_{name}"] = format(sum(map(Decimal, given), Decimal(0)), "f") if given else None
        except InvalidOperation:
            sums[f"items_{name}"] = None
    return sums


def first_of(amounts: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Amount of the first name that has one."""
    return next((amounts[name] for name in names if name in amounts), None)
