"""Read the choice of schemes as typed: `all`, `none`, or `R01,H04:large`."""

from __future__ import annotations

from experiments.synthetic.schemes.scheme import SIZES, Scheme
from experiments.synthetic.schemes.table import SCHEMES
from features.errors import InputError


def choose_schemes(text: str) -> tuple[tuple[Scheme, str | None], ...]:
    """Return the chosen schemes with their size, every way of a code; None lets sizes vary.

    Raises
    ------
    InputError
        For an unknown code or size, naming the nearest.

    Examples
    --------
    >>> [(scheme.code, size) for scheme, size in choose_schemes("H04:large,R01")]
    [('R01', None), ('H04', 'large')]
    >>> choose_schemes("R01x")
    Traceback (most recent call last):
    ...
    features.errors.InputError: scheme 'R01x' in --schemes: an unknown name. Hint: did you mean 'R01'?
    """
    if text == "none":
        return ()
    if text == "all":
        return tuple((scheme, None) for scheme in SCHEMES)
    known = list(dict.fromkeys(scheme.code for scheme in SCHEMES))
    chosen: dict[str, str | None] = {}
    for word in text.split(","):
        code, colon, size = word.strip().partition(":")
        if code in {"all", "none"}:
            hint = f"ask for {code} alone, or leave it out"
            raise InputError.of(f"'{code}'", "in --schemes", "stands beside codes", hint)
        if code in chosen:
            raise InputError.of(f"scheme {code}", "in --schemes", "named twice", "name it once, with one size")
        if code not in known:
            raise InputError.unknown_name("scheme", "in --schemes", code, [*known, "all", "none"])
        if colon and size not in SIZES:
            raise InputError.unknown_name("size", f"of scheme {code}", size, SIZES)
        chosen[code] = size or None
    return tuple((scheme, chosen[scheme.code]) for scheme in SCHEMES if scheme.code in chosen)
