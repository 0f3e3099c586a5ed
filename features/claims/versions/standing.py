"""Standing settlements: of the versions of a claim, what the attached months show; all rows stay in the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from features.claims.contract import SETTLEMENT_TABLES, TABLES
from features.claims.versions.effective import IS_REVERSAL
from features.claims.versions.versions import Version, resolve

if TYPE_CHECKING:
    from features.engine import Engine

# Tables of which an engine shows what stands; every row of them lies under `stored_<name>`.
VERSIONED_TABLES = ("settlements", *SETTLEMENT_TABLES, "trace_events")
# Columns of settlements by which a row can be a version of another.
LINKS = ("original_settlement_id", "replaces_settlement_id", "claim_id", "is_reversal")
FALLEN, MOVED = "fallen_settlements", "moved_reversals"

# One row per settlement that is attached, with what it names.
_ROWS = f"""
select settlement_key, claim_key, version_number, month, settle_time, total_amount, fund_paid_amount, is_reversal,
  is_negative, case when named_key = settlement_key then null else named_key end as named_key
from (
  select r.*, case when is_reversal then coalesce(original_settlement_key, replaces_settlement_key)
    else coalesce(replaces_settlement_key, original_settlement_key) end as named_key
  from (
    select s.settlement_key, s.claim_key, s.version_number, s.month, s.settle_time, s.total_amount, s.fund_paid_amount,
      s.original_settlement_key, s.replaces_settlement_key,
      case when s.total_amount < 0 or (s.total_amount = 0 and s.fund_paid_amount < 0)
        then true else false end as is_negative,
      {IS_REVERSAL} as is_reversal
    from stored_settlements s
  ) r
) n
"""
# Whether anything but reversals with a minus is there, which net themselves in sums.
_ANY = """
select count(*) from version_rows where (is_reversal and not is_negative) or (not is_reversal and named_key is not null)
  or (claim_key is not null and (is_reversal or version_number is not null))
"""
# Rows that name one, or are a reversal, with what they name and all versions of their claims.
_NAMED = "select distinct named_key from version_rows where named_key is not null"
_LINKED_CLAIMS = f"""
select distinct claim_key from (
  select claim_key from version_rows where named_key is not null or is_reversal
  union all select r.claim_key from version_rows r join ({_NAMED}) n on n.named_key = r.settlement_key
  union all select named_key from ({_NAMED}) n
) c where claim_key is not null
"""
_LINKED = f"""
select settlement_key, claim_key, version_number, named_key, is_reversal, is_negative, total_amount, fund_paid_amount,
  settle_time
from (
  select r.*, case when r.named_key is not null or r.is_reversal or n.named_key is not null or c.claim_key is not null
    then true else false end as is_linked
  from version_rows r left join ({_NAMED}) n on n.named_key = r.settlement_key
  left join linked_claims c on c.claim_key = r.claim_key
) r where is_linked
"""
# Numbered versions that nothing else is said of need no more than their order.
_SUPERSEDED = """
select v.settlement_key from (
  select settlement_key, claim_key, coalesce(version_number, -1) as number,
    max(version_number) over (partition by claim_key) as newest
  from version_rows where claim_key is not null
) v left join linked_claims c on c.claim_key = v.claim_key
where c.claim_key is null and v.number < v.newest
"""


def find_standing(engine: Engine) -> None:
    """Note on an engine which of the attached settlements do not stand, and which bills reversals are moved to.

    Parameters
    ----------
    engine : Engine
        With `stored_settlements` of all months that are known.
    """
    engine.create_view("version_rows", _ROWS)
    if not engine.rows(_ANY)[0][0]:
        forget_standing(engine)
        return
    engine.create_table("linked_claims", _LINKED_CLAIMS)
    found = resolve(Version(*row) for row in engine.rows(_LINKED))
    resolved = pd.DataFrame({"settlement_key": sorted(found.fallen)}, dtype="int64")
    engine.register("resolved_versions", resolved)
    engine.create_table(FALLEN, f"{_SUPERSEDED} union all select settlement_key from resolved_versions")
    moved = sorted(found.moved.items())
    engine.register(MOVED, pd.DataFrame(moved, columns=["settlement_key", "original_settlement_key"], dtype="int64"))
    for name in ("resolved_versions", "linked_claims", "version_rows"):
        engine.drop(name)


def forget_standing(engine: Engine) -> None:
    """Let every settlement stand."""
    for name in (FALLEN, MOVED):
        engine.drop(name)


def show_standing(engine: Engine) -> None:
    """Create the views of the versioned tables: the rows of settlements that stand."""
    is_any = FALLEN in engine.tables
    for name in VERSIONED_TABLES:
        stands = f"where not exists (select 1 from {FALLEN} f where f.settlement_key = t.settlement_key)"
        rows = f"select {_columns(name)} from stored_{name} t"
        if is_any and name == "settlements":
            rows += f" left join {MOVED} m on m.settlement_key = t.settlement_key"
        engine.create_view(name, f"{rows} {stands}" if is_any else f"select * from stored_{name}")


def _columns(table: str) -> str:
    if table != "settlements":
        return "t.*"
    moved = "coalesce(m.original_settlement_key, t.original_settlement_key) as original_settlement_key"
    names = (name for name, _ in TABLES[table].stored)
    return ", ".join(moved if name == "original_settlement_key" else f"t.{name}" for name in names)


def standing_digests(engine: Engine) -> dict[str, str]:
    """Digest, by claims month, of what does not stand of it among the attached months; none where all of it stands."""
    if FALLEN not in engine.tables:
        return {}
    found = engine.frame(
        f"""
        select s.month, s.settlement_key, x.original_settlement_key from stored_settlements s join (
          select settlement_key, cast(0 as bigint) as original_settlement_key from {FALLEN}
          union all select settlement_key, original_settlement_key from {MOVED}
        ) x on x.settlement_key = s.settlement_key order by 1, 2, 3
        """
    )
    return {
        str(month): hashlib.sha256(rows.iloc[:, 1:].to_numpy(dtype="int64").tobytes()).hexdigest()
        for month, rows in found.groupby("month")
    }
