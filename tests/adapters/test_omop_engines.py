"""One register on every engine: the same rows, the same people, to the last bit."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pytest

from trabecula.adapters.omop import DuckDbEngine, OmopRegister, PostgresEngine, SparkEngine, write_folder
from trabecula.adapters.omop.engines import Engine
from trabecula.evidence import Evidence
from trabecula.people import VirtualRegister

from .omop_servers import postgres_with, programs, spark_with

ON = date(2026, 11, 1)
ALL_ENGINES = bool(os.environ.get("TRABECULA_ENGINES"))
"""Set by `make test-engines`: a large register, and Spark."""
FEW, MANY = 500, 20_000


def written(folder: Path, size: int) -> Path:
    """A synthetic register of this size."""
    write_folder(VirtualRegister(ON, 1, Evidence.load()).people(range(size)), folder, ON, "a test")
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory) -> Path:
    """The small register."""
    return written(tmp_path_factory.mktemp("few"), FEW)


def compare(first: Engine, second: Engine, size: int, *, read: bool = True) -> None:
    """Everything that two engines answer; people are made of nothing else, so that many need not be read again."""
    one, other = OmopRegister(first, ON), OmopRegister(second, ON)
    assert one.people.equals(other.people)
    assert one.concepts == other.concepts
    assert one.counts == other.counts
    assert pa.Table.from_batches(one.events()).equals(pa.Table.from_batches(other.events()))
    assert one.who == other.who == "ms"
    assert one.size == other.size == size
    if not read:
        return
    seen = 0
    for entry, same in zip_longest(one, other):
        assert entry == same
        assert entry.person is not None
        seen += 1
    assert seen == size


def postgres(folder: Path) -> Iterator[str]:
    """A server with a register, where there is one to start."""
    if programs() is None:
        pytest.skip("PostgreSQL 15 or newer is not installed, and nobody may install it")
    with postgres_with(folder) as url:
        yield url


def test_five_hundred_people_are_the_same_on_duckdb_and_postgresql(few):
    """The same queries, compiled for each, give the same tables."""
    for url in postgres(few):
        compare(DuckDbEngine(few), PostgresEngine(url), FEW)


def test_a_folder_of_parquet_and_a_duckdb_file_hold_the_same_people_as_the_csv(few, tmp_path):
    """The form of the file changes nothing."""
    import duckdb

    tables, file = tmp_path / "parquet", tmp_path / "register.duckdb"
    tables.mkdir()
    with duckdb.connect(str(file)) as connection:
        for table in few.glob("*.csv"):
            read = f"read_csv('{table}', header = true, all_varchar = true)"
            connection.execute(f"CREATE TABLE {table.stem} AS SELECT * FROM {read}")
            connection.execute(f"COPY {table.stem} TO '{tables / table.stem}.parquet' (FORMAT parquet)")
    compare(DuckDbEngine(few), DuckDbEngine(tables), FEW)
    compare(DuckDbEngine(few), DuckDbEngine(file), FEW)


@pytest.mark.skipif(not ALL_ENGINES, reason="make test-engines")
def test_twenty_thousand_people_are_the_same_on_duckdb_postgresql_and_spark(tmp_path):
    """The large register, on all three."""
    assert shutil.which("java"), "Spark needs Java 17 or newer"
    folder = written(tmp_path, MANY)
    for url in postgres(folder):
        compare(DuckDbEngine(folder), PostgresEngine(url), MANY, read=False)
    compare(DuckDbEngine(folder), SparkEngine(spark_with(folder)), MANY, read=False)
