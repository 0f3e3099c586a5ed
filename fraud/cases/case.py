"""A case: what an investigator works on, with everything that the pack shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fraud.cases.box_trails import BoxTrails
from fraud.cases.scopes import PackScope

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from features.vocabulary.text import Text
    from fraud.cases.inside import InsideUnit
    from fraud.cases.rule_gaps import RuleGap
    from fraud.cases.year_points import SuggestedPoints


@dataclass(frozen=True)
class FindingView:
    """One finding of the subject, as in the scored month; money in minor units.

    Parameters
    ----------
    finding_id, source, code, scheme_code, version, result_type, basis : str
        As in the findings table.
    exposure_amount, fund_exposure_amount : int
        By the rule's formula; each finding by itself.
    n_lines : int
        Lines it names.
    reason : Text
        In words.
    name : Text
        Of the rule, kind of ring, feature or model that speaks; the code where nobody knows it any more.
    """

    finding_id: str
    source: str
    code: str
    scheme_code: str
    version: str
    result_type: str
    basis: str
    exposure_amount: int
    fund_exposure_amount: int
    n_lines: int
    reason: Text
    name: Text


@dataclass(frozen=True)
class PeerView:
    """One feature of a subject against its peers, as the strip plot shows it.

    Parameters
    ----------
    feature, label, unit : str, Text, str
        The feature.
    why : Text or None
        What its suspicious tail may show of anybody; None for a feature that suspects nobody.
    value, median, p90, percentile : float
        The subject's value; its peers' median and 90th percentile; its percentile (0 to 100).
    n : int
        Peers with a value, the subject included.
    values : tuple of float
        Values of the peers, sorted, at most 400 of them spread evenly over the ranks.
    contribution : float
        Points it adds to the score shown.
    """

    feature: str
    label: Text
    why: Text | None
    unit: str
    value: float
    median: float
    p90: float
    percentile: float
    n: int
    values: tuple[float, ...]
    contribution: float


@dataclass(frozen=True)
class RingView:
    """A ring that the subject belongs to; person nodes carry pseudonyms unless unmasked."""

    ring_id: str
    status: str
    n_providers: int
    n_patients: int
    observed: float
    expected: float
    lift: float
    q_value: float | None
    amount: int
    reason: Text
    graph: nx.Graph


@dataclass(frozen=True)
class Priority:
    """Priority of a case in minor units of currency, and every factor of it.

    priority = expected recovery x severity x recency x actionability - cost (minor units; see docs/cases.md).
    """

    expected_recovery_amount: int
    severity: float
    recency: float
    actionability: float
    cost_amount: int
    total_amount: int


@dataclass(frozen=True)
class Case:
    """One subject of a month with its findings, its evidence, its money and what would explain it.

    Parameters
    ----------
    case_id : str
        Stable for equal month and subject within the pack's scope: `C-` and twelve digits of a digest, keyed for
        persons.
    month, subject_type, subject_id, shown_id : str
        Subject as stored, and as the pack may show it (a pseudonym for persons unless unmasked).
    subject_name, kind, region : str
        What the register says; kind such as `clinic` (empty for persons).
    rank, risk_score : int, float
        In the scored month.
    score_mode : str
        none, positive_unlabelled or labelled.
    selection_reason, selection_probability : str, float or None
        `ranked`, or `random_audit` with the probability of being drawn.
    scheme_codes : tuple of str
        Schemes its findings bear on, strongest first.
    action : Text
        Recommended next step.
    exposure_gross_amount, exposure_amount, fund_exposure_amount : int
        Billed, in-scope and fund money of the violating lines, each line once; or that of its ring (`is_ring_money`).
    n_patients, n_settlements, n_lines : int
        In the evidence.
    first_date, last_date : str
        ISO dates of the evidence; empty without lines.
    priority : Priority
        With factors.
    reasons : tuple of Text
        Strongest first.
    findings : tuple of FindingView
        Strongest first.
    peers : tuple of PeerView
        Features that raise the score most and lie in the tail, at most eight.
    rings : tuple of RingView
        Its rings.
    innocent, records : tuple of Text
        What would explain it; what to ask for.
    lines : DataFrame
        One row per evidence line, columns as in `fraud.cases.line_columns.LINE_COLUMNS`; money in minor units.
    n_lines_left_out : int
        Evidence lines beyond the pack's limit.
    n_folded : int
        Other core members of its ring, which are reviewed with it.
    place_notes : tuple of Text
        What there is to say of its place in the queue: whom of a ring it stands for, which quotas moved it.
    is_ring_money : bool
        Whether billed and in-scope money are those inside the subject's ring (billed there, and the part that chance
        does not explain), because that is more than the lines come to. What the fund paid of it is not known.
    inside : tuple of InsideUnit
        Of a provider: its departments and its practitioners, where at least three of a kind are known.
    trails : BoxTrails
        Where the boxes went that findings of trace codes speak of.
    """

    case_id: str
    month: str
    subject_type: str
    subject_id: str
    shown_id: str
    subject_name: str
    kind: str
    region: str
    rank: int
    risk_score: float
    score_mode: str
    selection_reason: str
    selection_probability: float | None
    scheme_codes: tuple[str, ...]
    action: Text
    exposure_gross_amount: int
    exposure_amount: int
    fund_exposure_amount: int
    n_patients: int
    n_settlements: int
    n_lines: int
    first_date: str
    last_date: str
    priority: Priority
    reasons: tuple[Text, ...]
    findings: tuple[FindingView, ...]
    peers: tuple[PeerView, ...]
    rings: tuple[RingView, ...]
    innocent: tuple[Text, ...]
    records: tuple[Text, ...]
    lines: pd.DataFrame
    n_lines_left_out: int
    n_folded: int = 0
    place_notes: tuple[Text, ...] = ()
    is_ring_money: bool = False
    inside: tuple[InsideUnit, ...] = ()
    trails: BoxTrails = field(default_factory=BoxTrails)

    @property
    def known_fund_amount(self) -> int | None:
        """Fund money in question, minor units; None where only a ring's money is known."""
        return None if self.is_ring_money and not self.fund_exposure_amount else self.fund_exposure_amount


@dataclass(frozen=True)
class CasePack:
    """The cases of one export in the order of the queue, and how the queue came about.

    Parameters
    ----------
    month, lang : str
        Month and language.
    cases : tuple of Case
        The queue.
    n_providers, n_patients : int
        Subjects scored in the month.
    run : dict of str to str
        Where it comes from: digest of the run's manifest, models, tool version.
    is_unmasked : bool
        Whether persons' ids are shown as stored.
    sampling : dict of str to object
        Seed, frame size and digest, share and numbers of the random audit.
    gaps : tuple of RuleGap
        What the month's findings do not say, rule by rule: not checked, failed, set aside.
    scope : PackScope
        The packs in which a person has one pseudonym.
    pack_id : str
        Under which the workspace keeps what went out; a decision names it. Empty until the pack is issued.
    points : tuple of SuggestedPoints
        What the calendar year's findings so far suggest for practitioners, for a person to decide.
    points_months : tuple of str
        Scored months that these rest on; none where no case of a provider was asked for.
    """

    month: str
    lang: str
    cases: tuple[Case, ...]
    n_providers: int
    n_patients: int
    run: dict[str, str]
    is_unmasked: bool
    sampling: dict[str, object]
    gaps: tuple[RuleGap, ...] = ()
    scope: PackScope = field(default_factory=PackScope)
    pack_id: str = ""
    points: tuple[SuggestedPoints, ...] = ()
    points_months: tuple[str, ...] = ()
