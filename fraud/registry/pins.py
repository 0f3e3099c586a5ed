"""The SHA-256 of a version's files: in its tags and in the audit log when it is registered, checked at every use."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from features.errors import ToolkitError
from fraud.registry.artifacts import read_model_files
from fraud.registry.load import read_model
from fraud.registry.recorded import PINNED, read_recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.registry.database import Version
    from fraud.workspace import Workspace

_TAG = "sha256."


def digests_of(content: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file.

    Examples
    --------
    >>> digests_of({"card.json": b"{}"})["card.json"][:8]
    '44136fa3'
    """
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(content.items())}


def pin_tags(digests: Mapping[str, str]) -> dict[str, str]:
    """Tags of a version that say the digests of its files."""
    return {f"{_TAG}{name}": digest for name, digest in digests.items()}


def pinned_by_tags(version: Version) -> dict[str, str]:
    """Digests that the tags of a version say."""
    return {key.removeprefix(_TAG): value for key, value in version.tags.items() if key.startswith(_TAG)}


def check_pins(version: Version, entity: str, content: Mapping[str, bytes], recorded: Mapping[str, str] | None) -> None:
    """Check the files of a version against its tags and the audit log.

    Parameters
    ----------
    version : Version
        As the registry has it.
    entity : str
        `provider` or `patient`, for the hint.
    content : mapping of str to bytes
        Its files, as they will be used.
    recorded : mapping of str to str, or None
        Digests of the audit log; None where it knows nothing of the version.

    Raises
    ------
    ToolkitError
        A digest is missing on either side, the two disagree, or a file is another.
    """
    tags = pinned_by_tags(version)
    promote = (
        f"if its files are what was trained, `fraud promote {version.number} --entity {entity} --reason TEXT` "
        "records them and makes it champion"
    )
    for name, digest in digests_of(content).items():
        what = f"file '{name}' of model {version}"
        tag, entry = tags.get(name), (recorded or {}).get(name)
        if entry is None:
            raise ToolkitError(f"{what}: its SHA-256 is not in the audit log. Hint: {promote}")
        if tag is None:
            raise ToolkitError(f"{what}: its SHA-256 is not among the version's tags. Hint: {promote}")
        if tag != entry:
            hint = "restore mlflow.db from a backup, or train again"
            raise ToolkitError(f"{what}: the registry says another SHA-256 than the audit log. Hint: {hint}")
        if digest != entry:
            hint = "restore the workspace's mlartifacts folder from a backup, or train again"
            raise ToolkitError(f"{what}: it was changed after the model was registered. Hint: {hint}")


def pin_version(workspace: Workspace, client: Any, entity: str, version: Version, *, reason: str) -> bool:
    """Record the digests of a version as its files stand now, where they were not recorded or a job was killed at it.

    Returns
    -------
    bool
        Whether anything was missing.

    Raises
    ------
    ToolkitError
        A file is not what a digest on either side says, or nothing that the registry writes.
    """
    recorded = read_recorded(workspace, entity).digests(version)
    content = read_model_files(workspace, version)
    found, tags = digests_of(content), pinned_by_tags(version)
    if recorded is not None and set(recorded) >= set(found) and set(tags) >= set(found):
        return False
    for name, digest in found.items():
        if {tags.get(name, digest), (recorded or {}).get(name, digest)} != {digest}:
            got, hint = "it is not what a recorded SHA-256 says", "restore it from a backup"
            raise ToolkitError(f"file '{name}' of model {version}: {got}. Hint: {hint}")
    read_model(entity, version, content)
    if recorded is None:
        facts = {"version": version.number, "run_id": version.run_id, "files": found}
        workspace.record(PINNED, entity=entity, reason=reason, **facts)
    for key, value in pin_tags(found).items():
        client.set_model_version_tag(version.name, str(version.number), key, value)
    return True
