"""The published editions that a finding rests on: named in its basis, with how much of each is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.claims.in_force import in_force, is_in_force
from fraud.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule

# More editions than that make no basis clearer; how many there are further is said.
_MOST_NAMED = 3
_FULL_WIDTH = str.maketrans("()", "（）")
_TABLES = ("ref_items", "ref_item_pairs")
_SQL = f"""
with lines as (
  select distinct a.finding_id, a.code, l.item_key, cast(l.fee_time as date) as day
  from edition_lines a
  join codes_settlement c on c.settlement_id = a.settlement_id
  join window_lines l on l.settlement_key = c.settlement_key and l.line_number = a.line_number
), versions as (
{in_force("ref_items", "item_key", "editions")}
), named as (
  select l.finding_id, l.code, unnest(string_split(v.editions, '|')) as edition
  from lines l join versions v on v.item_key = l.item_key and {is_in_force("v", "l.day")}
  where v.editions is not null
  union all
  select l.finding_id, l.code, p.edition from lines l join ref_item_pairs p on p.excluded_item_key = l.item_key
  where p.edition is not null and l.day >= coalesce(p.valid_from_date, l.day)
    and l.day <= coalesce(p.valid_to_date, l.day)
)
select distinct n.finding_id, e.edition, e.topic, e.n_points, e.n_points_used
from named n
join edition_columns k on k.code = n.code
join ref_editions e on e.edition = n.edition and list_contains(string_split(e.limited_columns, '|'), k.limited)
order by n.finding_id, e.edition, e.topic
"""


def with_editions(engine: DuckDBEngine, findings: Findings, rules: Iterable[Rule]) -> Findings:
    """Name in the basis of each finding the editions that its limits come from, in force on the days of its lines.

    An edition counts where its columns are among those that the rule needs of `ref_items` or `ref_item_pairs`.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base of `fraud.rules.relations`.
    findings : Findings
        Of the rules.
    rules : iterable of Rule
        Those that ran.

    Returns
    -------
    Findings
        The same, as they are where no edition is known.
    """
    columns = [(rule.code, need) for rule in rules for need in _limited(rule)]
    of_rules = findings.findings[findings.findings["code"].isin({code for code, _ in columns})]
    if of_rules.empty or not engine.rows("select 1 from ref_editions limit 1"):
        return findings
    lines = findings.lines[(findings.lines["role"] == "violating") & findings.lines["line_number"].notna()]
    engine.register(
        "edition_lines",
        lines.merge(of_rules[["finding_id", "code"]], on="finding_id")[
            ["finding_id", "code", "settlement_id", "line_number"]
        ].astype({"line_number": "int64"}),
    )
    engine.register("edition_columns", pd.DataFrame(columns, columns=["code", "limited"]))
    rests_on: dict[str, list[str]] = {}
    for finding, edition, topic, published, used in engine.rows(_SQL):
        rests_on.setdefault(finding, []).append(_told(edition, topic, published, used))
    for name in ("edition_lines", "edition_columns"):
        engine.drop(name)
    told = findings.findings["finding_id"].map(lambda finding: _joined(rests_on.get(finding, [])))
    return Findings(findings.findings.assign(basis=findings.findings["basis"] + told), findings.lines)


def _limited(rule: Rule) -> list[str]:
    """Return the columns of references that a rule needs; a whole table of pairs is its excluded item."""
    found = [need for need in rule.needs if need.partition(".")[0] in _TABLES and "." in need]
    return [*found, *(["ref_item_pairs.excluded_item_code"] if "ref_item_pairs" in rule.needs else [])]


def _told(edition: str, topic: str, published: int, used: int) -> str:
    # Names stand once, with full-width brackets: a gloss in English begins in English and holds no bracket.
    said = f"{edition}（{topic}：公布{published:,}条，采用{used:,}条）".translate(_FULL_WIDTH)
    return f"{said} (published rows in use: {used:,} of {published:,})"


def _joined(editions: list[str]) -> str:
    if not editions:
        return ""
    more = len(editions) - _MOST_NAMED
    rest = f"；另{more}个版本 (and {more} further editions)" if more > 0 else ""
    return f"；依据版本 (edition)：{'；'.join(editions[:_MOST_NAMED])}{rest}"
