"""Put the recall of several invented cities together: counts and money added up, intervals over seeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.metrics import Interval, wilson
from experiments.recall.measure import ALL_SIZES, SIZE_ORDER, share
from experiments.recall.places import BUDGET, FIRST, LIST, RANK
from experiments.recall.power import measure_power
from experiments.recall.rings import harmonic
from features.vocabulary.entities import PROFILED

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from experiments.recall.recall import Recall

# Table to the columns that tell its rows apart, and its ratios as (part, whole).
_TABLES: Mapping[str, tuple[list[str], Mapping[str, tuple[str, str]]]] = {
    "lists": (
        ["entity"],
        {
            "recall": ("n_found", "n_guilty"),
            "precision": ("n_found", "n_budget"),
            "base_rate": ("n_guilty", "n_subjects"),
            "found_amount_share": ("found_amount", "planted_amount"),
        },
    ),
    "places": (
        ["entity", "first", "order"],
        {
            "precision": ("n_right", "n_places"),
            "recall": ("n_found", "n_guilty"),
            "schemes_share": ("n_schemes_reached", "n_schemes"),
            "found_amount_share": ("found_amount", "planted_amount"),
        },
    ),
    "schemes": (
        ["entity", "scheme_code", "size"],
        {
            "recall": ("n_found", "n_guilty"),
            "recall_of_possible": ("n_found", "n_possible"),
            "found_amount_share": ("found_amount", "planted_amount"),
        },
    ),
    "flagged": (
        ["entity", "scheme_code"],
        {
            "flagged_recall": ("n_flagged_guilty", "n_guilty"),
            "flagged_precision": ("n_flagged_guilty", "n_flagged"),
            "flagged_inside_precision": ("n_flagged_inside_guilty", "n_flagged_inside"),
        },
    ),
    "twins": (
        ["twin_of", "subject_type"],
        {
            "false_alarm_rate": ("n_inside", "n_ranked"),
            "definite_share": ("n_definite", "n_twins"),
            "other_share": ("n_other", "n_twins"),
            "same_scheme_share": ("n_same_scheme", "n_twins"),
        },
    ),
    "lines": (
        ["scheme_code", "rule"],
        {
            "precision": ("n_both", "n_reported"),
            "recall": ("n_both", "n_planted"),
            "any_precision": ("n_any", "n_reported"),
            "matched_amount_share": ("matched_amount", "planted_amount"),
            "absolute_error_share": ("absolute_error_amount", "planted_amount"),
        },
    ),
}
# What all cities of a study have in common.
_CITY = ("persons", "providers", "months")
_SUMMED_RINGS = (
    *("n_planted", "n_found", "n_found_by_members", "n_reported", "n_reported_matched", "n_reported_unmatched"),
    *("n_reported_without_guilty_provider", "n_twins", "n_twins_reported"),
)


def pool(found: Sequence[Recall], *, n_draws: int = 1000, seed: int = 7) -> Recall:
    """Pool the recall of several cities.

    Intervals of recall by scheme and of false alarms are Wilson's over the pooled counts. Those of whole lists and of
    rankings come from drawing seeds with replacement, since what one seed holds hangs together; one seed has none.

    Parameters
    ----------
    found : sequence of Recall
        At least one, measured with one budget.
    n_draws, seed : int
        Of the bootstrap over seeds.
    """
    first = found[0]
    seeds = [str(one.city.get("seed", place)) for place, one in enumerate(found)]
    draw = _drawer(seeds, n_draws, seed)
    parts = {name: [getattr(one, name) for one in found] for name in _TABLES}
    parts["schemes"] += [_over_sizes(one.schemes) for one in found]
    tables = {name: _summed(parts[name], *_TABLES[name]) for name in _TABLES}
    rates = _stack([one.rates for one in found])
    return replace(
        first,
        n_cities=len(found),
        city={
            **{name: first.city[name] for name in ("persons", "providers") if name in first.city},
            "seeds": _once(seeds),
        },
        lists=_with_intervals(tables["lists"], [one.lists for one in found], draw),
        places=tables["places"],
        schemes=_by_wilson(_without_lone_totals(tables["schemes"]), "recall", ("n_found", "n_guilty")),
        flagged=tables["flagged"],
        twins=_by_wilson(tables["twins"], "false_alarm", ("n_inside", "n_ranked")),
        lines=tables["lines"],
        delays=_delays([one.delays for one in found]),
        rings=_stack([one.rings for one in found]),
        ring_summary=_rings(found),
        rates=rates,
        power=measure_power(rates),
        rankings=_rankings(found, draw),
    )


def _stack(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put rows below each other by value: parts may be empty, or unknown in a whole column."""
    return pd.DataFrame([row for part in parts for row in part.to_dict(orient="records")])


def _once(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _summed(parts: Sequence[pd.DataFrame], keys: list[str], ratios: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    whole = _stack(parts)
    if whole.empty:
        return whole
    counts = [name for name in whole.columns if name.startswith("n_") or name.endswith("_amount")]
    whole[counts] = whole[counts].astype("Int64")
    ranks = {name: how for name, how in (("best_rank", "min"), ("median_rank", "median")) if name in whole}
    groups = whole.groupby(keys, sort=True)
    added = groups[counts].sum().join(groups.agg(ranks) if ranks else pd.DataFrame(index=groups.size().index))
    for name, (part, of) in ratios.items():
        added[name] = [share(a, b) for a, b in zip(added[part], added[of], strict=True)]
    return added.reset_index().sort_values(keys, key=_in_order, ignore_index=True)


def _in_order(column: pd.Series) -> pd.Series:
    """Sizes and entities in their own order, everything else by the alphabet."""
    orders: dict[Hashable, tuple[str, ...]] = {
        "size": SIZE_ORDER,
        "entity": PROFILED,
        "first": (BUDGET, *map(str, FIRST)),
        "order": (RANK, LIST),
    }
    return column.map(orders[column.name].index) if column.name in orders else column


def _over_sizes(schemes: pd.DataFrame) -> pd.DataFrame:
    """Rows over all sizes for the schemes that have one size in their city, and so no such row yet."""
    if schemes.empty:
        return schemes
    lone = ~schemes.duplicated(["entity", "scheme_code"], keep=False)
    return schemes[lone].assign(size=ALL_SIZES)


def _without_lone_totals(schemes: pd.DataFrame) -> pd.DataFrame:
    """Leave out the row over all sizes where it repeats the only size."""
    if schemes.empty:
        return schemes
    n_rows = schemes.groupby(["entity", "scheme_code"])["size"].transform("count")
    return schemes[(schemes["size"] != ALL_SIZES) | (n_rows > 2)].reset_index(drop=True)


def _by_wilson(table: pd.DataFrame, name: str, ratio: tuple[str, str]) -> pd.DataFrame:
    if table.empty:
        return table
    intervals = [wilson(int(part), int(of)) for part, of in zip(table[ratio[0]], table[ratio[1]], strict=True)]
    return table.assign(**{f"{name}_low": [i.low for i in intervals], f"{name}_high": [i.high for i in intervals]})


def _drawer(seeds: Sequence[str], n_draws: int, seed: int) -> list[np.ndarray]:
    """Places of the cities in each draw: seeds drawn with replacement, each with all its cities; none of one seed."""
    names = list(dict.fromkeys(seeds))
    if len(names) == 1:
        return []
    places = [np.array([place for place, own in enumerate(seeds) if own == name]) for name in names]
    generator = np.random.default_rng(seed)
    return [np.concatenate([places[i] for i in generator.integers(0, len(names), len(names))]) for _ in range(n_draws)]


def _with_intervals(lists: pd.DataFrame, parts: Sequence[pd.DataFrame], draw: Sequence[np.ndarray]) -> pd.DataFrame:
    rows = []
    for row in lists.to_dict(orient="records"):
        ends: dict[str, float] = {}
        own = pd.DataFrame([part[part["entity"] == row["entity"]].iloc[0] for part in parts])
        for name, (part, of) in _TABLES["lists"][1].items():
            a, b = own[part].to_numpy(dtype=float), own[of].to_numpy(dtype=float)
            low, high = _ends([_ratio(a[d].sum(), b[d].sum()) for d in draw])
            ends |= {f"{name}_low": low, f"{name}_high": high}
        rows.append({**row, **ends})
    return pd.DataFrame(rows)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _ends(values: Sequence[float]) -> tuple[float, float]:
    known = np.array(values)[~np.isnan(values)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return float(low), float(high)


def _delays(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    whole = _stack(parts)
    if whole.empty:
        return whole
    rows = []
    for (entity, code, size), members in whole.groupby(["entity", "scheme_code", "size"], sort=True):
        counts: Counter[str] = sum((Counter(n) for n in members["n_by_delay"]), Counter())
        delays = np.repeat([int(delay) for delay in counts], list(counts.values()))
        rows.append(
            {
                "entity": entity,
                "scheme_code": code,
                "size": size,
                **{name: int(members[name].sum()) for name in ("n_guilty", "n_detected", "n_never")},
                "median_delay_months": float(np.median(delays)) if len(delays) else None,
                "n_by_delay": dict(sorted(counts.items(), key=lambda item: int(item[0]))),
            }
        )
    return pd.DataFrame(rows).sort_values(["entity", "scheme_code", "size"], key=_in_order, ignore_index=True)


def _rings(found: Sequence[Recall]) -> dict[str, Any]:
    added: dict[str, Any] = {name: sum(one.ring_summary[name] for one in found) for name in _SUMMED_RINGS}
    precision = share(added["n_reported_matched"], added["n_reported"])
    recall = share(added["n_found"], added["n_planted"])
    return {
        **added,
        "ring_precision": precision,
        "ring_recall": recall,
        "ring_f1": harmonic(precision or 0.0, recall or 0.0) if added["n_planted"] else None,
        "smallest_found_members": _extreme(found, "smallest_found_members", min),
        "largest_missed_members": _extreme(found, "largest_missed_members", max),
    }


def _extreme(found: Sequence[Recall], name: str, how: Callable[..., int]) -> int | None:
    known = [one.ring_summary[name] for one in found if one.ring_summary[name] is not None]
    return how(known) if known else None


def _rankings(found: Sequence[Recall], draw: Sequence[np.ndarray]) -> dict[str, dict[str, dict[str, Interval]]]:
    pooled: dict[str, dict[str, dict[str, Interval]]] = {}
    for entity in dict.fromkeys(name for one in found for name in one.rankings):
        known = [one.rankings.get(entity, {}) for one in found]
        for ranking in dict.fromkeys(name for rankings in known for name in rankings):
            for metric in next(rankings[ranking] for rankings in known if ranking in rankings):
                values = np.array([r[ranking][metric].value if ranking in r else np.nan for r in known])
                interval = Interval(_mean(values), *_ends([_mean(values[d]) for d in draw]))
                pooled.setdefault(entity, {}).setdefault(ranking, {})[metric] = interval
    return pooled


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
