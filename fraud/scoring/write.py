"""Write a scored month into a folder: every output table, then the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.entities import PROFILED
from fraud.runs.manifest import Manifest, NotChecked, describe_outputs, digest_of
from fraud.runs.tables import write_output
from fraud.scoring.inputs import catalogue_digests
from fraud.scoring.set_aside import recorded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.build import Profile, Profiles
    from features.vocabulary.entities import Entity
    from fraud.findings import Findings
    from fraud.rings import Rings
    from fraud.rules import RuleRun
    from fraud.runs.manifest import Inputs
    from fraud.scoring.request import MonthRequest
    from fraud.scoring.review_list import ReviewLists
    from fraud.scoring.subjects import EntityScores
    from fraud.settings import Settings

# Where SQL runs, what packs look like and which sources are taken changes nothing in the tables.
NOT_OF_THE_RESULT = {"engine", "ingest", "cases"}


@dataclass(frozen=True)
class MonthResults:
    """All that came out of a month.

    Parameters
    ----------
    profiles : Profiles
        Of every entity.
    rules : RuleRun
        Says what could not be checked.
    rings : Rings
        Of the month.
    findings : Findings
        Of all detectors.
    scored : mapping of entity to EntityScores
        Modes and explanations.
    lists : mapping of entity to ReviewLists
        Scores with the places of the review lists.
    """

    profiles: Profiles
    rules: RuleRun
    rings: Rings
    findings: Findings
    scored: Mapping[Entity, EntityScores]
    lists: Mapping[Entity, ReviewLists]


def write_month(folder: Path, asked: MonthRequest, inputs: Inputs, results: MonthResults) -> Manifest:
    """Write the tables of a month, and the manifest of what went in and what came out.

    Returns
    -------
    Manifest
        As written.
    """
    _write_tables(folder, results)
    settings = asked.settings
    manifest = Manifest(
        month=asked.month,
        window_months=asked.window_months,
        as_of=asked.as_of,
        engine=asked.engine,
        inputs=inputs,
        settings=settings.model_dump(mode="json", exclude=NOT_OF_THE_RESULT),
        settings_sha256=settings_digest(settings),
        catalogues=catalogue_digests(asked.rules),
        score_modes={entity: results.scored[entity].mode for entity in PROFILED},
        rings_withheld=results.rings.n_withheld,
        not_checked=_not_checked(results.rules),
        rules_failed={entry.code: entry.why for entry in results.rules.failed},
        set_aside=recorded(results.rules.hidden),
        outputs=describe_outputs(folder),
    )
    manifest.write(folder)
    return manifest


def settings_digest(settings: Settings) -> str:
    """Digest of the settings that the tables of a month depend on."""
    return digest_of(settings.model_dump_json(exclude=NOT_OF_THE_RESULT))


def _write_tables(folder: Path, results: MonthResults) -> None:
    rings, findings, scored = results.rings, results.findings, results.scored
    write_output(findings.findings, "findings", folder)
    write_output(findings.lines, "finding_lines", folder)
    write_output(rings.rings, "rings", folder)
    write_output(rings.members, "ring_members", folder)
    write_output(rings.edges, "ring_edges", folder)
    for entity in PROFILED:
        write_output(results.lists[entity].scores, f"{entity}_scores", folder)
        write_output(_with_group(results.profiles.of(entity)), f"{entity}_profiles", folder)
    write_output(pd.concat([results.lists[entity].places for entity in PROFILED]), "review_places", folder)
    write_output(pd.concat([scored[entity].explanations for entity in PROFILED]), "explanations", folder)


def _with_group(profile: Profile) -> pd.DataFrame:
    return profile.features.assign(peer_group=profile.peers.group).reset_index()


def _not_checked(rules: RuleRun) -> NotChecked:
    return NotChecked(
        rules={entry.code: tuple(entry.missing) for entry in rules.not_checked},
        exemptions={entry.code: tuple(entry.missing) for entry in rules.unchecked_exemptions},
        items=rules.other_named,
    )
