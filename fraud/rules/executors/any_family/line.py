"""One claim line, held against what is known of it: whoever bills, orders and receives it, and its item's limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import ANY_FAMILY
from fraud.rules.declare.predicates import Predicate, parse_expression, parse_predicate
from fraud.rules.executors.any_family.line_evidence import (
    EVIDENCE_ALIASES,
    after_discharge_sql,
    code_use_sql,
    person_evidence_sql,
    pooled_sql,
    provider_lines_sql,
)
from fraud.rules.executors.any_family.line_rows import ALIASES, COMPUTED, column_sql, rows_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure

_NAMED = re.compile(r"\b[a-z]\.[a-z]\w*")
_KEPT = ("settlement_key", "line_number", "provider_key", "person_key", "item_key", "fee_date", "in_scope")


@dataclass(frozen=True)
class Line:
    """Lines of which a predicate holds; all rules of this kind look at the lines of a month in one pass.

    Aliases for `when`: `l`, the line; `s`, its settlement; `p`, the person, with `age_years`, whole years on the day of
    service; `o`, the provider; `d`, the practitioner who ordered it, else executed it, else attended; `r`, the version
    of the reference item in force that day; `x`, the prescription that it fills; `y`, with `ceiling_amount`, the price
    ceiling of the item for the provider's region and level that day; `g`, the settlement's diagnoses, with
    `n_diagnoses`, `has_male` and `has_female`, one that only one sex can have. What is absent is null. Exemptions may
    speak of `c`, `e`, `w` and `b` too (`fraud.rules.executors.any_family.line_evidence`). Parameters are written as
    `:name`.

    Parameters
    ----------
    when : str
        Predicate that is true for a line which violates.
    part, whole : str, optional
        Exposure is the in-scope amount x part / whole, both whole numbers over the same rows; all of it by default.
    """

    family: ClassVar[str] = ANY_FAMILY
    measures: ClassVar[tuple[Measure, ...]] = ()
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {**ALIASES, **EVIDENCE_ALIASES}

    when: str
    part: str = "1"
    whole: str = "1"

    def __post_init__(self) -> None:
        for name in ("when", "part", "whole"):
            try:
                self._parsed(name)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Those that its predicate and expressions use."""
        named = (self._parsed(name).parameters for name in ("when", "part", "whole"))
        return tuple(sorted({name for names in named for name in names}))

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one provider: `c` counts them."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits, of this rule alone."""
        evidence = "".join(f", {name} as ({sql})" for name, sql in evidence_of([lawful], month).items())
        lines = candidates_sql(month, [(self, values, lawful)])
        return f"with line_candidates as ({lines}){evidence} {self.hits_sql(0, values, lawful)}"

    def condition(self, values: Mapping[str, int]) -> str:
        """Return SQL that is true for lines which violate, over `rows_sql`."""
        return f"({self._parsed('when').bound(values, COMPUTED)})"

    def hits_sql(self, number: int, values: Mapping[str, int], lawful: str) -> str:
        """Return hits among `line_candidates`, of which this rule's are marked `hit_<number>`."""
        part, whole = (f"cast({self._parsed(name).bound(values)} as bigint)" for name in ("part", "whole"))
        spoken = {name[0] for name in _NAMED.findall(lawful)}
        joins = "".join(join for alias, (_, join) in _EVIDENCE.items() if alias in spoken)
        return f"""
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               l.practitioner_key, l.fee_date as service_date, l.in_scope, {part} as part, {whole} as whole
        from (select * from line_candidates where hit_{number}) l
        {joins.format(number=number)}
        where not {lawful}
        """

    def columns(self, lawful: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return what its predicate names, and what its expressions and exemptions name of the same rows."""
        of_part = self._parsed("part").columns | self._parsed("whole").columns
        of_rows = (name for name in _NAMED.findall(lawful) if name.partition(".")[2] in ALIASES.get(name[0], ()))
        return self._parsed("when").columns, of_part.union(of_rows)

    def _parsed(self, name: str) -> Predicate:
        parse = parse_predicate if name == "when" else parse_expression
        return parse(getattr(self, name), ALIASES)


# Relations over `line_candidates` and the month, by name.
_RELATIONS = {
    "line_code_use": code_use_sql,
    "line_provider_lines": provider_lines_sql,
    "line_person_evidence": person_evidence_sql,
    "line_workload": pooled_sql,
    "line_after_discharge": after_discharge_sql,
}
# Alias -> the relations that it reads, and how it is joined to the candidates `l` of one rule.
_EVIDENCE = {
    "c": (
        ("line_code_use", "line_provider_lines"),
        """
        left join (
          select u.*, v.n_provider_lines, h.n_hits,
                 cast(sum(h.n_hits) over (partition by h.provider_key) as bigint) as n_provider_hits
          from line_code_use u
          join (
            select provider_key, item_key, count(*) as n_hits from line_candidates where hit_{number}
            group by provider_key, item_key
          ) h on h.provider_key = u.provider_key and h.item_key = u.item_key
          join line_provider_lines v on v.provider_key = u.provider_key
        ) c on c.provider_key = l.provider_key and c.item_key = l.item_key
        """,
    ),
    "e": (("line_person_evidence",), "left join line_person_evidence e on e.person_key = l.person_key"),
    "w": (("line_workload",), "left join line_workload w on w.practitioner_key = l.practitioner_key"),
    "b": (("line_after_discharge",), "left join line_after_discharge b on b.settlement_key = l.settlement_key"),
}


def evidence_of(lawful: Iterable[str], month: str) -> dict[str, str]:
    """Return name and SQL of the relations of evidence that exemptions speak of, over `line_candidates`."""
    spoken = {name[0] for text in lawful for name in _NAMED.findall(text)}
    wanted = [name for alias, (names, _) in _EVIDENCE.items() if alias in spoken for name in names]
    return {name: _RELATIONS[name]("line_candidates", month) for name in wanted}


def candidates_sql(month: str, asked: Iterable[tuple[Line, Mapping[str, int], str]]) -> str:
    """Return SQL of the lines of a month that one rule or another singles out.

    Parameters
    ----------
    month : str
        The month.
    asked : iterable of (Line, mapping of str to int, str)
        Executors with their rules' parameters and the SQL of their exemptions.

    Returns
    -------
    str
        SELECT of the line's columns that are named, a struct for each further row, the line's `practitioner_key`, and
        `hit_<number>` for each rule.
    """
    rules = list(asked)
    of_when, of_rest = (
        frozenset[str]().union(*found) for found in zip(*(one.columns(lawful) for one, _, lawful in rules), strict=True)
    )
    conditions = [one.condition(values) for one, values, _ in rules]
    marks = [f"coalesce({condition}, false) as hit_{number}" for number, condition in enumerate(conditions)]
    own = sorted({f"l.{name}" for name in _KEPT} | {name for name in of_rest if name.startswith("l.")})
    structs = []
    for alias in sorted({name[0] for name in of_rest} - {"l"}):
        named = sorted(name for name in of_rest if name[0] == alias)
        packed = ", ".join(f"{name.partition('.')[2]} := {column_sql(name)}" for name in named)
        structs.append(f"struct_pack({packed}) as {alias}")
    shown = ", ".join([*own, f"{column_sql('d.practitioner_key')} as practitioner_key", *structs, *marks])
    # As they stand: a filter leaves off at the first part of a condition that fails, within `coalesce` it does not.
    return f"select {shown} from {rows_sql(month, of_when | of_rest)} where {' or '.join(conditions)}"
