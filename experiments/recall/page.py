"""The recall page: one self-contained HTML file that opens offline and reads without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
from markupsafe import Markup

from experiments.recall.plots import DELAY_COLOURS, Bar, Point, bars, scatter, stacked, strips
from experiments.recall.rings import MATCH
from experiments.recall.words import WORDS
from features.vocabulary.money import money_text
from features.vocabulary.schemes import schemes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.metrics import Interval
    from experiments.recall.recall import Recall

_LIST = ("entity", "n_subjects", "n_budget", "n_guilty", "n_found", "recall", "precision", "base_rate")
_MONEY = ("planted_amount", "found_amount", "found_amount_share")
_COLUMNS = {
    "lists": (*_LIST, *_MONEY),
    "places": (
        *("entity", "first", "order", "n_places", "n_right", "precision", "n_in_places", "n_found", "recall"),
        *("n_schemes", "n_schemes_reached", "found_amount_share"),
    ),
    "schemes": (
        *("entity", "scheme_code", "size", "n_guilty", "n_absent", "n_possible", "n_found", "recall"),
        *("recall_of_possible", "best_rank", "median_rank", *_MONEY),
    ),
    "flagged": (
        *("entity", "scheme_code", "n_guilty", "n_flagged", "n_flagged_guilty", "flagged_recall"),
        *("flagged_precision", "n_flagged_inside", "flagged_inside_precision"),
    ),
    "delays": ("entity", "scheme_code", "size", "n_guilty", "n_detected", "n_never", "median_delay_months"),
    "twins": (
        *("twin_of", "subject_type", "n_twins", "n_ranked", "n_inside", "false_alarm_rate", "definite_share"),
        *("other_share", "same_scheme_share", "n_in_reported_rings"),
    ),
    "rings": (
        *("ring_id", "scheme_code", "n_members", "n_providers", "provider_overlap", "is_found", "member_overlap"),
        *("member_precision", "member_recall", "member_f1"),
    ),
    "lines": (
        *("scheme_code", "rule", "n_reported", "n_planted", "n_both", "precision", "recall", "any_precision"),
        *("reported_amount", "planted_amount", "signed_error_amount", "absolute_error_amount"),
    ),
    "power": (
        *("scheme_code", "n_guilty", "n_found", "smallest_size_found", "largest_size_missed"),
        *("lowest_found_amount_share", "highest_missed_amount_share", "lowest_found_lines_share"),
    ),
}
_RANKINGS = ("average_precision", "auroc", "precision_at_budget", "lift_at_budget")
_RING_FACTS = (
    *("n_found", "n_found_by_members", "n_reported_matched", "n_reported_unmatched", "ring_precision", "ring_recall"),
    *("ring_f1", "smallest_found_members", "largest_missed_members"),
    "n_twins_reported",
)
_SHARES = {"recall", "precision", "recall_of_possible", "base_rate", "false_alarm_rate"}
_NAMES = {"scheme_code", "twin_of", "ring_id"}
_TEXTS = {"entity", "first", "order", "subject_type", "size", "smallest_size_found", "largest_size_missed", "rule"}
# Delays are shown as 0, 1, 2, 3 or more months, and never.
_LATEST = 3


@dataclass(frozen=True)
class Section:
    """One part of the page: its name among the words, plots, and a table whose first columns are words."""

    name: str
    plots: Sequence[tuple[str, Markup]]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    n_words: int
    facts: Sequence[tuple[str, str]] = ()


def render_page(recall: Recall, *, lang: str = "en") -> str:
    """Render a recall as HTML.

    Parameters
    ----------
    recall : Recall
        What was measured.
    lang : str
        `en` or `zh`.

    Returns
    -------
    str
        The page. Codes and names that came with the truth are escaped.
    """
    w = {name: text.of(lang) for name, text in WORDS.items()}
    return render(
        "page.html.j2",
        lang=lang,
        recall=recall,
        w=w,
        sections=[section for section in _sections(recall, w, lang) if section.rows],
        delay_colours=list(zip(DELAY_COLOURS, ("0", "1", "2", f"≥ {_LATEST}", w["never"]), strict=True)),
    )


def render(template: str, **values: Any) -> str:
    """Render one of the templates, with our own style sheet."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    css = Markup(_resource("page.css"))  # noqa: S704 - our own file, not data
    return environment.get_template(template).render(css=css, **values)


def _resource(name: str) -> str:
    return files("experiments.recall").joinpath("templates").joinpath(name).read_text(encoding="utf-8")


def _sections(found: Recall, w: dict[str, str], lang: str) -> list[Section]:
    entities = list(found.lists["entity"])
    plots: dict[str, list[tuple[str, Markup]]] = {
        "schemes": [
            *((w[entity], bars(_recall_bars(found.schemes, entity, w), w["schemes"])) for entity in entities),
            *(
                (f"{w['money']}: {w[entity]}", bars(_money_bars(found.schemes, entity, w), w["money"]))
                for entity in entities
            ),
        ],
        "delays": [(w[entity], stacked(_delay_rows(found.delays, entity, w), w["delays"])) for entity in entities],
        "twins": [("", bars(_twin_bars(found.twins, w), w["twins"]))],
        "rings": [("", scatter(_ring_points(found.rings), w["rings"], w["ring_x"], MATCH))],
        "power": [("", strips(_rate_strips(found.rates), w["power"], w["power_x"]))],
    }
    tables = {name: _table(getattr(found, name), columns, w, lang) for name, columns in _COLUMNS.items()}
    facts = [(w[name], write(found.ring_summary[name], name)) for name in _RING_FACTS]
    sections = [
        Section(name, plots.get(name, ()), *tables[name], _n_words(columns), facts if name == "rings" else ())
        for name, columns in _COLUMNS.items()
    ]
    head = [w["entity"], w["ranking"], *(w[name] for name in _RANKINGS)]
    rows = [
        [w[entity], w.get(ranking, ranking), *(_interval(metrics[name]) for name in _RANKINGS)]
        for entity, rankings in found.rankings.items()
        for ranking, metrics in rankings.items()
    ]
    return [*sections, Section("rankings", (), head, rows, 2)]


def _n_words(columns: Sequence[str]) -> int:
    """Return how many columns at the left hold words; numbers stand to the right."""
    return next(number for number, name in enumerate(columns) if name not in _TEXTS | _NAMES)


def _table(
    frame: pd.DataFrame, columns: Sequence[str], w: dict[str, str], lang: str
) -> tuple[list[str], list[list[str]]]:
    def cell(value: Any, name: str) -> str:
        if name == "scheme_code":
            return _scheme_name(str(value), lang)
        if name in _TEXTS:
            return w.get(value, value) if isinstance(value, str) else "–"
        if name == "is_found":
            return w["yes" if value else "no"]
        return write(value, name)

    rows = [[cell(value, name) for value, name in zip(row, columns, strict=True)] for row in _rows(frame, columns)]
    return [w[name] for name in columns], rows


def _scheme_name(code: str, lang: str) -> str:
    """Write a code with its name; a truth may name a code that has none."""
    known = schemes().get(code)
    return f"{code} {known.name.of(lang)}" if known else code


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None)) if len(frame) else []


def write(value: Any, name: str) -> str:
    """Write a number after what it is: money, share, count.

    Examples
    --------
    >>> write(12345, "planted_amount"), write(0.25, "recall"), write(None, "recall")
    ('123.45', '25.0 %', '–')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if isinstance(value, str):
        return value
    if name.endswith("_amount"):
        return money_text(value)
    if name in _SHARES or name.endswith(("_share", "_precision", "_recall")):
        return f"{value:.1%}".replace("%", " %")
    if name.endswith(("overlap", "f1")):
        return f"{value:.2f}"
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"


def _interval(interval: Interval) -> str:
    return (
        f"{interval.value:.3f}"
        if pd.isna(interval.low)
        else f"{interval.value:.3f} ({interval.low:.3f}–{interval.high:.3f})"
    )


def _recall_bars(schemes: pd.DataFrame, entity: str, w: dict[str, str]) -> list[Bar]:
    return [
        Bar(
            f"{row['scheme_code']} {w[row['size']]}",
            f"{row['n_found']} / {row['n_guilty']}",
            _number(row["recall"]),
            mark=row["n_possible"] / row["n_guilty"] if row["n_guilty"] else None,
            low=_number(row["recall_low"]),
            high=_number(row["recall_high"]),
        )
        for row in _of(schemes, entity)
    ]


def _money_bars(schemes: pd.DataFrame, entity: str, w: dict[str, str]) -> list[Bar]:
    return [
        Bar(
            f"{row['scheme_code']} {w[row['size']]}",
            write(row["planted_amount"], "planted_amount"),
            _number(row["found_amount_share"]),
        )
        for row in _of(schemes, entity)
    ]


def _delay_rows(delays: pd.DataFrame, entity: str, w: dict[str, str]) -> list[tuple[str, list[int], str]]:
    rows = []
    for row in _of(delays, entity):
        counts = [0] * (_LATEST + 1)
        for delay, n in row["n_by_delay"].items():
            counts[min(int(delay), _LATEST)] += n
        median = write(row["median_delay_months"], "median_delay_months")
        rows.append((f"{row['scheme_code']} {w[row['size']]}", [*counts, row["n_never"]], f"{w['median_of']} {median}"))
    return rows


def _twin_bars(twins: pd.DataFrame, w: dict[str, str]) -> list[Bar]:
    return [
        Bar(
            f"{row['twin_of']} {w[row['subject_type']]}",
            f"{row['n_inside']} / {row['n_ranked']}",
            _number(row["false_alarm_rate"]),
            low=_number(row["false_alarm_low"]),
            high=_number(row["false_alarm_high"]),
        )
        for row in twins.to_dict(orient="records")
        if row["n_ranked"]
    ]


def _ring_points(rings: pd.DataFrame) -> list[Point]:
    return [
        Point(row["n_members"], row["provider_overlap"], row["is_found"]) for row in rings.to_dict(orient="records")
    ]


def _rate_strips(rates: pd.DataFrame) -> list[tuple[str, list[Point], str]]:
    rows = []
    for code, members in rates.dropna(subset=["amount_share"]).groupby("scheme_code", sort=True):
        points = [Point(row.amount_share, 0.0, row.is_found) for row in members.itertuples()]
        rows.append((str(code), points, f"{sum(point.is_filled for point in points)} / {len(points)}"))
    return rows


def _of(frame: pd.DataFrame, entity: str) -> list[dict[str, Any]]:
    return frame[frame["entity"] == entity].to_dict(orient="records") if len(frame) else []


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
