"""Where each box went: the trail of the trace codes behind a case, from the books of all who scanned them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from fraud.rules.ledger import make_ledger
from fraud.rules.ledger.postings import POSTINGS
from fraud.rules.relations.base import create_base

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.engine import DuckDBEngine

# Schemes that are seen in the ledger of trace codes.
SCHEMES = ("T01", "T02", "T03", "P09")
# Boxes of a case, and steps of a box: the last ones. A code scanned sixty times is understood before its end.
MOST_BOXES, MOST_STEPS = 20, 40

_KEY = ["subject_type", "subject_id"]
# One row per step of a box that a subject's lines lead to. A maker's own number is shown without its item's key.
_STEPS = f"""
with asked as (
  select distinct w.subject_type, w.subject_id, cs.settlement_key, b.item_key
  from ledger_billed b
  join codes_settlement cs on cs.settlement_key = b.settlement_key
  join trail_lines w on w.settlement_id = cs.settlement_id and w.line_number = b.line_number
), boxes as (
  select a.subject_type, a.subject_id, x.code, max(x.scan) as last_scan, max(x.event_time) as last_time
  from ledger_second_sales x
  join asked a on a.item_key = x.item_key and a.settlement_key in (x.settlement_key, x.before_settlement_key)
  where x.explanation = 'resold' group by a.subject_type, a.subject_id, x.code
), chosen as (
  select *, count(*) over (partition by subject_type, subject_id) as n_boxes,
    row_number() over (partition by subject_type, subject_id order by last_time desc, code) as place
  from boxes
), steps as (
  select c.subject_type, c.subject_id, c.place, c.n_boxes, p.*,
    count(*) over (partition by c.subject_type, c.subject_id, p.code) as n_steps,
    row_number() over (partition by c.subject_type, c.subject_id, p.code order by p.scan desc) as back
  from ({POSTINGS}) p join chosen c on c.code = p.code where c.place <= {MOST_BOXES}
)
select s.subject_type, s.subject_id, s.place, s.n_boxes, s.n_steps,
  replace(regexp_replace(s.code, '^own:[^:]*:', ''), chr(29), ' ') as code, ci.item_code,
  strftime(s.event_time, '%Y-%m-%d %H:%M') as time, s.event_type as event, cp.provider_id, o.provider_name,
  pc.person_id, cs.settlement_id, coalesce(s.explanation, '') as explanation, coalesce(s.from_account, '') as came_from,
  coalesce(s.to_account, '') as went_to, s.gap_days
from steps s
left join codes_item ci on ci.item_key = s.item_key
left join codes_provider cp on cp.provider_key = s.provider_key
left join providers o on o.provider_key = s.provider_key
left join codes_person pc on pc.person_key = s.person_key
left join codes_settlement cs on cs.settlement_key = s.settlement_key
where s.back <= {MOST_STEPS}
order by s.subject_type, s.subject_id, s.place, s.scan
"""


@dataclass(frozen=True)
class BoxStep:
    """One scan of a box.

    Parameters
    ----------
    time : str
        ISO date and minute.
    event, explanation, came_from, went_to : str
        Kind of scan; what the ledger says of a sale (`resold` is in question, `sold` the first); accounts.
    provider_id, provider_name, person, settlement_id : str
        Who scanned, and for whom, as the pack may show persons; empty where the scan names none.
    gap_days : int or None
        Days since the sale before.
    """

    time: str
    event: str
    explanation: str
    came_from: str
    went_to: str
    provider_id: str
    provider_name: str
    person: str
    settlement_id: str
    gap_days: int | None


@dataclass(frozen=True)
class BoxTrail:
    """One trace code, its item, its last steps in order of time, and how many earlier ones are left out."""

    code: str
    item_code: str
    steps: tuple[BoxStep, ...]
    n_left_out: int


@dataclass(frozen=True)
class BoxTrails:
    """The boxes of a case, those sold last first, and how many more there are."""

    boxes: tuple[BoxTrail, ...] = ()
    n_left_out: int = 0


def read_trails(
    engine: DuckDBEngine, drawn: Mapping[str, list[str]], tables: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, str], pd.DataFrame]:
    """Read the steps of the boxes behind the findings of subjects; the ledger is made only where there are some.

    Parameters
    ----------
    engine : DuckDBEngine
        With the months of the run's window attached.
    drawn : mapping of str to list of str
        Subjects by entity.
    tables : mapping of str to DataFrame
        `findings` and `finding_lines` of the scored month.

    Returns
    -------
    dict
        Steps by entity and subject.
    """
    findings = tables["findings"]
    findings = findings.loc[findings["scheme_code"].isin(SCHEMES) & (findings["source"] == "rule")]
    keys = pd.DataFrame([(kind, one) for kind, ids in drawn.items() for one in ids], columns=_KEY, dtype=object)
    own = findings.astype(dict.fromkeys(_KEY, object)).merge(keys, on=_KEY)
    if own.empty:
        return {}
    lines = tables["finding_lines"].merge(own[["finding_id", *_KEY]], on="finding_id")
    lines = lines.loc[(lines["role"] == "violating") & lines["line_number"].notna()]
    if lines.empty:
        return {}
    wanted = lines[[*_KEY, "settlement_id", "line_number"]].drop_duplicates()
    texts = dict.fromkeys([*_KEY, "settlement_id"], object)
    engine.register("trail_lines", wanted.astype({**texts, "line_number": "Int64"}))
    create_base(engine)
    make_ledger(engine)
    steps = engine.frame(_STEPS)
    found = steps.groupby(_KEY, sort=True)
    return {(str(kind), str(subject)): own for (kind, subject), own in found}


def box_trails(steps: pd.DataFrame | None, shown: Callable[[str, str], str]) -> BoxTrails:
    """Bring the steps of one subject into trails; `shown` turns subject type and id into what the pack may show."""
    if steps is None or steps.empty:
        return BoxTrails()
    boxes = tuple(
        BoxTrail(
            code=str(own["code"].iloc[0]),
            item_code=_text(own["item_code"].iloc[0]),
            steps=tuple(_step(row, shown) for row in own.itertuples()),
            n_left_out=int(own["n_steps"].iloc[0]) - len(own),
        )
        for _, own in steps.groupby("place", sort=True)
    )
    return BoxTrails(boxes, int(steps["n_boxes"].iloc[0]) - len(boxes))


def _step(row: Any, shown: Callable[[str, str], str]) -> BoxStep:
    person = _text(row.person_id)
    return BoxStep(
        time=str(row.time),
        event=str(row.event),
        explanation=str(row.explanation),
        came_from=str(row.came_from),
        went_to=str(row.went_to),
        provider_id=_text(row.provider_id),
        provider_name=_text(row.provider_name),
        person=shown("patient", person) if person else "",
        settlement_id=_text(row.settlement_id),
        gap_days=None if pd.isna(row.gap_days) else int(row.gap_days),
    )


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
