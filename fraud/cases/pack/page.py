"""The case page: one self-contained HTML file that opens offline and reads without scripts."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
from markupsafe import Markup

from features.vocabulary.money import money_text
from fraud.cases.basis import basis_in
from fraud.cases.clue_names import clues_of, lines_with_names
from fraud.cases.line_columns import LINE_COLUMNS, SCALES, LineColumn, word_in
from fraud.cases.pack.box_words import BOX_COLUMNS, step_cells
from fraud.cases.pack.page_words import RESULTS, SOURCES, WORDS
from fraud.cases.pack.peer_plot import peer_plot
from fraud.cases.pack.ring_drawing import draw_ring
from fraud.cases.pack.sheets.inside import INSIDE_COLUMNS
from fraud.cases.pack.workbook_words import INSIDE_KINDS, NO_MODEL, RUN_FACTS
from fraud.cases.rule_gaps import KINDS as GAP_KINDS
from fraud.cases.sheet_words import DECISIONS, KINDS, SELECTION_REASONS, SUBJECT_TYPES
from fraud.scoring.sentences import in_one_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.vocabulary.text import Text
    from fraud.cases.case import Case, CasePack

# The page shows what is read at a glance; hashes and departments are in the workbook.
_NOT_ON_PAGE = {"row_hash", "department_code", "finding_id", "provider_id", "admit_time", "discharge_time"}
_PAGE_COLUMNS = tuple(column for column in LINE_COLUMNS if column.name not in _NOT_ON_PAGE)
# Of a case in the queue; the workbook lists all.
_MOST_CLUES = 3
# Departments or practitioners of a provider; the workbook lists more.
_MOST_INSIDE = 20


def render_page(pack: CasePack, *, max_lines: int = 40) -> str:
    """Render a pack as HTML.

    Parameters
    ----------
    pack : CasePack
        The cases, in the order of the queue.
    max_lines : int, default 40
        Most claim lines shown of each case; the page says how many more there are.

    Returns
    -------
    str
        The page. Everything that came with the claims is escaped.
    """
    lang = pack.lang
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters.update(
        money=money_text,
        say=lambda text: text.of(lang),
        word=lambda value, words: _word(value, words, lang),
        basis=lambda text: basis_in(text, lang),
    )
    return environment.get_template("page.html.j2").render(
        pack=pack,
        lang=lang,
        cases=[_case_on_page(case, lang, max_lines) for case in pack.cases],
        line_columns=_PAGE_COLUMNS,
        inside_columns=INSIDE_COLUMNS,
        box_columns=BOX_COLUMNS,
        box_width=sum(width for _, width in BOX_COLUMNS),
        gap_counts=Counter(gap.kind for gap in pack.gaps).items(),
        # What somebody decided, or what failed, is seen at once; what a source lacks is as it was.
        is_gap_open=any(gap.kind in {"set_aside", "failed"} for gap in pack.gaps),
        w={name: text.of(lang) for name, text in WORDS.items()},
        closed={
            "kinds": KINDS,
            "subjects": SUBJECT_TYPES,
            "decisions": DECISIONS,
            "chosen": SELECTION_REASONS,
            "sources": SOURCES,
            "results": RESULTS,
            "gaps": GAP_KINDS,
            "run": RUN_FACTS,
            "models": NO_MODEL,
        },
        # Our own files, not data.
        css=Markup(_resource("page.css")),  # noqa: S704
        js=Markup(_resource("page.js")),  # noqa: S704
    )


def _resource(name: str) -> str:
    return files("fraud.cases.pack").joinpath("templates").joinpath(name).read_text(encoding="utf-8")


def _word(value: str, words: Mapping[str, Text], lang: str) -> str:
    return words[value].of(lang) if value in words else value


def _case_on_page(case: Case, lang: str, max_lines: int) -> dict[str, Any]:
    """Bring a case into the values that the template writes."""
    lines = lines_with_names(case, lang)[[column.name for column in _PAGE_COLUMNS]]
    rows = lines.head(max_lines).itertuples(index=False, name=None)
    written = [[_cell(column, value, lang) for column, value in zip(_PAGE_COLUMNS, row, strict=True)] for row in rows]
    return {
        "case": case,
        "clues": list(dict.fromkeys(name.of(lang) for _, name in clues_of(case)[:_MOST_CLUES])),
        "inside": _inside_on_page(case, lang),
        "boxes": [
            (box, [(step.explanation, step_cells(step, lang)) for step in box.steps]) for box in case.trails.boxes
        ],
        "plots": [
            (view, peer_plot(view), in_one_unit((view.value, view.median, view.p90), view.unit, lang))
            for view in case.peers
        ],
        "drawings": [(ring, draw_ring(ring, case.shown_id)) for ring in case.rings],
        "rows": written,
        "n_more": len(case.lines) - len(written),
    }


def _inside_on_page(case: Case, lang: str) -> list[tuple[str, list[list[str]]]]:
    """Return the kinds of units of a provider, each with its first rows as they are written."""
    found: dict[str, list[list[str]]] = {}
    # Counts here, where a line shows its number.
    written: dict[str, Callable[[Any], str]] = {**_WRITTEN, "integer": lambda value: f"{int(value):,}"}
    for unit in case.inside:
        rows = found.setdefault(INSIDE_KINDS[unit.kind].of(lang), [])
        if len(rows) < _MOST_INSIDE:
            values = ((kind, getattr(unit, name)) for name, _, kind, _ in INSIDE_COLUMNS)
            rows.append([written.get(kind, str)(value) if value is not None else "" for kind, value in values])
    return list(found.items())


# How a known value of each kind is written.
_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "money": money_text,
    "price": lambda value: f"{int(value) / SCALES['price']:,.2f}",
    "quantity": lambda value: f"{int(value) / SCALES['quantity']:g}",
    "integer": lambda value: str(int(value)),
    "number": lambda value: f"{value:.2f}",
    "share": lambda value: f"{value:.1%}",
    "time": lambda value: f"{pd.Timestamp(value):%Y-%m-%d %H:%M}",
    "date": lambda value: f"{pd.Timestamp(value):%Y-%m-%d}",
}


def _cell(column: LineColumn, value: Any, lang: str) -> str:
    if value is None or pd.isna(value):
        return ""
    if column.kind in _WRITTEN:
        return _WRITTEN[column.kind](value)
    return str(word_in(column.name, str(value), lang))
