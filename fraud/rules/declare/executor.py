"""What an executor is: one shape of rule, run as SQL, for one of the nine families."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure

# The nine families of the national rule libraries.
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
# The family of an executor that rules of every family may use: the rule says which is its own.
ANY_FAMILY = "any_family"


class Executor(Protocol):
    """Turns declarations of one shape into SQL.

    `fraud.rules.relations.base` says what the SQL reads, `fraud.rules.search.hits` what it returns.

    Its fields are the keys of a rule's `[executor]`: texts and tuples of texts, checked when it is built.

    Attributes
    ----------
    family : str
        One of `FAMILIES`: that of every rule it runs; or `ANY_FAMILY`.
    measures : tuple of Measure
        Columns of its hits that reasons may name.
    aliases : mapping of str to tuple of str
        Rows that exemptions may speak of, with their columns.

    Notes
    -----
    Four more may be there, read where they are: `is_graded` (its hits have `is_certain`), `questions_claims` (false:
    its rows are involved alone), `names_later` (lines of earlier months violate once enough is known within the window:
    `fraud.rules.search.told`), and `anchor(values)`, SQL of rows without which it has no hit
    (`fraud.rules.search.anchors`).
    """

    family: ClassVar[str]
    measures: ClassVar[tuple[Measure, ...]]
    aliases: ClassVar[Mapping[str, tuple[str, ...]]]

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Those of the rule's parameters that it takes, by name."""

    @property
    def together(self) -> tuple[str, ...]:
        """Columns of lines: rows that differ in one of them bear on no hit together, and may be looked at apart."""

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


def check_choice(argument: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Refuse an argument of an executor that is empty or names something unknown.

    Examples
    --------
    >>> check_choice("stay_types", ["hotel"], ["inpatient", "maternity"])
    Traceback (most recent call last):
    ...
    ValueError: stay_types must be of inpatient, maternity; got hotel
    """
    names, known = tuple(given), tuple(allowed)
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ValueError(f"{argument} must be of {', '.join(known)}; got {', '.join(unknown) or 'none'}")


def check_encounter_types(argument: str, given: Iterable[str]) -> None:
    """Refuse kinds of care that the contract does not know."""
    check_choice(argument, given, TABLES["settlements"].by_name["encounter_type"].values)
