"""What diagnoses that a stay's payment group rests on are usually cared for with, as SQL of a WITH clause.

A stay rests on its main diagnosis, where there is a lighter group of the same chapter (the commonest counts), and on
secondary diagnoses that raise the group (with CC or MCC).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.engine import quoted_list

if TYPE_CHECKING:
    from features.engine.dialect import Dialect

PLAIN = "5"
# A secondary diagnosis raises the group where at least so many percent of its stays are in a raised one.
_RAISES_PERCENT = 90
# One in four plain stays tells how common an item is; of a diagnosis at most so many stays tell what is usual.
_SAMPLE = 4
_MOST_LEARNT = 400
# A main diagnosis is established by tests; what is done for it differs with its stage.
_TESTS = ("laboratory", "examination")
# Whoever is admitted for an illness may have been tested for it before, as an outpatient or in an earlier stay.
_DAYS_BEFORE = 30


def grouped_sql() -> str:
    """Return `grouped`: stays of the window with stem, severity, weight and the weight of the stem's plain group.

    Systems that pay by groups of one name are told apart by weight alone: a patient is cared for alike in all of them.
    """
    stem = "substr(group_code, 1, length(group_code) - 1)"
    severities = f"('1', '3', '{PLAIN}')"
    return f"""
        groups as (
          select system, group_code, cast(round(max_by(weight, version) * 10000) as bigint) as weight
          from ref_drg_groups where length(group_code) > 1 and weight > 0 group by system, group_code
        ), stems as (
          select system, {stem} as stem, min(weight) as plain_weight from groups
          where right(group_code, 1) in {severities} group by system, {stem}
        ), grouped as (
          select a.settlement_key, s.settlement_id, s.provider_key, s.person_key, s.admit_date, s.month,
                 t.system, t.stem, right(a.group_code, 1) as severity,
                 coalesce(cast(round(a.weight * 10000) as bigint), g.weight) as weight, t.plain_weight
          from drg_assignments a
          join window_settlements s on s.settlement_key = a.settlement_key
          join groups g on g.system = a.system and g.group_code = a.group_code
          join stems t on t.system = a.system and t.stem = substr(a.group_code, 1, length(a.group_code) - 1)
          where right(a.group_code, 1) in {severities}
        )"""


def bases_sql(fewest: int) -> str:
    """Return `bases`: what each stay rests on, its `place` ('main', 'second'), and the lighter weight beside a main.

    Parameters
    ----------
    fewest : int
        Of a diagnosis with fewer stays nothing is said.
    """
    return f"""
        diagnosed as (
          select distinct g.settlement_key, g.settlement_id, g.person_key, g.admit_date, g.system, g.stem, g.severity,
                 g.plain_weight, d.diagnosis_key,
                 case when d.sequence_number = 1 then 'main' else 'second' end as place,
                 substr(c.diagnosis_code, 1, 1) as chapter
          from diagnoses d
          join grouped g on g.settlement_key = d.settlement_key
          join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
        ), main_stems as (
          select system, chapter, stem, plain_weight, count(*) as n_stays
          from diagnosed where place = 'main' group by system, chapter, stem, plain_weight
        ), lighter as (
          select h.system, h.stem, h.chapter,
                 max_by(l.plain_weight, l.n_stays * 1000000000 + l.plain_weight) as lighter_weight
          from main_stems h
          join main_stems l on l.system = h.system and l.chapter = h.chapter and l.plain_weight < h.plain_weight
          group by h.system, h.stem, h.chapter
        ), raising as (
          select diagnosis_key from diagnosed where place = 'second'
          group by diagnosis_key
          having count(*) >= {fewest}
             and count(*) filter (severity <> '{PLAIN}') * 100 >= count(*) * {_RAISES_PERCENT}
        ), bases as (
          select d.settlement_key, d.settlement_id, d.person_key, d.admit_date, d.place, d.diagnosis_key, '' as stem,
                 cast(null as bigint) as lighter_weight
          from diagnosed d join raising r on r.diagnosis_key = d.diagnosis_key where d.place = 'second'
          union all
          select d.settlement_key, d.settlement_id, d.person_key, d.admit_date, d.place, d.diagnosis_key, d.stem,
                 l.lighter_weight
          from diagnosed d
          join lighter l on l.system = d.system and l.stem = d.stem and l.chapter = d.chapter where d.place = 'main'
          qualify count(*) over (partition by d.diagnosis_key, d.stem) >= {fewest}
        )"""


def usual_sql(dialect: Dialect, usual: int, common: int) -> str:
    """Return `usual`: items that most stays resting on a diagnosis have, and few plain stays that do not.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    usual, common : int
        At least so many percent of the first; at most so many of the others.
    """
    return f"""
        learnt as (
          select settlement_key, place, diagnosis_key, stem from bases
          qualify row_number() over (
            partition by place, diagnosis_key, stem order by {dialect.hash64("settlement_id")}, settlement_id
          ) <= {_MOST_LEARNT}
        ), pool as (
          select g.settlement_key, b.diagnosis_key
          from grouped g left join bases b on b.settlement_key = g.settlement_key and b.place = 'main'
          where g.severity = '{PLAIN}' and {dialect.hash64("g.settlement_id")} % {_SAMPLE} = 0
        ), care as (
          select l.settlement_key, l.item_key, bool_or(l.charge_category in {quoted_list(_TESTS)}) as is_test
          from window_charges l
          where l.settlement_key in (select settlement_key from learnt union all select settlement_key from pool)
          group by l.settlement_key, l.item_key
        ), pool_items as (
          select c.item_key, count(*) as n from care c join pool p on p.settlement_key = c.settlement_key
          group by c.item_key
        ), own_items as (
          -- Of the same illness in another group or payment system no stay is another.
          select p.diagnosis_key, c.item_key, count(*) as n
          from care c join pool p on p.settlement_key = c.settlement_key
          where p.diagnosis_key is not null group by p.diagnosis_key, c.item_key
        ), own_stays as (
          select diagnosis_key, count(*) as n from pool where diagnosis_key is not null group by diagnosis_key
        ), n_learnt as (
          select place, diagnosis_key, stem, count(*) as n from learnt group by place, diagnosis_key, stem
        ), often as (
          select b.place, b.diagnosis_key, b.stem, c.item_key
          from learnt b
          join care c on c.settlement_key = b.settlement_key
          join n_learnt k on k.place = b.place and k.diagnosis_key = b.diagnosis_key and k.stem = b.stem
          where b.place = 'second' or c.is_test
          group by b.place, b.diagnosis_key, b.stem, c.item_key, k.n having count(*) * 100 >= k.n * {usual}
        ), usual as (
          select f.place, f.diagnosis_key, f.stem, f.item_key
          from often f
          left join pool_items i on i.item_key = f.item_key
          left join own_items o on o.diagnosis_key = f.diagnosis_key and o.item_key = f.item_key
          left join own_stays s on s.diagnosis_key = f.diagnosis_key
          where (coalesce(i.n, 0) - coalesce(o.n, 0)) * 100
            <= ((select count(*) from pool) - coalesce(s.n, 0)) * {common}
        )"""


def cared_sql() -> str:
    """Return `cared`: `bases`, whether usual care is known, and whether the stay had any of it.

    The tests of a main diagnosis may have been done shortly before the stay, wherever that was.
    """
    same = "u.place = b.place and u.diagnosis_key = b.diagnosis_key and u.stem = b.stem"
    return f"""
        given as (
          select distinct l.settlement_key, l.person_key, cast(l.fee_time as date) as day, l.item_key
          from window_charges l where l.item_key in (select item_key from usual)
        ), had as (
          select b.settlement_key, b.place, b.diagnosis_key
          from given l
          join usual u on u.item_key = l.item_key
          join bases b on b.settlement_key = l.settlement_key and {same}
          union
          select b.settlement_key, b.place, b.diagnosis_key
          from given l
          join usual u on u.item_key = l.item_key and u.place = 'main'
          join bases b on b.person_key = l.person_key and {same}
          where l.day between b.admit_date - {_DAYS_BEFORE} and b.admit_date
        ), cared as (
          select b.*, u.diagnosis_key is not null as is_known,
                 h.settlement_key is not null as is_cared
          from bases b
          left join (select distinct place, diagnosis_key, stem from usual) u on {same}
          left join had h on h.settlement_key = b.settlement_key and h.place = b.place
            and h.diagnosis_key = b.diagnosis_key
        )"""
