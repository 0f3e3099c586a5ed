"""A PostgreSQL cluster of a test's own: on a socket in a folder of its own, gone when the test is done."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path | None:
    """Folder of the newest server's programs; None where there are none, or root has nobody to run them as."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    able = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return able[0] if able and (os.getuid() or _other_user()) else None


def _other_user() -> str | None:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server, and give the connection to it: user `postgres`, password `s3cret`."""
    bin_folder = programs()
    assert bin_folder is not None
    # The server refuses root; a socket's path has at most 107 characters.
    user = {} if os.getuid() else {"user": _other_user(), "group": pwd.getpwnam(_other_user() or "").pw_gid}
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user["user"], user["group"])
        data, secret = folder / "data", folder / "secret"
        secret.write_text("s3cret\n")
        secret.chmod(0o644)

        def run(*command: object) -> None:
            done = subprocess.run(
                [str(part) for part in command], check=False, capture_output=True, text=True, cwd=folder, **user
            )
            assert done.returncode == 0, done.stderr

        run(bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret,
            "--no-sync", "-E", "UTF8", "--locale", "C")  # fmt: skip
        options = f"-c listen_addresses='' -k {folder} -F -c shared_buffers=16MB -c max_connections=10"
        run(bin_folder / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "-t", "30", "start")
        try:
            yield f"host={folder} user=postgres password=s3cret dbname=postgres"
        finally:
            run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
