"""A PostgreSQL server of our own, for tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"
LEAST_VERSION = 15


def programs() -> Path | None:
    """The folder with the server's programs; Debian's package brings them, which is installed when root and allowed."""
    if (
        (found := _installed()) is None
        and os.geteuid() == 0
        and os.environ.get("APT") != "no"
        and shutil.which("apt-get")
    ):
        subprocess.run(["apt-get", "install", "-qq", "-y", "postgresql"], check=False, capture_output=True)
        found = _installed()
    return found


def _installed() -> Path | None:
    """The newest version that is new enough."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if int(path.parent.name) >= LEAST_VERSION]
    return max(versions, key=lambda path: int(path.parent.name), default=None)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a server of our own, on a socket in a folder of its own."""
    bin_ = programs()
    assert bin_ is not None
    with tempfile.TemporaryDirectory(prefix="tb_pg") as place:
        home = Path(place)
        if os.geteuid() == 0:
            shutil.chown(home, _USER)
        _as_user(bin_ / "initdb", "-D", home / "data", "-U", _USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -k {home} -c fsync=off -c shared_buffers=64MB"
        _as_user(bin_ / "pg_ctl", "-D", home / "data", "-w", "-o", options, "-l", home / "log", "start")
        try:
            yield f"postgresql://{_USER}@/postgres?host={home}"
        finally:
            _as_user(bin_ / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")


def _as_user(*command: object) -> None:
    """Run a program of the server, which root may not."""
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # not on every PATH
    prefix = [runuser, "-u", _USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, cwd="/")
