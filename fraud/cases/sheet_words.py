"""The closed words of the case summary sheet, in both languages: they go out in its cells and come back in them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Text("Case summary", "案件汇总")

# How a review may end, in the contract's words and in those of the sheet.
DECISIONS: Mapping[str, Text] = {
    "confirmed_fraud": Text("Confirmed: fraud", "查实：欺诈骗保"),
    "confirmed_abuse": Text("Confirmed: abuse", "查实：滥用基金"),
    "confirmed_waste": Text("Confirmed: waste", "查实：过度医疗"),
    "confirmed_error": Text("Confirmed: billing error", "查实：收费差错"),
    "policy_ambiguity": Text("Policy unclear", "政策界限不清"),
    "unfounded": Text("Explained: not upheld", "有合理解释，不予认定"),
    "insufficient_evidence": Text("Not enough evidence", "证据不足"),
}
SUBJECT_TYPES: Mapping[str, Text] = {
    "provider": Text("Provider", "医药机构"),
    "patient": Text("Insured person", "参保人"),
    "practitioner": Text("Practitioner", "医师"),
    "ring": Text("Ring", "团伙线索"),
    "settlement": Text("Settlement", "结算单"),
}
SELECTION_REASONS: Mapping[str, Text] = {
    "ranked": Text("Ranked by priority", "按优先级"),
    "random_audit": Text("Drawn at random", "随机抽查"),
    "complaint": Text("Complaint", "投诉举报"),
    "referral": Text("Referral", "移送"),
    "other": Text("Other", "其他"),
}
STATUSES: Mapping[str, Text] = {
    "to_review": Text("To review", "待核查"),
    "in_review": Text("In review", "核查中"),
    "decided": Text("Decided", "已办结"),
}
KINDS: Mapping[str, Text] = {
    "hospital": Text("Hospital", "医院"),
    "clinic": Text("Clinic", "诊所"),
    "community_center": Text("Community health centre", "社区卫生服务中心"),
    "village_clinic": Text("Village clinic", "村卫生室"),
    "retail_pharmacy": Text("Retail pharmacy", "定点零售药店"),
    "dual_channel_pharmacy": Text("Dual-channel pharmacy", "双通道药店"),
    "internet_hospital": Text("Internet hospital", "互联网医院"),
    "laboratory": Text("Laboratory", "检验机构"),
    "other": Text("Other", "其他"),
}
# By column of the sheet.
WORDS: Mapping[str, Mapping[str, Text]] = {
    "subject_type": SUBJECT_TYPES,
    "decision": DECISIONS,
    "selection_reason": SELECTION_REASONS,
    "status": STATUSES,
    "kind": KINDS,
}
_BLANK = re.compile(r"\s+")


def plain_word(word: str) -> str:
    """Return a word without blanks, in small letters, its full-width signs as their plain twins: equal if meant alike.

    Examples
    --------
    >>> plain_word("查实：欺诈骗保 ") == plain_word("查实: 欺诈骗保")
    True
    """
    return _BLANK.sub("", unicodedata.normalize("NFKC", word)).casefold()


_CODES = {
    column: {plain_word(word): code for code, text in words.items() for word in (code, text.en, text.zh)}
    for column, words in WORDS.items()
}


def code_of(column: str, word: str) -> str:
    """Return the contract's word for one of the sheet, in either language; unknown words stay as they are.

    Examples
    --------
    >>> code_of("decision", "有合理解释, 不予认定"), code_of("decision", "Unfounded "), code_of("decision", "guilty")
    ('unfounded', 'unfounded', 'guilty')
    """
    text = word.strip()
    return _CODES.get(column, {}).get(plain_word(text), text)


def word_of(column: str, code: str, lang: str) -> str:
    """Return the sheet's word for one of the contract; codes without words stay as they are.

    Examples
    --------
    >>> word_of("kind", "clinic", "zh"), word_of("kind", "spa", "zh")
    ('诊所', 'spa')
    """
    text = WORDS[column].get(code)
    return text.of(lang) if text else code
