"""A PostgreSQL server and a Spark session with the tables of a folder, for tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from beside_postgres import postgres, programs
from trabecula.adapters.omop.query import model

_TYPES = {"whole": "BIGINT", "number": "DOUBLE PRECISION", "day": "DATE", "time": "TIMESTAMP", "text": "TEXT"}


@contextmanager
def postgres_with(folder: Path) -> Iterator[str]:
    """The address of a server of our own with the tables of a folder."""
    bin_ = programs()
    assert bin_ is not None
    with postgres() as url:
        _fill(bin_, url, folder)
        yield url


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
