"""The queries: written once, compiled for the engine that holds the data.

    queries = Queries(columns_of_the_source, dialect="postgres", schema="cdm")
    queries.people, queries.events, queries.counts

Every table is first brought into one form (a column that a source lacks is NULL), so that what follows is the same
text for all. Nothing is computed in SQL but which rows belong to whom: numbers are read as they stand, and no row is
dropped because a column of it is NULL.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from trabecula.adapters.fhir.codes import rows
from trabecula.adapters.omop.concepts import OWN_VOCABULARY
from trabecula.adapters.omop.sets import concept_set

Columns = Mapping[str, Collection[str]]
"""The columns that a source has, by table, in lower case."""
TYPES = {"whole": "BIGINT", "number": "DOUBLE", "day": "DATE", "time": "TIMESTAMP", "text": "VARCHAR"}
"""SQL types by the kind of a column."""
KINDS = ("condition_occurrence", "drug_exposure", "procedure_occurrence", "measurement", "observation")
"""Tables of events, in the order in which their rows come."""
EVENT = {
    "person_id": "whole", "kind": "whole", "event_id": "whole", "concept_id": "whole", "start_day": "day",
    "end_day": "day", "last_day": "day", "number": "number", "words": "text", "value_concept_id": "whole",
    "unit": "text", "unit_concept_id": "whole", "source_value": "text", "source_concept_id": "whole",
    "quantity": "number", "supply": "whole",
    "sig": "text", "route": "text", "route_concept_id": "whole", "qualifier": "text", "belongs_to": "whole",
}  # fmt: skip
"""What is read of an event, whatever table it stands in."""
_OF = {
    "condition_occurrence": {"end_day": "condition_end_date", "words": "stop_reason"},
    "drug_exposure": {
        "end_day": "drug_exposure_end_date", "last_day": "verbatim_end_date", "quantity": "quantity",
        "supply": "days_supply", "sig": "sig", "route": "route_source_value", "route_concept_id": "route_concept_id",
    },
    "procedure_occurrence": {},
    "measurement": {
        "number": "value_as_number", "words": "value_source_value", "value_concept_id": "value_as_concept_id",
        "unit": "unit_source_value", "unit_concept_id": "unit_concept_id", "belongs_to": "measurement_event_id",
    },
    "observation": {
        "number": "value_as_number", "words": "value_as_string", "value_concept_id": "value_as_concept_id",
        "unit": "unit_source_value", "unit_concept_id": "unit_concept_id", "qualifier": "qualifier_source_value",
        "belongs_to": "observation_event_id",
    },
}  # fmt: skip
_PREFIX = {
    "condition_occurrence": "condition", "drug_exposure": "drug", "procedure_occurrence": "procedure",
    "measurement": "measurement", "observation": "observation",
}  # fmt: skip
_STARTS = {
    "condition_occurrence": "condition_start", "drug_exposure": "drug_exposure_start",
    "procedure_occurrence": "procedure", "measurement": "measurement", "observation": "observation",
}  # fmt: skip


def model() -> dict[str, dict[str, str]]:
    """The tables of OMOP 5.4 that are used, with the kind of each column."""
    found: dict[str, dict[str, str]] = {}
    for row in rows("omop_columns.csv"):
        found.setdefault(row["table"], {})[row["column"]] = row["kind"]
    return found


@dataclass(frozen=True)
class Queries:
    """The query set for one source."""

    source: Columns
    dialect: str
    """As sqlglot calls it: duckdb, postgres, spark."""
    called: Callable[[str], str]
    """What a table is called in the source."""

    @cached_property
    def people(self) -> str:
        """Everybody in `person`, with death, place and whether a code says MS; one row a row of the table."""
        return self._compiled(_PEOPLE, "person", "death", "location", "concept", "concept_ancestor", *KINDS)

    @cached_property
    def events(self) -> str:
        """What happened to them: every row with a concept that is looked for, or with no concept at all."""
        selects = "\nUNION ALL\n".join(_events(number, table) for number, table in enumerate(KINDS))
        text = _EVENTS.replace("{events}", selects)
        return self._compiled(text, "visit_occurrence", "concept", "concept_ancestor", *KINDS)

    @cached_property
    def concepts(self) -> str:
        """Concepts that the events name, with the member of the set that each belongs to."""
        return self._compiled(_CONCEPTS, "concept", "concept_ancestor", *KINDS)

    @cached_property
    def counts(self) -> str:
        """Rows of each table, and how many of them belong to nobody in `person`."""
        each = "\nUNION ALL\n".join(
            f"SELECT {n} AS kind, COUNT(*) AS n_rows, SUM(CASE WHEN p.person_id IS NULL THEN 1 ELSE 0 END) AS n_lost"
            f" FROM {table} AS e LEFT JOIN (SELECT DISTINCT person_id FROM person) AS p ON p.person_id = e.person_id"
            for n, table in enumerate(KINDS)
        )
        return self._compiled(f"WITH {{tables}}\n{each}\nORDER BY kind", "person", *KINDS)

    def unreadable(self, table: str) -> str:
        """How many values of each column of a table are no value of its kind, and would be read as NULL."""
        kinds = {name: kind for name, kind in model()[table].items() if name in self.source[table]}
        listed = ", ".join(
            f"SUM(CASE WHEN {name} IS NOT NULL AND TRY_CAST({name} AS {TYPES[kind]}) IS NULL THEN 1 ELSE 0 END)"
            f" AS {name}"
            for name, kind in kinds.items()
        )
        return self._in_dialect(f"SELECT {listed} FROM {self.called(table)}")

    def _compiled(self, text: str, *tables: str) -> str:
        """The text with its tables and its concept set, in the words of the engine."""
        whole = text.replace("{known}", _KNOWN.replace("{members}", _members())).replace(
            "{tables}", self._tables(*tables)
        )
        return self._in_dialect(whole)

    def _in_dialect(self, text: str) -> str:
        """A query in the words of the engine."""
        import sqlglot  # an extra

        return sqlglot.transpile(text, read="duckdb", write=self.dialect, pretty=True)[0]

    def _tables(self, *names: str) -> str:
        """Each table in one form: its columns under their names and types, NULL for what the source lacks."""
        known = model()
        return ",\n".join(f"{name} AS ({self._table(name, known[name])})" for name in names)

    def _table(self, name: str, columns: Mapping[str, str]) -> str:
        """One table."""
        has = self.source.get(name)
        listed = ", ".join(
            f"TRY_CAST({column} AS {TYPES[kind]}) AS {column}" if has and column in has
            else f"CAST(NULL AS {TYPES[kind]}) AS {column}"
            for column, kind in columns.items()
        )  # fmt: skip
        return f"SELECT {listed} FROM {self.called(name)}" if has else f"SELECT {listed} WHERE 1 = 0"


def _members() -> str:
    """The concept set as rows."""
    each = (
        f"({member.rank}, '{member.how}', '{member.vocabulary}', '{_escaped(member.code)}', {int(member.ms)})"
        for member in concept_set()
    )
    return ",\n".join(each)


def _escaped(text: str) -> str:
    """A text in quotation marks."""
    return text.replace("'", "''")


_KNOWN = f"""
members AS (SELECT * FROM (VALUES {{members}}) AS m(place, how, vocabulary, code, ms)),
named AS (
  SELECT concept_id FROM (
    SELECT drug_concept_id AS concept_id FROM drug_exposure UNION SELECT drug_source_concept_id FROM drug_exposure
  ) AS d WHERE concept_id IS NOT NULL
),
roots AS (
  SELECT c.concept_id, m.place, m.ms FROM concept AS c JOIN members AS m
    ON m.how = 'code' AND c.vocabulary_id = m.vocabulary AND c.concept_code = m.code
  UNION ALL
  SELECT c.concept_id, m.place, m.ms FROM concept AS c JOIN members AS m
    ON m.how = 'beginning' AND c.vocabulary_id = m.vocabulary AND c.concept_code LIKE m.code || '%'
  UNION ALL
  SELECT c.concept_id, m.place, m.ms FROM concept AS c JOIN members AS m
    ON m.how = 'name' AND LOWER(c.concept_name) = m.code AND c.vocabulary_id IN ('RxNorm', 'RxNorm Extension', 'ATC')
  UNION ALL
  SELECT c.concept_id, m.place, m.ms FROM concept AS c JOIN members AS m
    ON m.how = 'words' AND LOWER(c.concept_name) = m.code
),
below AS (
  SELECT concept_id, place, ms, CAST(0 AS BIGINT) AS distance FROM roots
  UNION ALL
  SELECT a.descendant_concept_id, r.place, r.ms, a.min_levels_of_separation
    FROM roots AS r JOIN concept_ancestor AS a ON a.ancestor_concept_id = r.concept_id
  UNION ALL
  SELECT c.concept_id, m.place, m.ms, CAST(1000 AS BIGINT) FROM concept AS c
    JOIN named AS n ON n.concept_id = c.concept_id
    JOIN members AS m ON m.how = 'name' AND LOWER(c.concept_name) LIKE '%' || m.code || '%'
  UNION ALL
  SELECT concept_id, CAST(NULL AS INT), 0, CAST(0 AS BIGINT) FROM concept WHERE vocabulary_id = '{OWN_VOCABULARY}'
),
ordered AS (
  SELECT concept_id, place, ROW_NUMBER() OVER (PARTITION BY concept_id ORDER BY distance, place) AS nearest,
    MAX(ms) OVER (PARTITION BY concept_id) AS ms
  FROM below
),
known AS (SELECT concept_id, place, ms FROM ordered WHERE nearest = 1)"""

_PEOPLE = """
WITH {tables},
{known},
ill AS (
  SELECT DISTINCT e.person_id FROM (
    SELECT person_id, condition_concept_id AS concept_id FROM condition_occurrence
    UNION ALL SELECT person_id, condition_source_concept_id FROM condition_occurrence
    UNION ALL SELECT person_id, observation_concept_id FROM observation
  ) AS e JOIN known AS k ON k.concept_id = e.concept_id WHERE k.ms = 1 AND e.person_id IS NOT NULL
),
died AS (SELECT person_id, MIN(COALESCE(death_date, CAST(death_datetime AS DATE))) AS day FROM death GROUP BY person_id)
SELECT p.person_id, p.gender_concept_id, p.year_of_birth, p.month_of_birth, p.day_of_birth,
  CAST(p.birth_datetime AS DATE) AS birth_day, p.race_concept_id, p.ethnicity_concept_id, p.person_source_value,
  p.gender_source_value, p.race_source_value, l.country_source_value, c.concept_name AS country_name,
  d.person_id IS NOT NULL AS has_died, d.day AS death_day, i.person_id IS NOT NULL AS has_ms
FROM person AS p
LEFT JOIN (
  SELECT location_id, MIN(country_source_value) AS country_source_value, MIN(country_concept_id) AS country_concept_id
  FROM location GROUP BY location_id
) AS l ON l.location_id = p.location_id
LEFT JOIN concept AS c ON c.concept_id = l.country_concept_id AND c.concept_id <> 0
LEFT JOIN died AS d ON d.person_id = p.person_id
LEFT JOIN ill AS i ON i.person_id = p.person_id
ORDER BY p.person_id, p.year_of_birth, p.person_source_value"""


def _events(number: int, table: str) -> str:
    """The rows of one table, in the form of all; a day that is not given is that of the time, then of the visit."""
    prefix, start = _PREFIX[table], _STARTS[table]
    held = {
        "person_id": "e.person_id", "kind": str(number), "event_id": f"e.{table}_id",
        "concept_id": f"e.{prefix}_concept_id", "source_value": f"e.{prefix}_source_value",
        "source_concept_id": f"e.{prefix}_source_concept_id",
        "start_day": f"COALESCE(e.{start}_date, CAST(e.{start}_datetime AS DATE), v.day)",
        **{name: f"e.{column}" for name, column in _OF[table].items()},
    }  # fmt: skip
    listed = ", ".join(f"CAST({held.get(name, 'NULL')} AS {TYPES[kind]}) AS {name}" for name, kind in EVENT.items())
    return (
        f"SELECT {listed} FROM {table} AS e LEFT JOIN visits AS v ON v.visit_occurrence_id = e.visit_occurrence_id"
        f" LEFT JOIN known AS k ON k.concept_id = e.{prefix}_concept_id"
        f" LEFT JOIN known AS s ON s.concept_id = e.{prefix}_source_concept_id"
        " WHERE e.person_id IS NOT NULL AND (k.concept_id IS NOT NULL OR s.concept_id IS NOT NULL"
        f" OR (COALESCE(e.{prefix}_concept_id, 0) = 0 AND COALESCE(e.{prefix}_source_concept_id, 0) = 0))"
    )


_EVENTS = """
WITH {tables},
{known},
visits AS (
  SELECT visit_occurrence_id, MIN(COALESCE(visit_start_date, CAST(visit_start_datetime AS DATE))) AS day
  FROM visit_occurrence GROUP BY visit_occurrence_id
)
{events}
ORDER BY person_id, kind, event_id, start_day, number, source_value"""

_CONCEPTS = """
WITH {tables},
{known},
used AS (
  SELECT condition_concept_id AS concept_id FROM condition_occurrence
  UNION SELECT condition_source_concept_id FROM condition_occurrence
  UNION SELECT drug_concept_id FROM drug_exposure UNION SELECT drug_source_concept_id FROM drug_exposure
  UNION SELECT route_concept_id FROM drug_exposure
  UNION SELECT procedure_concept_id FROM procedure_occurrence
  UNION SELECT procedure_source_concept_id FROM procedure_occurrence
  UNION SELECT measurement_concept_id FROM measurement UNION SELECT measurement_source_concept_id FROM measurement
  UNION SELECT value_as_concept_id FROM measurement UNION SELECT unit_concept_id FROM measurement
  UNION SELECT observation_concept_id FROM observation UNION SELECT observation_source_concept_id FROM observation
  UNION SELECT value_as_concept_id FROM observation UNION SELECT unit_concept_id FROM observation
)
SELECT c.concept_id, c.vocabulary_id, c.concept_code, c.concept_name, k.place
FROM concept AS c JOIN used AS u ON u.concept_id = c.concept_id LEFT JOIN known AS k ON k.concept_id = c.concept_id
WHERE c.concept_id <> 0
ORDER BY c.concept_id"""


def tables_read() -> Iterator[str]:
    """The tables that are read."""
    yield from ("person", "death", "location", "visit_occurrence", "concept", "concept_ancestor", *KINDS)
