"""Where the data lie: a folder or a file for DuckDB, a PostgreSQL server, a Spark session. Each answers with Arrow.

An engine knows what tables there are, compiles for its dialect, and runs a query natively; nothing of the model and no
function of Python runs inside of it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trabecula.adapters.files import InputError
from trabecula.adapters.omop.query import Columns, Queries, model, tables_read
from trabecula.words.message import Message, verbatim

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 50_000
"""Rows that are fetched at a time."""


class Engine(Protocol):
    """What runs the queries."""

    queries: Queries

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query, in batches of this schema."""
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


class DuckDbEngine:
    """A DuckDB file, or a folder with a CSV or Parquet file for each table."""

    def __init__(self, path: Path) -> None:
        import duckdb  # an extra

        if path.is_dir():
            self.connection = duckdb.connect()
            for table, file in _files(path).items():
                self.connection.execute(f"CREATE VIEW {table}_raw AS SELECT * FROM {_reader(file)}")
        else:
            self.connection = duckdb.connect(str(path), read_only=True)
        suffix = "_raw" if path.is_dir() else ""
        self.queries = Queries(self._columns(suffix), "duckdb", lambda name: f"{name}{suffix}")
        _check(self.queries.source, verbatim(str(path)))

    def _columns(self, suffix: str) -> Columns:
        """What tables there are."""
        found = self.connection.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
        return _by_table((table.lower().removesuffix(suffix), column) for table, column in found)

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        with self.connection.cursor() as cursor:  # of its own: another query may run while this one is fetched
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
        self.schema = schema or "public"
        try:
            self.connection = dbapi.connect(uri)
        except Exception as error:
            place = Message("omop.a_postgresql_server")
            raise InputError(
                place,
                Message("omop.no_answer"),
                Message("omop.a_server_that_answers"),
                Message("omop.check_the_address"),
            ) from error
        self.queries = Queries(self._columns(), "postgres", lambda name: f"{self.schema}.{name}")
        _check(self.queries.source, Message("omop.a_postgresql_server"))

    def _columns(self) -> Columns:
        """What tables there are."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns"
                f" WHERE table_schema = '{self.schema.replace(chr(39), '')}'"
            )
            return _by_table(cursor.fetchall())

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            for batch in cursor.fetch_record_batch():
                yield _as(batch, schema)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class SparkEngine:
    """A Spark session whose catalogue has the tables, as views or in a database."""

    def __init__(self, session: Any, database: str = "") -> None:
        self.session = session
        prefix = f"{database}." if database else ""
        names = {
            row.tableName.lower()
            for row in session.sql(f"SHOW TABLES {'IN ' + database if database else ''}").collect()
        }
        found = {
            name: [c.lower() for c in session.table(f"{prefix}{name}").columns]
            for name in tables_read()
            if name in names
        }
        self.queries = Queries(found, "spark", lambda name: f"{prefix}{name}")
        _check(found, Message("omop.a_spark_session"))

    def run(self, query: str, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        """The rows of a query."""
        for batch in self.session.sql(query).toArrow().to_batches(BATCH):
            yield _as(batch, schema)

    def close(self) -> None:
        """The session belongs to who opened it."""


def _by_table(found: Any) -> Columns:
    """Columns by table, in lower case."""
    tables: dict[str, set[str]] = {}
    for table, column in found:
        tables.setdefault(table.lower(), set()).add(column.lower())
    return tables


def _files(folder: Path) -> dict[str, Path]:
    """The file of each table in a folder, whatever case its name has."""
    known = {name.lower() for name in model()}
    found = {}
    for file in sorted(folder.iterdir()):
        kind = file.suffix.lower()
        if file.stem.lower() in known and kind in (".csv", ".parquet"):
            found[file.stem.lower()] = file
    return found


def _reader(file: Path) -> str:
    """How DuckDB reads a file: a CSV as text, since an empty column has no type that could be guessed."""
    name = str(file).replace("'", "''")
    if file.suffix.lower() == ".parquet":
        return f"read_parquet('{name}')"
    return f"read_csv('{name}', header = true, all_varchar = true, quote = '\"', escape = '\"', nullstr = '')"


NEEDED = {"person": ("person_id",), "concept": ("concept_id", "vocabulary_id", "concept_code")}
"""Without these nobody can be found."""


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
