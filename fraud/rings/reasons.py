"""Reasons in words: what was seen, what chance would give, and what may explain it innocently."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _times(observed: float, expected: float) -> str:
    lift = observed / expected if expected > 0 else float("inf")
    return f"{lift:.1f}" if lift < 100 else "100+"


def ring_reasons(ring: Mapping[str, object], kinds: Mapping[str, int]) -> tuple[str, str]:
    """Say in English and Chinese why a ring is worth a look.

    Parameters
    ----------
    ring : mapping
        Figures of the ring, as in `Rings.rings`; amount in minor units.
    kinds : mapping of str to int
        Providers of the ring by member type.
    """
    observed, expected = float(str(ring["observed"])), float(str(ring["expected"]))
    amount = int(str(ring["amount"])) / 100
    times = _times(observed, expected)
    hospitals, clinics, pharmacies = (kinds.get(kind, 0) for kind in ("hospital", "clinic", "pharmacy"))
    parts_en = [
        f"{n} {word if n == 1 else plural}"
        for n, word, plural in (
            (hospitals, "hospital", "hospitals"),
            (clinics, "clinic", "clinics"),
            (pharmacies, "pharmacy", "pharmacies"),
        )
        if n
    ]
    parts_zh = [f"{n}家{word}" for n, word in ((hospitals, "医院"), (clinics, "诊所"), (pharmacies, "药店")) if n]
    n_explained = int(str(ring["n_explained_edges"]))
    english = (
        f"{ring['n_providers']} providers ({', '.join(parts_en)}) share {ring['n_patients']} patients: {observed:,.0f} pairs of patient and provider "
        f"met, where popularity, place of residence and chronic disease explain {expected:,.1f} ({times} times). "
        f"Billed inside the group: {amount:,.2f}. Worth a look; before anything else check for a village with little choice, one owner or "
        f"consortium, a referral pathway, or a specialist centre such as dialysis or oncology."
    )
    chinese = (
        f"{ring['n_providers']}家定点医药机构（{'、'.join(parts_zh)}）共用{ring['n_patients']}名参保人：人次关系{observed:,.0f}对，"
        f"按机构热度、居住地和慢特病情况只应有约{expected:,.1f}对（{times}倍）。组内费用合计{amount:,.2f}元。"
        f"建议核查；请先排除村镇就医选择少、同一集团或医共体、转诊路径、透析或肿瘤等专科中心等正常情形。"
    )
    if n_explained:
        english += (
            f" {n_explained} pairs of members belong to one chain or consortium; what they share counts as expected."
        )
        chinese += f"其中{n_explained}对机构同属一个连锁或医共体，其共用参保人已视为正常。"
    return english, chinese


def member_reasons(member: Mapping[str, object], ring: Mapping[str, object]) -> tuple[str, str]:
    """Say what one member has to do with a ring.

    Parameters
    ----------
    member, ring : mapping
        Rows of `Rings.members` and `Rings.rings`; amounts in minor units.
    """
    amount = int(str(member["amount"])) / 100
    share = float(str(member["turnover_share"]))
    part_en = f" ({share:.0%} of all it billed)" if share == share else ""  # noqa: PLR0124 - only NaN differs from itself
    part_zh = f"，占其总费用{share:.0%}" if share == share else ""  # noqa: PLR0124 - only NaN differs from itself
    observed, expected = float(str(ring["observed"])), float(str(ring["expected"]))
    times = _times(observed, expected)
    role_zh = "核心成员" if member["role"] == "core" else "外围成员"
    if member["member_type"] == "patient":
        part_en = part_en.replace("it billed", "billed for this person")
        return (
            f"Visited {member['n_partners']} of the {ring['n_providers']} providers of ring {ring['ring_id']}, which share patients {times} times as "
            f"often as chance explains; {amount:,.2f} billed there{part_en}. The card may have been used by others.",
            f"在团组{ring['ring_id']}的{ring['n_providers']}家机构中到过{member['n_partners']}家，这些机构共用参保人的程度为正常水平的{times}倍；"
            f"相关费用{amount:,.2f}元{part_zh}。也可能是医保卡被他人使用，请先核实本人是否知情。",
        )
    return (
        f"{'Core' if member['role'] == 'core' else 'Fringe'} member of ring {ring['ring_id']} ({ring['n_providers']} providers): {member['n_partners']} of the "
        f"ring's {ring['n_patients']} patients came here, and the ring shares patients {times} times as often as popularity, place and disease "
        f"explain. {amount:,.2f} billed for them{part_en}.",
        f"团组{ring['ring_id']}（{ring['n_providers']}家机构）的{role_zh}：团组{ring['n_patients']}名参保人中有{member['n_partners']}名在此就医购药，"
        f"团组共用参保人的程度为按热度、地域和病种推算的{times}倍；涉及费用{amount:,.2f}元{part_zh}。",
    )
