"""The encodings of a trace code, brought to one spelling.

Three are in use: twenty digits that begin with 8 (码上放心), GS1 (GTIN and serial, in brackets, between separators or
within a link), and makers' own. Equal spelling means the same box; what cannot be told is left as it is, because two
codes made one would be a second sale that never was.
"""

from __future__ import annotations

from features.engine import quoted

_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F))
# What does not print, but for the group separator, which ends a field of GS1.
_UNSEEN = r"[\x00-\x1c\x1e-\x20\x7f\x{80}-\x{a0}\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}\x{3000}\x{feff}]"
# How readers write the separator and the symbol before the first field.
_SEPARATORS = r"<GS>|\{GS\}|\[GS\]|\x{241d}|\^\]|\\x1[dD]|\\u001[dD]"
_SYMBOL = r"^(\][CdQeJ][0-9]|<FNC1>|\{FNC1\}|\[FNC1\]|\x1d)+"
# Without any of what the three above look for, a code is clean: most are.
_ODD = r"[^0-9A-Za-z()./:_=?&#-]"
_SERIAL = r"[^()\x1d]{1,20}"
_BRACKETED = r"(?:\([0-9]{2,4}\)[^()]+)*"
# Fields of fixed length, and a batch that a separator ends, may stand between number and serial.
_FIELDS = r"\x1d?(?:(?:11|13|15|17)[0-9]{6}\x1d?|10[^\x1d]{1,20}\x1d)*"
# Shapes of GS1, by how they begin: number and serial in brackets, in the other order, without brackets, within a link.
_BRACKETS = rf"^\(01\)([0-9]{{14}})\x1d?{_BRACKETED}\(21\)({_SERIAL})\x1d?{_BRACKETED}$"
_TURNED = rf"^{_BRACKETED}\(21\)({_SERIAL})\x1d?{_BRACKETED}\(01\)([0-9]{{14}})\x1d?{_BRACKETED}$"
_PLAIN = rf"^01([0-9]{{14}}){_FIELDS}21([^\x1d]{{1,20}})(?:\x1d.*)?$"
_LINK = r"^[Hh][Tt][Tt][Pp][Ss]?://.*/01/([0-9]{14})/(?:[^?#]*/)?21/([^/?#]{1,20})(?:[/?#].*)?$"
_LINKED_DIGITS = r"^[Hh][Tt][Tt][Pp][Ss]?://.*[=/](8[0-9]{19})(?:[^0-9].*)?$"
_SHORTEST, _SAME_DIGITS = 6, 12
# Typed where there was no code to scan.
_NO_CODES = ("123456", "1234567", "12345678", "123456789", "1234567890", "12345678901234567890", "81234567890123456789")


def is_plain(code: str) -> str:
    """Return SQL that is true for twenty digits beginning with 8, as most codes are stored: they need no work."""
    return (
        f"(length({code}) = 20 and starts_with({code}, '8') and translate({code}, '0123456789', '') = '' "
        f"and right({code}, {_SAME_DIGITS}) <> repeat(right({code}, 1), {_SAME_DIGITS}) "
        f"and {code} <> '{_NO_CODES[-1]}')"
    )


def cleaned(code: str) -> str:
    """Return SQL of a code in narrow characters, with one kind of separator and without what does not print."""
    narrow = f"translate({code}, {quoted(_WIDE)}, {quoted(_NARROW)})"
    seen = f"regexp_replace({narrow}, '{_UNSEEN}', '', 'g')"
    separated = f"regexp_replace({seen}, '{_SEPARATORS}', chr(29), 'g')"
    bare = f"regexp_replace({separated}, '{_SYMBOL}', '')"
    return f"case when regexp_matches({code}, '{_ODD}') then {bare} else {code} end"


def canonical(code: str, item: str) -> str:
    """Return SQL of the one spelling of a cleaned code; null where there is none.

    Parameters
    ----------
    code : str
        SQL of a code that was `cleaned`.
    item : str
        SQL of its item: makers' own numbers are unique within a product at most.
    """
    digits = f"replace(replace({code}, '-', ''), chr(29), '')"
    own = f"'own:' || coalesce(cast({item} as varchar), '') || ':' || {code}"
    return f"""
    case
      when length({code}) = 20 and {is_plain(code)} then {code}
      when length({digits}) < {_SHORTEST} or {digits} in ({", ".join(quoted(each) for each in _NO_CODES)})
        or right({digits}, {_SAME_DIGITS}) = repeat(right({digits}, 1), least(length({digits}), {_SAME_DIGITS}))
        then null
      when starts_with({code}, '(01)') then {_made(code, _BRACKETS, own)}
      when starts_with({code}, '(') then {_made(code, _TURNED, own, "gs1:$2:$1")}
      when starts_with({code}, '01') and {_has_check_digit(code)} then {_made(code, _PLAIN, own)}
      when starts_with(lower({code}), 'http')
        then {_made(code, _LINK, _made(code, _LINKED_DIGITS, own, "$1"))}
      when length({digits}) = 20 and {is_plain(digits)} then {digits}
      else {own}
    end
    """


def _made(code: str, shape: str, otherwise: str, spelling: str = "gs1:$1:$2") -> str:
    """Return SQL of the spelling that a shape is brought to; a code of another shape is taken otherwise."""
    spelt = spelling.replace("$", "\\")
    return f"coalesce(nullif(regexp_replace({code}, '{shape}', '{spelt}'), {code}), {otherwise})"


def is_outer_gtin(code: str) -> str:
    """Return SQL that is true for a GS1 number whose first digit says that it is an outer pack (1 to 8)."""
    return f"regexp_matches({code}, '^gs1:[1-8]')"


def _has_check_digit(code: str) -> str:
    """Whether the number after 01 ends in its check digit: plain digits may look like GS1 by chance."""
    number = f"coalesce(try_cast(substr({code}, 3, 14) as bigint), 1)"
    digits = (f"{number} // {10**place} % 10 * {3 if place % 2 else 1}" for place in range(14))
    return f"(({' + '.join(digits)}) % 10 = 0)"
