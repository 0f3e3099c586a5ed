"""A rule is data: what it says, on what grounds, what it needs, what it leaves in peace."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from features.claims.contract import REQUIRED_TABLES, TABLES
from features.vocabulary.entities import PROFILED
from features.vocabulary.schemes import check_schemes
from features.vocabulary.text import LANGUAGES
from fraud.rules.declare.executor import ANY_FAMILY, FAMILIES
from fraud.rules.declare.numbers import COUNTS, MONEY, names_in
from fraud.rules.declare.predicates import parse_predicate
from fraud.rules.declare.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from features.vocabulary.entities import Entity
    from features.vocabulary.text import Text
    from fraud.rules.declare.executor import Executor
    from fraud.rules.declare.numbers import Count, Measure
    from fraud.rules.declare.parameters import Parameter
    from fraud.rules.declare.window import Window

RESULT_TYPES = ("definite", "suspicious")
# Before the order, before settlement, after payment (事前, 事中, 事后).
STAGES = ("pre", "mid", "post")
# All of the violating lines; the part beyond a limit; the part that a discount should have taken; the repeated line.
AMOUNT_KINDS = ("sum", "excess_share", "discount_excess", "full_repeat")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_OFFICIAL_CODE = re.compile(r"(GZ|ZB)[0-9]{8,14}")
# Workbooks cannot hold these, a finding's sentence is one line, and nobody may turn its reading direction.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MOST_EXEMPTIONS = 50
_MAY_BE_EMPTY = {"origin", "official_code", "owner", "no_exemptions"}


@dataclass(frozen=True)
class Exemption:
    """What looks alike and is lawful.

    Parameters
    ----------
    text : Text
        In words.
    sql : str or None
        Predicate over the aliases of the rule's executor, see `predicates`; null counts as not exempt.
        None where the executor itself, or the effective relations it reads, leave the case out.
    needs : tuple of str
        Tables or columns without which the exemption cannot be checked.
    """

    text: Text
    sql: str | None = None
    needs: tuple[str, ...] = ()

    def parameters(self, aliases: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Names of the rule's parameters that the predicate uses; none of one that is refused."""
        with suppress(ValueError):
            return parse_predicate(self.sql, aliases).parameters if self.sql is not None else ()
        return ()

    def faults(self, aliases: Mapping[str, tuple[str, ...]], needs: Collection[str]) -> Iterator[str]:
        """Yield what is wrong with the predicate.

        Parameters
        ----------
        aliases : mapping of str to tuple of str
            Rows that it may speak of, with their columns.
        needs : collection of str
            What the whole rule needs; with the exemption's own, all that it may look into.
        """
        if self.sql is None:
            return
        try:
            tables = parse_predicate(self.sql, aliases).tables
        except ValueError as error:
            yield f"sql: {error}"
            return
        named = {need.partition(".")[0] for need in (*needs, *self.needs, *REQUIRED_TABLES)}
        for table in sorted(tables - named):
            yield f"sql reads {table}, which needs does not name"


@dataclass(frozen=True)
class Reason:
    """The sentence for one kind of subject; its places name the rule's numbers, see `Rule.numbers`."""

    subject: Entity
    text: Text

    def faults(self, known: Collection[str]) -> Iterator[str]:
        """Yield what is wrong with the sentence, given the numbers that it may name."""
        if self.subject not in PROFILED:
            yield f"subjects are {', '.join(PROFILED)}"
        for lang in LANGUAGES:
            try:
                unknown = [name for name in names_in(self.text.of(lang)) if name not in known]
            except ValueError as error:
                yield f"{lang}: {error}"
                continue
            for name in unknown:
                yield f"{lang} names {name!r}; it may name {', '.join(known)}"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Parameters
    ----------
    code, version : str
        Its name in findings; a change of meaning is a new version.
    name, says : Text
        Title, and the rule in one sentence.
    scheme_code : str
        Typology code.
    family : str
        One of the nine of `fraud.rules.declare.executor`: that of its executor.
    result_type : str
        `definite` where the facts as stored cannot be lawful, else `suspicious`.
    basis : str
        Article that it rests on, for the finding.
    source : str
        Where rule and formula come from; says so where they are our proposal.
    amount : Text
        The exposure formula in words.
    amount_kind : str
        Which of the four formulas of `AMOUNT_KINDS` that is.
    window : Window
        Within which span lines are held against each other.
    needs : tuple of str
        Tables or `table.column` of the contract; where one is absent the rule reports "not checked".
    executor : Executor
        What runs it.
    reasons : tuple of Reason
        One per kind of subject that receives a finding.
    parameters, exemptions : tuple
        Numbers in use, and what is left in peace.
    no_exemptions : str
        Why nothing is left in peace, of a rule that states no exemptions; empty of all others.
    scope : Scope
        Of which care and days it speaks at all.
    stages : tuple of str
        Of `STAGES`: when the rule could be asked.
    official_code : str
        Code of the national rule library; empty where it has none or is not known.
    owner : str
        Who answers for it; empty for ours.
    origin : str
        File it was read from, for messages; no part of what it says.

    Raises
    ------
    ValueError
        The declaration is incomplete, or names what is not there.
    """

    code: str
    version: str
    name: Text
    says: Text
    scheme_code: str
    family: str
    result_type: str
    basis: str
    source: str
    amount: Text
    amount_kind: str
    window: Window
    needs: tuple[str, ...]
    executor: Executor
    reasons: tuple[Reason, ...]
    parameters: tuple[Parameter, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    no_exemptions: str = ""
    scope: Scope = field(default_factory=Scope)
    stages: tuple[str, ...] = ("post",)
    official_code: str = ""
    owner: str = ""
    origin: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise ValueError(f"rule {self.code!r}: {fault}")
        check_schemes([self.scheme_code], f"rule {self.code!r}")

    @property
    def numbers(self) -> tuple[Count | Measure | Parameter, ...]:
        """Numbers that its reasons may name, beside the amounts `{exposure}` and `{fund}`.

        General counts, the executor's measures, and the rule's parameters under their own names.
        """
        return (*COUNTS, *self.executor.measures, *self.parameters)

    def _faults(self) -> Iterator[str]:
        yield from self._faulty_texts()
        faults = {
            "code is not a lower-case name": not _CODE.fullmatch(self.code),
            f"family {self.family!r} is none of {', '.join(FAMILIES)}": self.family not in FAMILIES,
            f"its executor serves {self.executor.family!r}, not {self.family!r}": self.executor.family
            not in {ANY_FAMILY, self.family},
            "result_type is neither definite nor suspicious": self.result_type not in RESULT_TYPES,
            f"amount.kind is none of {', '.join(AMOUNT_KINDS)}": self.amount_kind not in AMOUNT_KINDS,
            f"stages are of {', '.join(STAGES)}, each once": not self.stages
            or len({*self.stages} & {*STAGES}) < len(self.stages),
            "official_code is no code of the national library (GZ or ZB and digits)": bool(self.official_code)
            and not _OFFICIAL_CODE.fullmatch(self.official_code),
            "needs is empty": not self.needs,
            f"more than {_MOST_EXEMPTIONS} exemptions": len(self.exemptions) > _MOST_EXEMPTIONS,
            "exemptions are missing: state what is lawful, or say in no_exemptions why nothing is": not self.exemptions
            and not self.no_exemptions,
            "no_exemptions says why there are none, but exemptions are stated": bool(
                self.exemptions and self.no_exemptions
            ),
        }
        yield from (fault for fault, is_so in faults.items() if is_so)
        for need in (*self.needs, *(need for exemption in self.exemptions for need in exemption.needs)):
            if not _is_in_contract(need):
                yield f"needs: {need!r} is no table or table.column of the contract"
        yield from self._faulty_names()
        yield from self.window.faults(frozenset(each.name for each in self.parameters))
        yield from self.scope.faults()
        known = [*MONEY, *(number.name for number in self.numbers)]
        for reason in self.reasons:
            yield from (f"reasons.{reason.subject}: {fault}" for fault in reason.faults(known))
        for number, exemption in enumerate(self.exemptions, start=1):
            aliases = self.executor.aliases
            yield from (f"exemptions {number}: {fault}" for fault in exemption.faults(aliases, self.needs))

    def _faulty_texts(self) -> Iterator[str]:
        texts = {
            name: value
            for name, value in vars(self).items()
            if isinstance(value, str) and (value or name not in _MAY_BE_EMPTY)
        }
        both = {"name": self.name, "says": self.says, "amount": self.amount}
        both |= {f"reasons.{reason.subject}": reason.text for reason in self.reasons}
        both |= {f"exemptions {number}: text": each.text for number, each in enumerate(self.exemptions, start=1)}
        texts |= {f"{name}.{lang}": text.of(lang) for name, text in both.items() for lang in LANGUAGES}
        for each in self.parameters:
            unit = {f"unit.{name}": getattr(each.unit, name) for name in ("one", "many", "zh")}
            texts |= {f"parameters.{each.name}.{name}": text for name, text in {**unit, "source": each.source}.items()}
        for name, text in texts.items():
            if not text.strip():
                yield f"{name} is empty"
            if _CONTROL.search(text):
                yield f"{name} holds a line break or a control character"

    def _faulty_names(self) -> Iterator[str]:
        subjects = [reason.subject for reason in self.reasons]
        if not subjects or len(set(subjects)) < len(subjects):
            yield "reasons name no subject, or one twice"
        declared = {parameter.name for parameter in self.parameters}
        for name in self.executor.parameter_names:
            if name not in declared:
                yield f"executor: parameter {name!r} is not declared under parameters"
        exempting = {name for exemption in self.exemptions for name in exemption.parameters(self.executor.aliases)}
        for name in sorted(exempting - declared):
            yield f"exemptions: parameter {name!r} is not declared under parameters"
        for name in sorted(declared - {*self.executor.parameter_names, *exempting}):
            yield f"parameters.{name}: neither the executor nor an exemption uses it"
        names = [*MONEY, *(number.name for number in self.numbers)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"parameters.{name}: the name is taken by another number"


def _is_in_contract(need: str) -> bool:
    table, _, column = need.partition(".")
    return table in TABLES and (not column or column in TABLES[table].by_name)
