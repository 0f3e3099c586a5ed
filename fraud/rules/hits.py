"""What executors read and what they return.

They read two relations of the month and its window:

`rule_settlements`, one row per effective settlement, with `SETTLEMENT_COLUMNS`: `settled_at` is its settle time, and
`is_dated` says that its lines tell days apart (they carry several dates, or the care lasted one day), so that a
line's day can be trusted.

`rule_lines`, one row per effective line of positive amount, with `LINE_COLUMNS`: those of `claim_lines` as stored,
and `fee_date`, `net_quantity` and `in_scope`, the last two net of its partial refunds.

They return hits, one row per subject, line and role: `settlement_key`, `line_number` (null when the whole
settlement is meant), `role`, `provider_key`, `person_key`, `practitioner_key` (the subjects, also on involved
rows), `service_date`, `in_scope`, `part` and `whole` (exposure = in_scope x part / whole), and the executor's
measures: nights, days, minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from features.claims import TABLES
from features.errors import InputError
from fraud.rules.predicates import parse_predicate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.numbers import Measure

LINE_COLUMNS = (*(name for name, _ in TABLES["claim_lines"].stored), "fee_date", "net_quantity", "in_scope")
SETTLEMENT_COLUMNS = (
    *("settlement_key", "settlement_id", "month", "settled_at", "person_key", "provider_key"),
    *("encounter_id", "encounter_type", "service_start_date", "service_end_date", "admit_date", "discharge_date"),
    *("attending_practitioner_key", "referral_id", "in_scope", "fund_paid", "is_dated"),
)
_LINES = """
select l.*, cast(l.fee_time as date) as fee_date,
       l.quantity + coalesce(r.refunded_quantity, 0) as net_quantity,
       coalesce(l.in_scope_amount, l.amount) + coalesce(r.refunded_in_scope_amount, 0) as in_scope
from effective_lines l
left join line_refunds r on r.settlement_key = l.settlement_key and r.line_number = l.line_number
where l.amount > 0 and l.quantity + coalesce(r.refunded_quantity, 0) > 0
  and coalesce(l.in_scope_amount, l.amount) + coalesce(r.refunded_in_scope_amount, 0) > 0
"""
_SETTLEMENTS = """
with days as (
  select settlement_key, min(fee_date) as first_fee_date, max(fee_date) as last_fee_date
  from rule_lines group by settlement_key
)
select s.settlement_key, c.settlement_id, s.month, s.settle_time as settled_at, s.person_key, s.provider_key,
       s.encounter_id, s.encounter_type, s.service_start_date, s.service_end_date,
       cast(s.admit_time as date) as admit_date, cast(s.discharge_time as date) as discharge_date,
       s.attending_practitioner_key, s.referral_id,
       coalesce(s.in_scope_amount, s.total_amount) as in_scope, s.fund_paid_amount as fund_paid,
       coalesce(d.first_fee_date < d.last_fee_date, false) or s.service_start_date = s.service_end_date as is_dated
from effective_settlements s
left join days d on d.settlement_key = s.settlement_key
join codes_settlement c on c.settlement_key = s.settlement_key
"""


def create_base(engine: DuckDBEngine) -> None:
    """Create the relations that executors read, on an engine where the store is attached."""
    engine.create_view("rule_lines", _LINES)
    engine.create_table("rule_settlements", _SETTLEMENTS)


def create_hits(engine: DuckDBEngine, rule: Rule, month: str, values: Mapping[str, int]) -> None:
    """Create `rule_hits`, what a rule finds in a month, on an engine with the base.

    Raises
    ------
    InputError
        The engine cannot run the rule. What a row holds is not said.
    """
    texts = [exemption.sql for exemption in rule.exemptions if exemption.sql is not None]
    predicates = [parse_predicate(text, rule.executor.aliases).sql for text in texts]
    # Each predicate is made two-valued, so that an unknown one does not hide what another knows.
    lawful = " or ".join(f"coalesce(({predicate}), false)" for predicate in predicates) or "false"
    try:
        engine.create_table("rule_hits", rule.executor.sql(engine.dialect, month, values, f"({lawful})"))
    except (duckdb.ProgrammingError, duckdb.DataError) as error:
        said = str(error).splitlines()[0]
        got = said.partition(":")[0] if isinstance(error, duckdb.DataError) else said
        raise InputError.of(
            f"rule '{rule.code}'", f"in {rule.origin}", got, "mend the sql of its exemptions"
        ) from error


def resolve(hits_sql: str, measures: Iterable[Measure]) -> str:
    """Wrap an executor's SELECT: identifiers for keys, and the settlement's money."""
    own = "".join(f"h.{measure.name}, " for measure in measures)
    return f"""
    select h.role, s.settlement_id, h.line_number, h.service_date, {own}h.in_scope, h.part, h.whole,
           s.in_scope as settlement_in_scope, s.fund_paid as settlement_fund_paid,
           cp.provider_id, cn.person_id, cd.practitioner_id,
           lp.provider_id as line_provider_id, ln.person_id as line_person_id
    from ({hits_sql}) h
    join rule_settlements s on s.settlement_key = h.settlement_key
    left join codes_provider cp on cp.provider_key = h.provider_key
    left join codes_person cn on cn.person_key = h.person_key
    left join codes_practitioner cd on cd.practitioner_key = h.practitioner_key
    join codes_provider lp on lp.provider_key = s.provider_key
    join codes_person ln on ln.person_key = s.person_key
    order by s.settlement_id, h.line_number, h.role, cp.provider_id, cn.person_id, cd.practitioner_id
    """
