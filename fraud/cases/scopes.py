"""How far a pseudonym reaches: over all review packs of a workspace, over those of a month, or over one pack."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from features.vocabulary.months import MONTH_PATTERN
from features.vocabulary.text import Text
from fraud.audit import read_audit
from fraud.durable import parsed_object
from fraud.pseudonyms import CASES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fraud.workspace import Workspace

Reach = Literal["workspace", "month", "pack"]
_SALT_BYTES = 8
_MOST_SALT = 64
_TOLD: Mapping[str, Text] = {
    "workspace": Text(
        "Pseudonyms are the same in every pack of this workspace: whoever holds several can join them",
        "同一工作区各核查包假名一致：持有多个核查包者可以关联",
    ),
    "month": Text(
        "Pseudonyms are the same in packs of this month only: those of other months cannot be joined by them",
        "假名仅在本月各核查包内一致：不能凭假名与其他月份关联",
    ),
    "pack": Text(
        "Pseudonyms are of this pack only: other packs cannot be joined by them",
        "假名仅在本核查包内有效：不能凭假名与其他核查包关联",
    ),
}


@dataclass(frozen=True)
class PackScope:
    """The packs in which a person has one pseudonym, and a case or finding about a person one id.

    Parameters
    ----------
    reach : str
        `workspace`, `month` or `pack`.
    salt : str
        What tells this scope from others of its reach: the month, or a random text of the pack; no secret.

    Examples
    --------
    >>> PackScope().purpose, PackScope("month", "2026-03").purpose
    ('cases', 'cases/month/2026-03')
    """

    reach: Reach = "workspace"
    salt: str = ""

    @property
    def purpose(self) -> str:
        """The purpose under which pseudonyms are made."""
        return CASES if self.reach == "workspace" else f"{CASES}/{self.reach}/{self.salt}"

    @property
    def told(self) -> Text:
        """What it means for whoever holds a pack."""
        return _TOLD[self.reach]

    def as_dict(self) -> dict[str, str]:
        """Return reach and salt as a manifest and the audit log hold them."""
        return asdict(self)


def make_scope(reach: Reach, month: str) -> PackScope:
    """Make the scope of a new pack of a month."""
    return PackScope(reach, {"workspace": "", "month": month, "pack": secrets.token_hex(_SALT_BYTES)}[reach])


def recorded_scopes(workspace: Workspace, packs: Collection[str] = ()) -> tuple[PackScope, ...]:
    """Return every scope under which packs went out, the likeliest first.

    They are read from the audit log, and from the manifests of the packs that lie in the workspace.

    Parameters
    ----------
    workspace : Workspace
        Holds both.
    packs : collection of str
        Ids of packs whose scopes come first; then that of the workspace, then the latest.
    """
    log = read_audit(workspace.audit_log, workspace.key()).entries
    told = [(entry.get("pack"), entry.get("pseudonyms")) for entry in log]
    manifests = [parsed_object(path.read_bytes()) or {} for path in sorted(workspace.cases.glob("*/manifest.json"))]
    told += [(manifest.get("pack_id"), manifest.get("pseudonyms")) for manifest in manifests]
    known = [(pack, scope) for pack, each in reversed(told) if (scope := _scope(each)) is not None]
    named = [scope for pack, scope in known if str(pack) in packs]
    return tuple(dict.fromkeys([*named, PackScope(), *(scope for _, scope in known)]))


def _scope(told: Any) -> PackScope | None:
    if not isinstance(told, dict) or told.get("reach") not in get_args(Reach):
        return None
    reach, salt = told["reach"], told.get("salt")
    if not isinstance(salt, str) or len(salt) > _MOST_SALT or (reach == "workspace" and salt):
        return None
    if reach == "month" and not MONTH_PATTERN.fullmatch(salt):
        return None
    return PackScope(reach, salt)
