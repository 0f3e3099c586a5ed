"""A MariaDB server of a test's own: on a socket in a folder of its own, gone when the test is done."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVER, _INSTALL = (shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") for name in
                     ("mariadbd", "mariadb-install-db"))  # fmt: skip


def is_there() -> bool:
    """Whether the server's programs are, and a user to run them as."""
    return bool(_SERVER and _INSTALL) and any(entry.pw_name == "mysql" for entry in pwd.getpwall())


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """Start a server, and give what its root connects by."""
    folder = Path(tempfile.mkdtemp(prefix="my-", dir="/tmp"))
    user = "mysql" if not os.getuid() else None
    try:
        if user:
            shutil.chown(folder, user)
        data, socket = folder / "data", folder / "s"
        as_user = [f"--user={user}"] if user else []
        auth = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run([str(_INSTALL), "--no-defaults", f"--datadir={data}", *auth, *as_user], check=True,
                       capture_output=True)  # fmt: skip
        options = [f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--innodb-buffer-pool-size=16M"]
        with (folder / "log").open("w") as log:
            started = subprocess.Popen([str(_SERVER), "--no-defaults", *options, *as_user], stdout=log, stderr=log)
            try:
                for _ in range(600):
                    if socket.exists() or started.poll() is not None:
                        break
                    time.sleep(0.05)
                assert socket.exists(), (folder / "log").read_text()
                yield {"unix_socket": str(socket), "user": "root"}
            finally:
                started.terminate()
                started.wait(30)
    finally:
        shutil.rmtree(folder)
