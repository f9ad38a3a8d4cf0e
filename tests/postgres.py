"""A private PostgreSQL server for the tests: in a temporary folder, on a Unix socket alone, gone with who asked.

    python -m tests.postgres     prints the URL of the server it starts; ends it when its input closes

The server is held by a supervisor in a session of its own, and the supervisor by a pipe that the process
which runs the tests keeps open: however that process ends, the pipe closes and the server goes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

INSTALL = "apt install postgresql"
_DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of PATH, by version
_SETTINGS = {
    "listen_addresses": "",
    # What a power cut would destroy is worth nothing here.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class PrivateServer:
    """A running server; `url` names its database `postgres`, for a role that may do everything."""

    def __init__(self) -> None:
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
            start_new_session=True,  # what is sent to the group of the test run is not for it
        )
        assert self._supervisor.stdout
        self.url = self._supervisor.stdout.readline().strip()
        assert self.url, "PostgreSQL did not start; it says why on stderr"

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._supervisor.communicate()  # closes the pipe


def programs() -> Path | None:
    """The folder of the server's programs, or None where it is not installed."""
    if in_path := shutil.which("pg_ctl"):
        return Path(in_path).resolve().parent
    installed = [path.parent for path in _DEBIAN.glob("*/bin/pg_ctl")]
    return max(installed, key=lambda folder: int(folder.parent.name), default=None)


def supervise() -> None:
    """Run a server until standard input ends."""
    bin_folder = programs()
    if bin_folder is None:
        sys.exit(f"PostgreSQL's server is not installed: {INSTALL}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # In /tmp, because the path of a Unix socket has 107 bytes at the most (unix(7)).
    with TemporaryDirectory(prefix="test-postgres-", dir="/tmp") as folder:
        owner = _owner()
        if owner:
            shutil.chown(folder, owner["user"], owner["group"])

        def run(program: str, *args: str) -> None:
            command = [f"{bin_folder}/{program}", "--pgdata", f"{folder}/data", *args]
            quiet = subprocess.DEVNULL
            subprocess.run(command, check=True, cwd=folder, stdin=quiet, stdout=quiet, **owner)

        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")  # fmt: skip
        settings = _SETTINGS | {"unix_socket_directories": folder}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        run("pg_ctl", "start", "--wait", f"--log={folder}/log", f"--options={options}")
        try:
            sys.stdout.write(f"postgresql+psycopg://postgres@/postgres?host={folder}\n")
            sys.stdout.flush()
            sys.stdin.read()
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def _owner() -> dict[str, Any]:
    """Whom the server's processes belong to: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    supervise()
