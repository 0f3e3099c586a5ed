"""Import a file again and again, each time killed one write later; run as a program.

usage: python -m tests.cases.life.killed_import START FILE OUT STRIDE

START is a workspace, OUT gets copies of it, each left as a kill before, within or after a write leaves it: of those
kills every STRIDE-th is tried.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from features.claims.store.catalog import Catalog
from fraud import audit, durable
from fraud.cases.life.feedback import import_feedback
from fraud.settings import Settings
from fraud.workspace import Workspace

KILLED = 9


def _killed_at(step: int, root: Path, file: Path) -> None:
    """Import in this process and end it at the write of that number: before it, within it, or after it."""
    left, place = divmod(step, 3)
    counted = 0

    def hooked(real):
        def call(*arguments, **named):
            nonlocal counted
            counted += 1
            if counted == left + 1:
                if place == 2:
                    real(*arguments, **named)
                if place == 1 and isinstance(arguments[-1], memoryview):
                    os.write(arguments[0], arguments[-1][: len(arguments[-1]) // 2])
                os._exit(KILLED)
            return real(*arguments, **named)

        return call

    whole = durable._write
    durable._write = hooked(lambda descriptor, content: whole(descriptor, bytes(content)))
    # The content is handed on as a view, so that the hook can write a half of it.
    taken = durable._write
    durable._write = lambda descriptor, content: taken(descriptor, memoryview(content))
    Catalog.write = hooked(Catalog.write)
    Path.unlink = hooked(Path.unlink)
    workspace = Workspace(root)
    with workspace.writer():
        import_feedback(workspace, file, settings=Settings())


def main(start: Path, file: Path, out: Path, stride: int) -> None:
    assert audit.append_all is durable.append_all
    step, status = 0, KILLED
    while status == KILLED:
        root = out / f"{step:03}"
        shutil.copytree(start, root)
        child = os.fork()
        if child == 0:
            try:
                _killed_at(step, root, file)
            except BaseException as error:  # noqa: BLE001 - a child never goes on
                sys.stderr.write(f"{step}: {error!r}\n")
                os._exit(1)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        step += stride
    sys.exit(status)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), int(sys.argv[4]))
