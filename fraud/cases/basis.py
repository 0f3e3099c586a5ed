"""The legal basis of a finding in one language: Chinese law has a gloss for readers of English, and only for them."""

from __future__ import annotations

import re

_GLOSS = re.compile(r"\s*\([A-Za-z][^()]*\)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def basis_in(basis: str, lang: str) -> str:
    """Return a basis for readers of a language: in Chinese without the glosses in English, unless it is all English.

    Examples
    --------
    >>> basis_in("《处方管理办法》第十八条 (Prescription Rules, Art. 18); 第八条", "zh")
    '《处方管理办法》第十八条；第八条'
    >>> basis_in("Price list (region A)", "zh")
    'Price list (region A)'
    """
    if lang != "zh" or not _CHINESE.search(basis):
        return basis
    return _GLOSS.sub("", basis).replace("; ", "；")
