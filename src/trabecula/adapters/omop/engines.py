"""Where the data lie: a folder or a file for DuckDB, a PostgreSQL server, a Spark session. Each answers with Arrow.

An engine knows what tables there are, compiles for its dialect, and runs a query natively; nothing of the model and no
function of Python runs inside of it.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trabecula.adapters.files import InputError
from trabecula.adapters.omop.query import Columns, Queries, model, tables_read
from trabecula.words.message import Message, verbatim

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 50_000
"""Rows that are fetched at a time."""
_MEMORY, _THREADS = "1GB", 2
"""What DuckDB may take beside the model; what is larger goes to disk."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""The name of a schema."""
NEEDED = {"person": ("person_id",), "concept": ("concept_id", "vocabulary_id", "concept_code")}
"""Without these nobody can be found."""


class Engine(Protocol):
    """What runs the queries."""

    queries: Queries

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query, in batches of this schema; InputError when the source stops answering."""
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


class DuckDbEngine:
    """A DuckDB file, or a folder with a CSV or Parquet file for each table."""

    def __init__(self, path: Path) -> None:
        import duckdb  # an extra

        self.where, suffix = verbatim(str(path)), "_raw" if path.is_dir() else ""
        with _answering(self.where):
            self.connection = duckdb.connect() if path.is_dir() else duckdb.connect(str(path), read_only=True)
            self.connection.execute(f"SET memory_limit = '{_MEMORY}'; SET threads = {_THREADS}")
            self.connection.execute(f"SET temp_directory = '{tempfile.gettempdir()}'")
            for table, file in _files(path).items() if path.is_dir() else ():
                self.connection.execute(f"CREATE VIEW {table}{suffix} AS SELECT * FROM {_reader(file)}")
            self.queries = Queries(self._columns(suffix), "duckdb", lambda name: f"{name}{suffix}")
        _check(self.queries.source, self.where)

    def _columns(self, suffix: str) -> Columns:
        """What tables there are."""
        found = self.connection.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
        return _by_table((table.lower().removesuffix(suffix), column) for table, column in found)

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        with self.connection.cursor() as cursor, _answering(self.where):  # another query may run meanwhile
            for batch in cursor.sql(query).to_arrow_reader(BATCH):
                yield _as(batch, schema)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class PostgresEngine:
    """A PostgreSQL server, by its address: `postgresql://user@host/database`; the schema may follow after a `#`."""

    def __init__(self, address: str) -> None:
        from adbc_driver_postgresql import dbapi  # an extra

        uri, _, schema = address.partition("#")
        self.where, self.schema = Message("omop.a_postgresql_server"), _schema(schema or "public")
        with _answering(self.where):  # the address is not repeated: it may hold a password
            self.connection = dbapi.connect(uri)
            self.queries = Queries(self._columns(), "postgres", lambda name: f"{self.schema}.{name}")
        _check(self.queries.source, self.where)

    def _columns(self) -> Columns:
        """What tables there are."""
        asked = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns"
        with self.connection.cursor() as cursor:
            cursor.execute(f"{asked} WHERE table_schema = '{self.schema}'")
            return _by_table(cursor.fetchall())

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        with _answering(self.where), self.connection.cursor() as cursor:
            cursor.execute(query)
            for batch in cursor.fetch_record_batch():
                yield _as(batch, schema)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class SparkEngine:
    """A Spark session whose catalogue has the tables, as views or in a database."""

    def __init__(self, session: Any, database: str = "") -> None:
        self.session, self.where = session, Message("omop.a_spark_session")
        prefix = f"{_schema(database)}." if database else ""
        with _answering(self.where):
            listed = session.sql(f"SHOW TABLES IN {database}" if database else "SHOW TABLES").collect()
            there = {row.tableName.lower() for row in listed}
            found = {name: session.table(f"{prefix}{name}").columns for name in tables_read() if name in there}
        columns = {name: {column.lower() for column in held} for name, held in found.items()}
        self.queries = Queries(columns, "spark", lambda name: f"{prefix}{name}")
        _check(columns, self.where)

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        with _answering(self.where):
            for batch in self.session.sql(query).toArrow().to_batches(BATCH):
                yield _as(batch, schema)

    def close(self) -> None:
        """The session belongs to who opened it."""


# ---------------------------------------------------------------- what a source has


@contextmanager
def _answering(where: Message) -> Iterator[None]:
    """Tells of a source that cannot be opened, or stops answering: drivers have errors of many kinds."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        said = Message("omop.no_answer", {"kind": verbatim(type(error).__name__)})
        raise InputError(where, said, Message("omop.a_source_that_answers"), Message("omop.try_again")) from error


def _schema(name: str) -> str:
    """The name of a schema; anything that is no name is refused before it comes into a query."""
    if not _NAME.fullmatch(name):
        found = Message("omop.no_schema", {"name": verbatim(f'"{name}"')})
        todo = Message("omop.letters_and_digits")
        raise InputError(Message("omop.the_address"), found, Message("omop.a_schema"), todo)
    return name


def _by_table(found: Any) -> Columns:
    """Columns by table, in lower case."""
    tables: dict[str, set[str]] = {}
    for table, column in found:
        tables.setdefault(table.lower(), set()).add(column.lower())
    return tables


def _files(folder: Path) -> dict[str, Path]:
    """The file of each table in a folder, whatever case its name has."""
    known = model()
    files = [file for file in sorted(folder.iterdir()) if file.suffix.lower() in (".csv", ".parquet")]
    return {file.stem.lower(): file for file in files if file.stem.lower() in known}


def _reader(file: Path) -> str:
    """How DuckDB reads a file: a CSV as text, since an empty column has no type that could be guessed."""
    name = str(file).replace("'", "''")
    if file.suffix.lower() == ".parquet":
        return f"read_parquet('{name}')"
    return f"read_csv('{name}', header = true, all_varchar = true, quote = '\"', escape = '\"', nullstr = '')"


def _check(source: Columns, where: Message) -> None:
    """Refuse a source without the tables that everything rests on; any other may be missing."""
    for table, columns in NEEDED.items():
        missing = [column for column in columns if column not in source.get(table, ())]
        if missing:
            what = Message("omop.no_table", {"table": verbatim(table), "columns": verbatim(", ".join(missing))})
            raise InputError(where, what, Message("omop.tables_of_omop"), Message("omop.bring_the_table"))


def _as(batch: "pa.RecordBatch", schema: "pa.Schema") -> "pa.RecordBatch":
    """A batch under the names and types of the schema, whatever types the engine has for them."""
    import pyarrow as pa

    arrays = [batch.column(n).cast(field.type) for n, field in enumerate(schema)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
