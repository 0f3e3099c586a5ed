"""Features shown against peers: which lie in the tail is said by the scored month, where peers stand by `compare`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from features.catalogue import features
from features.peers.compare import compare
from fraud.cases.build import build_pack
from fraud.cases.peer_views import PeerViews
from fraud.settings import CaseSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.cases.case import PeerView
    from fraud.workspace import Workspace

MONTH = "2026-03"


def _views(percentiles: Mapping[str, float], tail: float) -> list[str]:
    """Features of H1 that are shown, each with one peer and a percentile of its own."""
    profiles = pd.DataFrame({"peer_group": ["clinic", "clinic"]}, index=["H1", "H2"])
    profiles = profiles.assign(**{name: [0.5, 0.1] for name in percentiles})
    rows = pd.DataFrame({"feature": list(percentiles), "peer_percentile": list(percentiles.values())})
    rows = rows.assign(subject_type="provider", subject_id="H1", score_name="anomaly_score")
    rows = rows.assign(value=0.5, peer_median=0.3, peer_n=2, contribution=1.0)
    return [view.feature for view in PeerViews("provider", profiles, rows, tail).of("H1")]


def test_a_month_scored_with_95_shows_no_plot_at_92() -> None:
    # The cash share is suspicious where it is low: 6 lies in the tail of 90 and not in that of 95.
    percentiles = {"round_amount_share": 92.0, "refund_share": 96.0, "cash_paid_share": 6.0}
    assert features("provider")["cash_paid_share"].direction == "low"
    assert _views(percentiles, 95.0) == ["refund_share"]
    assert _views(percentiles, 90.0) == ["cash_paid_share", "refund_share", "round_amount_share"]


def _is_far(view: PeerView, tail: float) -> bool:
    direction = features("provider" if view.feature in features("provider") else "patient")[view.feature].direction
    high, low = view.percentile >= tail, view.percentile <= 100 - tail
    return {"high": high, "low": low, "both": high or low}.get(str(direction), False)


def test_the_pack_takes_the_tail_from_the_scored_month(own_copy: Workspace) -> None:
    settings = Settings(cases=CaseSettings(top=12))
    before = build_pack(own_copy, MONTH, settings=settings)
    file = own_copy.run(MONTH) / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    assert manifest["settings"]["scoring"]["min_peer_percentile"] == 90.0
    manifest["settings"]["scoring"]["min_peer_percentile"] = 97.0
    file.write_text(json.dumps(manifest), encoding="utf-8")
    after = {case.case_id: case.peers for case in build_pack(own_copy, MONTH, settings=settings).cases}
    # Where anything lies in the farther tail, nothing else is shown.
    asked = [case for case in before.cases if any(_is_far(view, 97.0) for view in case.peers)]
    assert any(not _is_far(view, 97.0) for case in asked for view in case.peers)
    assert all(_is_far(view, 97.0) for case in asked for view in after[case.case_id])


@pytest.mark.parametrize("n", [7, 22, 32, 44])
def test_the_90th_percentile_shown_is_the_one_compared_with(n: int) -> None:
    names = [name for name, feature in features("provider").items() if feature.direction == "high"][:40]
    random = np.random.default_rng(n)
    ids = pd.Index([f"H{i}" for i in range(n)])
    values = pd.DataFrame(random.lognormal(size=(n, len(names))), index=ids, columns=names)
    group = pd.Series("clinic", index=ids)
    peers = compare(values, group)
    profiles = values.assign(peer_group=group)
    shown = {}
    for name in names:
        row = {"subject_type": "provider", "subject_id": "H0", "score_name": "anomaly_score", "feature": name}
        row |= {"value": values.loc["H0", name], "peer_median": peers.median.loc["H0", name], "peer_n": n}
        rows = pd.DataFrame([row | {"peer_percentile": 99.0, "contribution": 1.0}])
        shown[name] = PeerViews("provider", profiles, rows, 90.0).of("H0")[0].p90
    assert shown == peers.p90.loc["H0"].to_dict()
