"""All rules: ours, in the order in which they are shown, and the payer's own behind them."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line, read_text, refusing
from fraud.rules.load import load_rule
from fraud.rules.trial import try_out

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fraud.rules.declare import Rule
    from fraud.workspace import Workspace

LIBRARY_FOLDER = "fraud/rules/library"
# A rule is a page; a payer has dozens.
_MOST_BYTES, _MOST_FILES = 262_144, 500
# Its files, by family and code.
LIBRARY = (
    "exclusive_pair/duplicate_line",
    "actor/overlapping_stays",
    "actor/claim_during_stay",
    "data_integrity/service_after_death",
    "actor/practitioner_day",
    "limit_attribute/work_injury_drug",
    "limit_attribute/maternity_drug",
    "limit_attribute/item_insurance_limit",
    "limit_attribute/drug_care_mode",
    "limit_attribute/service_care_mode",
    "limit_attribute/drug_provider_level",
    "limit_attribute/service_above_level",
    "limit_attribute/internet_drug_scope",
    "limit_attribute/herbal_piece_excluded",
    "limit_attribute/herbal_piece_alone",
    "limit_attribute/herbal_piece_compound",
    "limit_indication/drug_indication",
    "limit_indication/second_line_drug",
    "limit_attribute/drug_for_other_sex",
    "limit_attribute/service_for_other_sex",
    "data_integrity/diagnosis_for_other_sex",
    "limit_attribute/child_drug_for_adult",
    "limit_attribute/adult_drug_for_child",
    "limit_attribute/child_service_for_adult",
    "limit_attribute/adult_service_for_child",
    "limit_attribute/item_age_limit",
    "price_ceiling/price_above_ceiling",
    "price_ceiling/pharmacy_price_above_ceiling",
    "data_integrity/amount_beyond_price",
    "limit_quantity/units_beyond_line",
    "data_integrity/service_after_discharge",
    "data_integrity/service_before_admission",
    "data_integrity/service_after_settlement",
    "data_integrity/hospital_service_at_pharmacy",
    "data_integrity/diagnosis_missing",
    "limit_attribute/third_party_injury_paid",
    "data_integrity/payments_beyond_bill",
    "limit_attribute/unfiled_out_of_area",
    "data_integrity/outside_agreement",
    "actor/licence_out_of_date",
    "actor/prescriber_without_right",
    "data_integrity/prescription_expired",
    "data_integrity/code_settled_again",
    "data_integrity/box_sold_elsewhere",
    "data_integrity/code_at_two_sellers",
    "data_integrity/purchases_resold",
    "data_integrity/drug_without_scan",
    "data_integrity/prescription_not_in_feed",
    "data_integrity/prescription_written_later",
    "data_integrity/prescriber_elsewhere",
    "actor/one_prescriber_shop",
    "actor/prescriber_for_one_shop",
    "limit_frequency/same_drug_daily",
    "price_ceiling/drug_price_jump",
    "actor/split_admission",
    "actor/swapped_diagnosis",
    "actor/held_bed",
    "actor/bed_days_beyond_stay",
    "actor/shared_bed",
    "actor/examination_stay",
    "actor/rotating_stays",
    "actor/beds_beyond_licence",
    "actor/holiday_admissions",
    "actor/many_providers_in_a_day",
    "actor/many_counties_in_a_day",
    "actor/person_in_two_places",
    "actor/double_enrolment",
    "actor/care_out_of_area",
    "actor/origin_wave",
    "actor/burnt_to_the_cap",
    "actor/long_practitioner_day",
    "actor/practitioner_in_hospital",
    "actor/practitioner_after_death",
    "actor/practitioner_in_two_places",
    "actor/implausible_panel",
    "actor/favoured_overrides",
    "actor/ghost_panel",
    "actor/card_bundling",
    "actor/equal_payments",
    "data_integrity/clone_claims",
    "data_integrity/stock_gap",
    "actor/staff_drugs",
    "indicator/drug_surge",
    "data_integrity/phantom_stays",
    "data_integrity/shifted_lines",
    "data_integrity/untreated_complication",
    "indicator/drug_share",
    "indicator/test_share",
    "indicator/consumable_share",
    "indicator/treatment_share",
    "indicator/ct_share",
    "indicator/mri_share",
    "indicator/infection_rate",
    "indicator/unplanned_readmissions",
    "indicator/self_pay_share",
    "indicator/out_of_scope_share",
    "indicator/top_severity_share",
    "indicator/ungroupable_rate",
    "indicator/free_stays",
    "indicator/volume_push",
    "indicator/item_concentration",
    "indicator/account_only_pharmacy",
    "indicator/round_account_payments",
    "actor/ignored_reminder",
    "limit_attribute/dual_channel_without_centre",
    "exclusive_pair/excluded_pair",
    "exclusive_pair/invoice_paid_twice",
    "exclusive_pair/package_taken_apart",
    "exclusive_pair/parts_beside_package",
    "exclusive_pair/repeated_bill",
    "exclusive_pair/repeated_soon",
    "exclusive_pair/two_insurances_paid",
    "limit_frequency/device_day",
    "limit_frequency/early_refills",
    "limit_frequency/imaging_repeated_elsewhere",
    "limit_frequency/interval_too_short",
    "limit_frequency/same_drug_many_sources",
    "limit_frequency/split_prescriptions",
    "limit_frequency/therapy_at_two_places",
    "limit_frequency/therapy_too_often",
    "limit_frequency/too_often",
    "limit_frequency/watched_drug_many_sources",
    "limit_quantity/dose_above_label",
    "limit_quantity/drug_course",
    "limit_quantity/drug_possession",
    "limit_quantity/fill_above_maximum",
    "limit_quantity/fills_at_limit",
    "limit_quantity/hours_of_stay",
    "limit_quantity/hours_per_day",
    "limit_quantity/nursing_days",
    "limit_quantity/service_course",
    "limit_quantity/special_drug_course",
    "limit_quantity/units_per_day",
    "price_ceiling/surgery_discount",
)


@cache
def library_rules() -> tuple[Rule, ...]:
    """Our own rules.

    Examples
    --------
    >>> library_rules()[0].name.en
    'Service billed again'
    """
    folder = files("fraud.rules").joinpath("library")
    texts = {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in LIBRARY}
    return checked(load_rule(text, f"{LIBRARY_FOLDER}/{name}.toml") for name, text in texts.items())


def rules_of(workspace: Workspace) -> tuple[Rule, ...]:
    """Our rules and those of the payer: one TOML file each in the workspace's folder `rules`, sorted by file name.

    A payer's rule takes the place of ours of the same code where it was proposed and accepted.

    Raises
    ------
    InputError
        A file cannot be read or is no rule, the engine cannot run it, or two rules have one code.
    """
    own = [_read(path) for path in _files(workspace.rules)]
    accepted = {rule.code: rule for rule in own if (workspace.accepted_rules / rule.code).is_dir()}
    ours = [accepted.get(rule.code, rule) for rule in library_rules()]
    rules = checked([*ours, *(rule for rule in own if rule not in ours)])
    try_out(own)
    return rules


def with_rule(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules with one more, in the place of the one that has its code.

    Raises
    ------
    InputError
        It declares a parameter of theirs in another way.
    """
    known = {each.code: each for each in rules}
    return checked({**known, rule.code: rule}.values())


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules that can stand side by side.

    Raises
    ------
    InputError
        Two have one code, or declare one parameter in two ways.
    """
    codes: dict[str, Rule] = {}
    owners: dict[str, Rule] = {}
    for rule in rules:
        first = codes.setdefault(rule.code, rule)
        if first is not rule:
            got = f"the code of {first.origin} too"
            raise InputError.of(f"rule '{rule.code}'", f"in {rule.origin}", got, "give one of them another code")
        for parameter in rule.parameters:
            owner = owners.setdefault(parameter.name, rule)
            if parameter not in owner.parameters:
                got = f"declared otherwise in {owner.origin}"
                where, hint = f"in {rule.origin} (rule {rule.code})", "declare it alike, or give it another name"
                raise InputError.of(f"rule key 'parameters.{parameter.name}'", where, got, hint)
    return tuple(codes.values())


def find_rule(code: str, rules: Iterable[Rule] | None = None) -> Rule:
    """Return the rule of that code, by default one of ours, or refuse the name with the nearest that is one."""
    known = {rule.code: rule for rule in (library_rules() if rules is None else rules)}
    if code not in known:
        raise InputError.unknown_name("rule", "in the catalogue", code, known)
    return known[code]


def _files(folder: Path) -> list[Path]:
    """Return the rule files of a folder, sorted; one that cannot be listed is no folder without rules."""
    if not os.path.lexists(folder):
        return []
    with refusing("rule folder", folder.name, "make it a folder that can be read"):
        found = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    if len(found) > _MOST_FILES:
        raise InputError.of("rule folder", folder.name, f"{len(found):,} files", f"keep at most {_MOST_FILES}")
    return found


def _read(path: Path) -> Rule:
    origin = plain_line(f"{path.parent.name}/{path.name}")
    content = read_text(path, f"rule file {origin}: cannot be read at", "give a readable TOML file", _MOST_BYTES)
    return load_rule(content, origin)
