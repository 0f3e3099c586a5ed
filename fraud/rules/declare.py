"""A rule is data: what it says, on what grounds, what it needs, what it leaves in peace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from fraud.settings import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

Subject = Literal["provider", "patient", "practitioner"]
# The nine families of the national rule libraries, and the key column by which hits name a subject.
FAMILIES = (
    "limit_attribute",
    "limit_indication",
    "limit_quantity",
    "limit_frequency",
    "exclusive_pair",
    "price_ceiling",
    "data_integrity",
    "actor",
    "indicator",
)
SUBJECTS: tuple[Subject, ...] = ("provider", "patient", "practitioner")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_NEED = re.compile(r"[a-z_]+(\.[a-z_]+)?")


class Executor(Protocol):
    """Turns declarations of one shape into SQL; see `fraud.rules.hits` for what the SQL returns."""

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return one SELECT in the shape of hits.

        Parameters
        ----------
        dialect : Dialect
            The functions that engines name differently.
        month : str
            The month whose findings are wanted.
        values : mapping of str to int
            The rule's parameters by name.
        lawful : str
            SQL predicate that is true for what the rule's exemptions leave in peace.
        """


@dataclass(frozen=True)
class Parameter:
    """A number that the rule uses; its value is the rule setting of the same name."""

    name: str
    unit: str
    source: str

    def value(self, settings: RuleSettings) -> int:
        """Return the number in force."""
        return int(getattr(settings, self.name))


@dataclass(frozen=True)
class Exemption:
    """What looks alike and is lawful.

    Parameters
    ----------
    text_en, text_zh : str
        In words.
    sql : str or None
        Predicate over the aliases of the rule's executor; null counts as not exempt. None where the executor
        itself, or the effective relations it reads, leave the case out.
    needs : tuple of str
        Tables or columns without which the exemption cannot be checked.
    """

    text_en: str
    text_zh: str
    sql: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """The sentence for one kind of subject, with named numbers; see `fraud.rules.reasons`."""

    subject: Subject
    en: str
    zh: str


@dataclass(frozen=True)
class Rule:
    """One rule.

    Parameters
    ----------
    code, version : str
        Its name in findings; a change of meaning is a new version.
    name_en, name_zh, says_en, says_zh : str
        Title, and the rule in one sentence.
    scheme_code : str
        Typology code.
    family : str
        One of `FAMILIES`.
    result_type : str
        `definite` where the facts as stored cannot be lawful, else `suspicious`.
    basis : str
        Article that it rests on, for the finding.
    source : str
        Where rule and formula come from; says so where they are our proposal.
    amount_en, amount_zh : str
        The exposure formula in words.
    needs : tuple of str
        Tables or `table.column`; where one is absent the rule reports "not checked".
    executor : Executor
        What runs it.
    reasons : tuple of Reason
        One per kind of subject that receives a finding.
    parameters, exemptions : tuple
        Numbers in use, and what is left in peace.

    Raises
    ------
    ValueError
        The declaration is incomplete.
    """

    code: str
    version: str
    name_en: str
    name_zh: str
    says_en: str
    says_zh: str
    scheme_code: str
    family: str
    result_type: str
    basis: str
    source: str
    amount_en: str
    amount_zh: str
    needs: tuple[str, ...]
    executor: Executor
    reasons: tuple[Reason, ...]
    parameters: tuple[Parameter, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    def __post_init__(self) -> None:
        words = {name: value for name, value in vars(self).items() if isinstance(value, str)}
        empty = sorted(name for name, value in words.items() if not value.strip())
        subjects = [reason.subject for reason in self.reasons]
        unknown = sorted({p.name for p in self.parameters} - set(RuleSettings.model_fields))
        needs = (*self.needs, *(need for exemption in self.exemptions for need in exemption.needs))
        faults = {
            f"{', '.join(empty)} empty": bool(empty),
            "code is not a lower-case name": not _CODE.fullmatch(self.code),
            f"family is none of {', '.join(FAMILIES)}": self.family not in FAMILIES,
            "result_type is neither definite nor suspicious": self.result_type not in {"definite", "suspicious"},
            "needs is empty": not self.needs,
            "a need is not a table or table.column": not all(_NEED.fullmatch(need) for need in needs),
            "reasons name no subject, or one twice": not subjects or len(set(subjects)) < len(subjects),
            "a reason lacks a language": not all(r.en.strip() and r.zh.strip() for r in self.reasons),
            f"no rule setting is named {', '.join(unknown)}": bool(unknown),
            "a parameter lacks unit or source": not all(p.unit and p.source for p in self.parameters),
        }
        for fault, is_so in faults.items():
            if is_so:
                raise ValueError(f"rule {self.code!r}: {fault}")
