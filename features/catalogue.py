"""Feature catalogue: every family by entity, equal names refused; docs/features.md is rendered from here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from features import patient, pharmacy, practitioner, provider
from features.errors import InputError
from features.vocabulary.entities import PROFILED, Entity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.declare import Family, Feature

FAMILIES: Mapping[Entity, tuple[Family, ...]] = {
    "provider": (*provider.FAMILIES, *pharmacy.FAMILIES),
    "patient": patient.FAMILIES,
    "practitioner": practitioner.FAMILIES,
}
# How they are shown: a pharmacy is a provider, and what it alone has are further columns of its provider profile.
SECTIONS: Mapping[str, tuple[Family, ...]] = {
    "provider": provider.FAMILIES,
    "pharmacy": pharmacy.FAMILIES,
    **{entity: found for entity, found in FAMILIES.items() if entity != "provider"},
}
# The family whose features describe who is treated; an expectation may use these and no others.
CONTEXT_FAMILY = "case_mix"


def refuse_doubles(entity: str, declared: Sequence[Family]) -> None:
    """Refuse families of another entity, and features that share a name.

    Raises
    ------
    ValueError
        A name is given twice, or a family belongs elsewhere.
    """
    counts = Counter(feature.name for family in declared for feature in family.features)
    twice = sorted(name for name, n in counts.items() if n > 1)
    if twice or any(family.entity != entity for family in declared):
        raise ValueError(f"features of {entity}: named twice {twice}, or a family of another entity")


for _entity, _families in FAMILIES.items():
    refuse_doubles(_entity, _families)


def families(entity: str) -> tuple[Family, ...]:
    """Return the families of an entity, or refuse a name that is none.

    Raises
    ------
    InputError
        There is no such entity.
    """
    for known, found in FAMILIES.items():
        if known == entity:
            return found
    raise InputError.unknown_name("entity", "of the feature catalogue", entity, PROFILED)


def features(entity: str) -> dict[str, Feature]:
    """Return the features of an entity by name, in catalogue order.

    Examples
    --------
    >>> features("provider")["settlement_p90_amount"].title.en
    '90th percentile of settlements'
    """
    return {feature.name: feature for family in families(entity) for feature in family.features}


def family_of(entity: str) -> dict[str, str]:
    """Return the name of the family of every feature of an entity.

    Examples
    --------
    >>> family_of("patient")["off_hours_share"]
    'calendar'
    """
    return {feature.name: family.name for family in families(entity) for feature in family.features}


def context_features(entity: str) -> list[str]:
    """Return the names of the features that an expectation may use.

    Examples
    --------
    >>> context_features("provider")[:2]
    ['patient_age_mean_years', 'patient_female_share']
    """
    return [name for name, family in family_of(entity).items() if family == CONTEXT_FAMILY]


def render_markdown(sections: Sequence[str] = tuple(SECTIONS)) -> str:
    """Return the catalogue as docs/features.md shows it."""
    lines = [
        "# Features",
        "",
        "Generated from the declarations (`make docs`); a test compares. Currency is in major units. The window `run`",
        "is the run's (`--window-months`, six unless told); `1m`, `3m` end with the same month. Missing is never zero.",
        "Features of pharmacies are further columns of their provider profile, missing for other providers.",
    ]
    for section in sections:
        shown = SECTIONS[section]
        lines += ["", f"## {section.capitalize()} ({sum(len(family.features) for family in shown)})"]
        for name, name_zh in dict.fromkeys((family.name, family.name_zh) for family in shown):
            lines += ["", f"### {name} {name_zh}", ""]
            lines += [
                "| feature | 中文名 | unit | window | suspicious | why 关注原因 | missing means | schemes |",
                "|---|---|---|---|---|---|---|---|",
            ]
            lines += [
                f"| `{f.name}`: {f.title.en} | {f.title.zh} | {f.unit} | {f.window} | {f.direction or '–'} "
                f"| {f.why.en} {f.why.zh} | {f.missing_means} | {', '.join(f.schemes) or '–'} |"
                for family in shown
                if (family.name, family.name_zh) == (name, name_zh)
                for f in family.features
            ]
    return "\n".join(lines) + "\n"
