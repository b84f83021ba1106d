"""A PostgreSQL server and a Spark session with the tables of a folder, for tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trabecula.adapters.omop.query import model

_TYPES = {"whole": "BIGINT", "number": "DOUBLE PRECISION", "day": "DATE", "time": "TIMESTAMP", "text": "TEXT"}
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
def postgres_with(folder: Path) -> Iterator[str]:
    """The address of a server of our own, on a socket in a folder of its own, with the tables of a folder."""
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
            url = f"postgresql://{_USER}@/postgres?host={home}"
            _fill(bin_, url, folder)
            yield url
        finally:
            _as_user(bin_ / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")


def _as_user(*command: object) -> None:
    """Run a program of the server, which root may not."""
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # not on every PATH
    prefix = [runuser, "-u", _USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, cwd="/")


def _fill(bin_: Path, url: str, folder: Path) -> None:
    """Make the tables and copy the files into them."""
    for table, columns in model().items():
        listed = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in columns.items())
        copy = f"\\copy {table} FROM '{folder / f'{table}.csv'}' WITH (FORMAT csv, HEADER true)"
        run = [bin_ / "psql", url, "-q", "-v", "ON_ERROR_STOP=1", "-c", f"CREATE TABLE {table} ({listed})", "-c", copy]
        subprocess.run(run, check=True, capture_output=True)
    subprocess.run([bin_ / "psql", url, "-q", "-c", "ANALYZE"], check=True, capture_output=True)


def spark_with(folder: Path) -> Any:
    """A session on this machine with the tables of a folder as views."""
    from pyspark.sql import SparkSession  # an extra that needs Java

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    for table in model():
        session.read.csv(str(folder / f"{table}.csv"), header=True, quote='"', escape='"').createOrReplaceTempView(
            table
        )
    return session
