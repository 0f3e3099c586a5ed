"""An indicator names a ratio, its median and its fence with digits that tell them apart."""

from tests.rules.peers import BILL, among_peers, providers_but_the_first


def test_a_ratio_just_beyond_the_fence_reads_so(found):
    # MRI makes 5.6 of 100 of each peer, and 6.4 of 100 of P0, twelve scans more than theirs.
    world = among_peers().add("ref_items", item_code="SCAN", imaging_kind="mri")
    at = "2026-03-05 10:00:00"
    world.bill("S0", provider_id="P0", lines=[(at, "PLAIN", 1, 93.6, BILL), (at, "SCAN", 1, 6.4, BILL)] * 100)
    for provider in providers_but_the_first():
        lines = [(at, "PLAIN", 1, 94.4, BILL), (at, "SCAN", 1, 5.6, BILL)]
        world.bill(f"S-{provider}", provider_id=provider, lines=lines)
    _, result = found(world, "mri_share")
    (finding,) = result.findings.findings.itertuples()
    assert finding.reason_en.startswith(
        "MRI's share of all charges is 6.4 percent; the median of 21 peers is 5.6 percent, the fence 5.6 percent."
    )
    assert finding.reason_zh.startswith("核磁检查占比6.4%，21家同类机构的中位数为5.6%，警戒线5.6%。")
