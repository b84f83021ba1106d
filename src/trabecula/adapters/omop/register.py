"""A database in OMOP as a register: everybody in it, or everybody with MS, one entry each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from trabecula.adapters.omop.assembling import Assembled, PersonRows, assemble
from trabecula.adapters.omop.engines import Engine
from trabecula.adapters.omop.query import EVENT, KINDS, model, tables_read
from trabecula.adapters.omop.resources import Event, NamedConcept
from trabecula.register import Entry
from trabecula.words.message import Message

if TYPE_CHECKING:
    import pyarrow as pa

Who = Literal["ms", "everybody"]
_PEOPLE = {
    "person_id": "whole", "gender_concept_id": "whole", "year_of_birth": "whole", "month_of_birth": "whole",
    "day_of_birth": "whole", "birth_day": "day", "race_concept_id": "whole", "ethnicity_concept_id": "whole",
    "person_source_value": "text", "gender_source_value": "text", "race_source_value": "text",
    "country_source_value": "text", "country_name": "text", "has_died": "yes_no", "death_day": "day",
    "has_ms": "yes_no",
}  # fmt: skip
_CONCEPTS = {
    "concept_id": "whole", "vocabulary_id": "text", "concept_code": "text", "concept_name": "text", "place": "whole"
}  # fmt: skip
_COUNTS = {"kind": "whole", "n_rows": "whole", "n_lost": "whole"}


def schema(columns: Mapping[str, str]) -> "pa.Schema":
    """Columns as Arrow has them."""
    import pyarrow as pa  # an extra

    types = {"whole": pa.int64(), "number": pa.float64(), "day": pa.date32(), "text": pa.string(), "yes_no": pa.bool_()}
    return pa.schema([(name, types[kind]) for name, kind in columns.items()])


@dataclass
class OmopRegister:
    """The people of a database; the same order at every reading."""

    engine: Engine
    on: date
    """The day for which they are read: nothing later has happened."""
    asked: Who | None = None
    """Whom to read; left out, those with MS, and everybody where nobody has it."""
    fingerprint_of_files: str = ""

    kind = "omop"

    @cached_property
    def people(self) -> "pa.Table":
        """Every row of `person`."""
        return self._table(self.engine.queries.people, _PEOPLE)

    @cached_property
    def concepts(self) -> dict[int, NamedConcept]:
        """The concepts that rows name."""
        rows = self._table(self.engine.queries.concepts, _CONCEPTS).to_pylist()
        return {
            row["concept_id"]: NamedConcept(
                row["vocabulary_id"] or "", row["concept_code"] or "", row["concept_name"] or "", row["place"]
            )
            for row in rows
        }  # fmt: skip

    @cached_property
    def who(self) -> Who:
        """Who is read."""
        has_ms = any(self.people.column("has_ms").to_pylist())
        return self.asked or ("ms" if has_ms else "everybody")

    @property
    def size(self) -> int:
        """How many people are read."""
        return sum(1 for _ in self._chosen())

    @property
    def fingerprint(self) -> str:
        """A hash of what is read."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        """A hash of the queries, of everybody in `person` and of how many rows every table has."""
        queries, held = self.engine.queries, sha256()
        for text in (queries.people, queries.events, self.fingerprint_of_files, self.who, self.on.isoformat()):
            held.update(text.encode())
        for row in (*self.people.to_pylist(), *self.counts):
            held.update(repr(sorted(row.items())).encode())
        return held.hexdigest()

    @cached_property
    def counts(self) -> list[dict[str, Any]]:
        """Rows of each table of events, and how many belong to nobody."""
        return self._table(self.engine.queries.counts, _COUNTS).to_pylist()

    @cached_property
    def unreadable(self) -> dict[str, int]:
        """Values that are none of their column's kind and are read as missing, by table and column."""
        queries, found = self.engine.queries, {}
        for table in [name for name in tables_read() if name in queries.source and queries.dialect != "postgres"]:
            columns = {name: "whole" for name in model()[table] if name in queries.source[table]}
            (row,) = self._table(queries.unreadable(table), columns).to_pylist()
            found |= {f"{table}.{name}": n for name, n in row.items() if n}
        return found

    @property
    def facts(self) -> Mapping[str, object]:
        """What the manifest says: queries, counts, who was read."""
        rows = {KINDS[row["kind"]]: {"rows": row["n_rows"], "of_nobody": row["n_lost"] or 0} for row in self.counts}
        queries = self.engine.queries
        return {
            "dialect": queries.dialect, "who": self.who, "people_in_person": self.people.num_rows,
            "tables": rows, "unreadable": self.unreadable,
            "queries": {name: getattr(queries, name) for name in ("people", "concepts", "events")},
        }  # fmt: skip

    def __iter__(self) -> Iterator[Entry]:
        """Everybody, read or refused."""
        for found in self.assembled():
            yield found.entry

    def assembled(self) -> Iterator[Assembled]:
        """Everybody, with the report of their rows."""
        concepts, groups = self.concepts, _Groups(self.events())
        for (number, person_id), people in groupby(self._numbered(), key=lambda held: (held[0], held[1]["person_id"])):
            rows = [row for _, row in people]
            events = groups.of(person_id) if person_id is not None else []
            if person_id is None:
                yield from (Assembled(Entry(f"row {number}", refusal=Message("omop.no_person_id"))) for _ in rows)
            elif len(rows) > 1:
                name = f"person {person_id}"
                yield from (Assembled(Entry(name, refusal=Message("omop.two_people_with_one_id"))) for _ in rows)
            else:
                yield assemble(PersonRows(rows[0], events), concepts, self.on)

    def events(self) -> Iterator["pa.RecordBatch"]:
        """What happened to everybody, in the order of people."""
        yield from self.engine.run(self.engine.queries.events, schema(EVENT))

    def _chosen(self) -> Iterator[Event]:
        """The rows of `person` that are read; in a row without an id nobody can tell whether MS is on file."""
        for batch in self.people.to_batches():
            for row in batch.to_pylist():
                if self.who == "everybody" or row["has_ms"] or row["person_id"] is None:
                    yield row

    def _numbered(self) -> Iterator[tuple[int, Event]]:
        """The same, with the number of a row that has no id."""
        for number, row in enumerate(self._chosen(), 1):
            yield (number if row["person_id"] is None else 0), row

    def _table(self, query: str, columns: Mapping[str, str]) -> "pa.Table":
        """A query that fits into memory."""
        import pyarrow as pa  # an extra

        form = schema(columns)
        return pa.Table.from_batches(self.engine.run(query, form), schema=form)


class _Groups:
    """The events of each person, out of a stream in the order of people."""

    def __init__(self, batches: Iterator["pa.RecordBatch"]) -> None:
        rows = (row for batch in batches for row in batch.to_pylist())
        self.groups = groupby(rows, key=lambda row: row["person_id"])
        self.waiting = next(self.groups, None)

    def of(self, person_id: int) -> list[Event]:
        """The events of a person; those of people who are not asked for are passed over."""
        while self.waiting is not None and self.waiting[0] < person_id:
            self.waiting = next(self.groups, None)
        if self.waiting is None or self.waiting[0] != person_id:
            return []
        found = list(self.waiting[1])
        self.waiting = next(self.groups, None)
        return found
