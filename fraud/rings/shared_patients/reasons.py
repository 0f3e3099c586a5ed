"""Reasons in words: what was seen, what chance would give, and what may explain it innocently."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from features.vocabulary.money import money_text
from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = (
    ("hospital", "hospital", "hospitals", "医院"),
    ("clinic", "clinic", "clinics", "诊所"),
    ("pharmacy", "pharmacy", "pharmacies", "药店"),
)


def _number(row: Mapping[str, object], name: str) -> float:
    return float(str(row[name]))


def _money(row: Mapping[str, object]) -> str:
    return money_text(int(str(row["amount"])))


def _times(ring: Mapping[str, object]) -> str:
    lift = _number(ring, "lift")
    return f"{lift:.1f}" if lift < 100 else "over 100"


def _times_zh(ring: Mapping[str, object]) -> str:
    return _times(ring).replace("over 100", "100以上")


def ring_reason(ring: Mapping[str, object], types: Mapping[str, int], *, is_coarse: bool = False) -> Text:
    """Say in English and Chinese why a ring is worth a look.

    Parameters
    ----------
    ring : mapping
        Figures of the ring, as in `Rings.rings`; amount in minor units.
    types : mapping of str to int
        Providers of the ring by member type.
    is_coarse : bool, default False
        Whether place of residence is known too coarsely to explain neighbourhoods.
    """
    who = ", ".join(
        f"{types[each]} {one if types[each] == 1 else many}" for each, one, many, _ in _TYPES if types.get(each)
    )
    who_zh = "、".join(f"{types[each]}家{word}" for each, _, _, word in _TYPES if types.get(each))
    observed, expected = _number(ring, "observed"), _number(ring, "expected")
    english = [
        f"{ring['n_providers']} providers ({who}) share {ring['n_patients']} patients.",
        f"{observed:,.0f} pairs of patient and provider met; popularity, place of residence and chronic disease",
        f"explain {expected:,.1f} ({_times(ring)} times as many were seen). Billed inside the group: {_money(ring)}.",
        "Worth a look. First rule out little choice of providers nearby, one owner or consortium, a referral pathway,",
        "and a specialist centre such as dialysis or oncology.",
    ]
    chinese = [
        f"{ring['n_providers']}家定点医药机构（{who_zh}）共用{ring['n_patients']}名参保人：",
        f"“参保人—机构”就诊购药关系{observed:,.0f}对，按机构规模、居住地和慢特病情况推算约{expected:,.1f}对，",
        f"为推算值的{_times_zh(ring)}倍；组内费用合计{_money(ring)}元。",
        "建议核查。请先排除：当地可选机构少、同一集团或医共体、转诊路径、透析或肿瘤等专科中心。",
    ]
    n_explained = int(str(ring["n_explained_edges"]))
    if n_explained:
        pairs = "pair of members belongs" if n_explained == 1 else "pairs of members belong"
        english.append(f"{n_explained} {pairs} to one chain or consortium; what they share is taken as expected.")
        chinese.append(f"其中{n_explained}对机构同属一个连锁或医共体，其共用参保人按正常处理。")
    if is_coarse:
        english.append("Place of residence is known only coarsely here: a neighbourhood may look like this.")
        chinese.append("本数据的居住地划分较粗，正常的邻里就医也可能呈现此情形。")
    return Text(" ".join(english), "".join(chinese))


def member_reason(member: Mapping[str, object], ring: Mapping[str, object]) -> Text:
    """Say what one member has to do with a ring.

    Parameters
    ----------
    member, ring : mapping
        Rows of `Rings.members` and `Rings.rings`; amounts in minor units.
    """
    share = _number(member, "turnover_share")
    known = not math.isnan(share)
    met, n_providers, n_patients = member["n_partners"], ring["n_providers"], ring["n_patients"]
    name, times, times_zh, money = ring["ring_id"], _times(ring), _times_zh(ring), _money(member)
    if member["member_type"] == "patient":
        english = [
            f"Seen at {met} of the {n_providers} providers of ring {name}, where patients and providers meet {times}",
            f"times as often as chance explains. Billed there: {money}",
            f"({share:.0%} of all that was billed for this person)." if known else "(share of the whole not known).",
            "The card may have been used by others: ask the person first.",
        ]
        chinese = [
            f"在团组{name}的{n_providers}家机构中到过{met}家，该团组参保人与机构的关联为推算值的{times_zh}倍；",
            f"相关费用{money}元" + (f"，占本人总费用{share:.0%}。" if known else "。"),
            "也可能是医保卡被他人使用，请先向本人核实。",
        ]
        return Text(" ".join(english), "".join(chinese))
    role, role_zh = ("Core", "核心") if member["role"] == "core" else ("Fringe", "外围")
    english = [
        f"{role} member of ring {name} ({n_providers} providers): {met} of the ring's {n_patients} patients came here.",
        f"Patients and providers of the ring meet {times} times as often as popularity, place of residence and chronic",
        f"disease explain. Billed here for them: {money}",
        f"({share:.0%} of all that was billed here)." if known else "(share of the whole not known).",
    ]
    chinese = [
        f"团组{name}（{n_providers}家机构）的{role_zh}成员：该团组{n_patients}名参保人中有{met}名在此就诊购药；",
        f"团组内参保人与机构的关联为按机构规模、居住地和慢特病推算值的{times_zh}倍；",
        f"涉及费用{money}元" + (f"，占本机构总费用{share:.0%}。" if known else "。"),
    ]
    return Text(" ".join(english), "".join(chinese))
