"""The scope of a rule: of which care, insurance, providers and days it speaks at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# Its lists -> the column of the contract whose values they name.
LISTS = {
    "encounter_types": ("settlements", "encounter_type"),
    "insurance_types": ("settlements", "insurance_type"),
    "provider_types": ("providers", "provider_type"),
    "provider_levels": ("providers", "provider_level"),
}


@dataclass(frozen=True)
class Scope:
    """What a violating line must be of; an empty list leaves all in.

    Parameters
    ----------
    encounter_types, insurance_types, provider_types, provider_levels : tuple of str
        Values of the contract.
    cross_region : bool or None
        True where only care outside of the insured's region is meant, False where only care inside.
    effective_from, effective_to : date or None
        First and last day of service of which the rule speaks; None is always.
    """

    encounter_types: tuple[str, ...] = ()
    insurance_types: tuple[str, ...] = ()
    provider_types: tuple[str, ...] = ()
    provider_levels: tuple[str, ...] = ()
    cross_region: bool | None = None
    effective_from: date | None = None
    effective_to: date | None = None

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with it."""
        for name, (table, column) in LISTS.items():
            known = TABLES[table].by_name[column].values
            for value in getattr(self, name):
                if value not in known:
                    yield f"scope.{name}: {value!r} is none of {', '.join(known)}"
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            yield "effective_to lies before effective_from"

    def condition(self, hit: str, settlement: str) -> str:
        """Write SQL that is true for what lies inside, over a hit and its row of `rule_settlements`.

        Parameters
        ----------
        hit, settlement : str
            Their aliases; a hit without a day of service counts on the first day of its settlement.

        Examples
        --------
        >>> Scope(encounter_types=("pharmacy",)).condition("h", "s")
        "s.encounter_type in ('pharmacy')"
        >>> Scope().condition("h", "s")
        'true'
        """
        day = f"coalesce({hit}.service_date, {settlement}.service_start_date)"
        said = [
            *(
                f"{settlement}.{column} in ({_quoted(getattr(self, name))})"
                for name, (table, column) in LISTS.items()
                if table == "settlements" and getattr(self, name)
            ),
            *(
                f"{settlement}.provider_key in (select provider_key from providers"
                f" where {column} in ({_quoted(getattr(self, name))}))"
                for name, (table, column) in LISTS.items()
                if table == "providers" and getattr(self, name)
            ),
        ]
        if self.cross_region is not None:
            sign = "<>" if self.cross_region else "="
            said.append(f"{settlement}.insured_region_code {sign} {settlement}.care_region_code")
        if self.effective_from is not None:
            said.append(f"{day} >= date '{self.effective_from}'")
        if self.effective_to is not None:
            said.append(f"{day} <= date '{self.effective_to}'")
        return " and ".join(said) or "true"


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
