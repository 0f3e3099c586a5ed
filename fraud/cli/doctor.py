"""`fraud doctor`: what is wrong with the workspace and the installation, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fraud.cli.chinese import told
from fraud.cli.options import AsJson
from fraud.cli.session import out, say, session, show_json, steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.doctor import Remark


def doctor(
    context: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Leave digests out: presence, sizes and rows only.")] = False,
    mend: Annotated[
        bool, typer.Option("--repair", help="Do what is safe: tighten permissions, migrate formats, remove leftovers.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with the workspace and the installation, and what to do; exit 1 where something is."""
    from fraud.doctor import State, examine, repair

    workspace = session(context).workspace
    with steps("doctor") as tell:
        found = examine(workspace, quick=quick, progress=tell)
        repaired: Mapping[str, int] = {}
        if mend:
            with workspace.writer():
                repaired = repair(workspace)
            found = examine(workspace, quick=quick, progress=tell)
    is_well = not any(remark.state is State.wrong for remarks in found.values() for remark in remarks)
    if as_json:
        show_json(_as_record(found, repaired, is_well=is_well))
    else:
        _show(found, repaired)
    if not is_well:
        raise typer.Exit(1)


def _as_record(
    found: Mapping[str, tuple[Remark, ...]], repaired: Mapping[str, int], *, is_well: bool
) -> dict[str, object]:
    remarks = [
        {"check": name, "state": remark.state.value, "what": remark.what, "hint": remark.hint}
        for name, each in found.items()
        for remark in each
    ]
    return {"well": is_well, "repaired": dict(repaired), "remarks": remarks}


def _show(found: Mapping[str, tuple[Remark, ...]], repaired: Mapping[str, int]) -> None:
    from fraud.doctor import State

    for name, n in repaired.items():
        say(f"doctor: {name}: {n:,}")
    width = max(map(len, found))
    for name, remarks in found.items():
        for remark in remarks:
            out().print(f"{name:<{width}}  {remark.state.value:<5}  {told(remark.what)}")
            if remark.hint:
                out().print(f"{'':<{width + 9}}{told('do')}: {told(remark.hint)}")
    n_wrong = sum(remark.state is State.wrong for remarks in found.values() for remark in remarks)
    out().print("all is well" if not n_wrong else f"{n_wrong} thing{'' if n_wrong == 1 else 's'} to mend")
