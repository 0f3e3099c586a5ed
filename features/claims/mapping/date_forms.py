"""Forms of dates and times as a mapping declares them: closed, matched whole, and nothing guessed.

A form is written as `strptime` has it, of the directives below. Numbers may lack leading zeros where something stands
between them, as in `%d/%m/%Y`; where they touch, as in `%Y%m%d`, they have all their digits. Months are named in
English, in any case. Two-digit years do not say their century and are no directive.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims.values.grammar import FAILED, UNFORMED, is_all
from features.claims.values.placeholders import stand_in
from features.engine import quoted

if TYPE_CHECKING:
    from features.claims.contract import Column

_SHORT = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_LONG = "(January|February|March|April|May|June|July|August|September|October|November|December)"
# Pattern of a directive, with and without leading zeros to be left out.
_DIRECTIVES: dict[str, tuple[str, str]] = {
    "Y": ("[0-9]{4}", "[0-9]{4}"),
    "m": ("(0[1-9]|1[0-2])", "(0?[1-9]|1[0-2])"),
    "d": ("(0[1-9]|[12][0-9]|3[01])", "(0?[1-9]|[12][0-9]|3[01])"),
    "j": ("[0-3][0-9]{2}", "[0-3][0-9]{2}"),
    "b": (_SHORT, _SHORT),
    "B": (_LONG, _LONG),
    "H": ("([01][0-9]|2[0-3])", "([01]?[0-9]|2[0-3])"),
    "I": ("(0[1-9]|1[0-2])", "(0?[1-9]|1[0-2])"),
    "M": ("[0-5][0-9]", "[0-5]?[0-9]"),
    "S": ("[0-5][0-9]", "[0-5]?[0-9]"),
    "f": ("[0-9]{1,6}", "[0-9]{1,6}"),
    "p": ("[AaPp][Mm]", "[AaPp][Mm]"),
}
_OFFSET = " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
_NUMBERS = frozenset("YmdjHIMSf")
_PIECE = re.compile(r"%(.)|([^%]+)")
# Letters of ASCII between directives would be words (UTC, AM) that are dropped; T stands between day and time.
_BETWEEN = re.compile(r"[^A-Za-z0-9%\x00-\x1f]|T")
_MAX_FORM = 60
# The days that a form must give, and the times that it may.
_DAYS = ({"Y", "m", "d"}, {"Y", "b", "d"}, {"Y", "B", "d"}, {"Y", "j"})
_TIMES = tuple(set(letters) for letters in ("", "H", "HM", "HMS", "HMSf", "Ip", "IMp", "IMSp", "IMSfp"))


def check_form(form: str) -> str:
    """Return a form, or refuse one that is no form of a day or leaves something of it open.

    Examples
    --------
    >>> check_form("%d/%m/%Y %I:%M:%S %p")
    '%d/%m/%Y %I:%M:%S %p'
    >>> check_form("%d/%m/%y")
    Traceback (most recent call last):
    ...
    ValueError: %y is none of %Y %m %d %j %b %B %H %I %M %S %f %p %z
    """
    body = _body(form)
    known = " ".join(f"%{letter}" for letter in (*_DIRECTIVES, "z"))
    if len(form) > _MAX_FORM or "".join(found[0] for found in _PIECE.finditer(body)) != body:
        raise ValueError(f"longer than {_MAX_FORM} characters, or a % that is no directive")
    letters = [found[1] for found in _PIECE.finditer(body) if found[1]]
    for letter in letters:
        if letter not in _DIRECTIVES:
            raise ValueError(f"%{letter} is none of {known}{' but at the end' if letter == 'z' else ''}")
    for found in _PIECE.finditer(body):
        if found[2] and not all(_BETWEEN.fullmatch(sign) for sign in found[2]):
            raise ValueError("letters and digits between directives: their meaning would be dropped")
    given = set(letters)
    if len(letters) != len(given):
        raise ValueError("a directive twice")
    day = given & set("YmdjbB")
    if day not in _DAYS:
        raise ValueError("does not give one day: needs %Y, %m (or %b, %B) and %d, or %Y and %j")
    if given - day not in _TIMES:
        raise ValueError("does not give one time: %H, or %I with %p, then %M, %S, %f")
    if body != form and not given - day:
        raise ValueError("an offset without a time")
    return form


def _body(form: str) -> str:
    return form.removesuffix("%z").removesuffix(" ") if form.endswith("%z") else form


def _pattern(form: str) -> str:
    """Return the pattern of the whole of a text of the form."""
    pieces = list(_PIECE.finditer(_body(form)))
    told = []
    for place, piece in enumerate(pieces):
        if piece[2]:
            told.append(re.sub(r"([ -/:-@\[-`{-~])", r"\\\1", piece[2]))
            continue
        around = [pieces[at][1] for at in (place - 1, place + 1) if 0 <= at < len(pieces)]
        touches = piece[1] in _NUMBERS and any(each and each in _NUMBERS for each in around)
        told.append(_DIRECTIVES[piece[1]][0 if touches else 1])
    return f"(?i){''.join(told)}{_OFFSET if form.endswith('%z') else ''}"


def formed(column: Column, text: str, forms: tuple[str, ...]) -> str:
    """Return SQL of a text in the contract's own form, read by the first form that explains the whole of it.

    A text that no form explains gives a text that is no date; a stand-in of the column stays as it is.

    Parameters
    ----------
    column : Column
        Of dates or times.
    text : str
        SQL of the text.
    forms : tuple of str
        As of `check_form`.
    """
    cases = []
    for form in forms:
        body, offset = text, ""
        if form.endswith("%z"):
            body = f"regexp_replace({text}, {quoted(f'{_OFFSET}$')}, '')"
            offset = f" || trim(regexp_extract({text}, {quoted(f'{_OFFSET}$')}))"
        time = f"strftime(try_strptime({body}, {quoted(_body(form))}), '%Y-%m-%d %H:%M:%S.%f')"
        cases.append(f"when {is_all(text, _pattern(form))} then coalesce({time}{offset}, {UNFORMED})")
    stays = " or ".join([f"{text} is null", f"{text} = {FAILED}", *stand_in(column, text)])
    return f"case when {stays} then {text} {' '.join(cases)} else {UNFORMED} end"
