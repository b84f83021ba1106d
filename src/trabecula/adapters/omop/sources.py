"""A source that somebody names, recognised as a database in OMOP by what is in it."""

from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path

from trabecula.adapters.omop.engines import NEEDED, DuckDbEngine, Engine, PostgresEngine, SparkEngine
from trabecula.adapters.omop.register import OmopRegister, Who

_POSTGRES = ("postgresql://", "postgres://")
_SPARK = "spark:"
_MAGIC, _MAGIC_AT = b"DUCK", 8
"""The beginning of a file of DuckDB, and where it stands."""
PACKAGES = {"duckdb": ("duckdb", "pyarrow", "sqlglot"), "postgres": ("adbc_driver_postgresql", "pyarrow", "sqlglot"),
            "spark": ("pyspark", "pyarrow", "sqlglot")}  # fmt: skip
"""What each engine needs to be installed."""


def engine_of(source: str) -> str | None:
    """Which engine a source asks for: duckdb, postgres or spark; None for what is no database in OMOP."""
    if source.startswith(_POSTGRES):
        return "postgres"
    if source.startswith(_SPARK):
        return "spark"
    path = Path(source)
    if path.is_dir():
        there = {file.stem.lower() for file in path.iterdir() if file.suffix.lower() in (".csv", ".parquet")}
        return "duckdb" if there >= {*NEEDED} else None
    return "duckdb" if path.is_file() and _is_duckdb(path) else None


def _is_duckdb(path: Path) -> bool:
    """Whether a file is one of DuckDB, by its first bytes."""
    with path.open("rb") as file:
        return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC


def omop_register(source: str, on: date, who: Who | None = None) -> OmopRegister | None:
    """The register in a source: a folder of CSV or Parquet, a DuckDB file, `postgresql://...#schema`, or
    `spark:database` on the session that runs; None for anything else.

    Raises InputError for a database that cannot be read.
    """
    kind = engine_of(source)
    if kind is None:
        return None
    return OmopRegister(_opened(kind, source), on, who, _hash(Path(source)) if kind == "duckdb" else "")


def _opened(kind: str, source: str) -> Engine:
    """The engine of a source."""
    if kind == "postgres":
        return PostgresEngine(source)
    if kind == "spark":
        from pyspark.sql import SparkSession  # an extra  # pyright: ignore[reportMissingImports]  an extra that no other test needs

        return SparkEngine(SparkSession.builder.getOrCreate(), source.removeprefix(_SPARK))
    return DuckDbEngine(Path(source))


def _hash(path: Path) -> str:
    """A hash of a file, or of every file in a folder."""
    held = sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.is_file():
            with file.open("rb") as opened:
                held.update(file.name.encode() + file_digest(opened, "sha256").digest())
    return held.hexdigest()
