"""Import a table of findings into the registry: `python scripts/import_findings.py findings.csv`.

Writes data/findings/imported.csv (sorted by id, every status kept) and completes data/sources.csv. Running
it again changes nothing. The registry is append-only: a finding that now reads differently, or is gone, is
refused unless --accept-changes says that somebody looked at it.
"""

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trabecula.evidence import Finding, Source
from trabecula.evidence.documents import documents_of
from trabecula.evidence.reading import DATA, read_sources

COLUMNS = tuple(Finding.model_fields)
NUMBERS = ("n", "value", "lower", "upper", "year")

Row = dict[str, str]


class ImportRefusedError(Exception):
    """The table cannot be imported; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Import a table, or say why not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("table", type=Path, help="the findings.csv to import")
    parser.add_argument("--data", type=Path, default=DATA, help="the registry (default: the package's own)")
    parser.add_argument("--accept-changes", action="store_true", help="take changed and dropped findings as they are")
    given = parser.parse_args(arguments)
    try:
        print(import_table(given.table, given.data, accept_changes=given.accept_changes))
    except ImportRefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def import_table(table: Path, data: Path, *, accept_changes: bool = False) -> str:
    """Write imported.csv and sources.csv from a table; the answer counts what was imported."""
    rows = read_rows(table)
    refuse(row_problems(rows), table)
    imported, sources = data / "findings" / "imported.csv", data / "sources.csv"
    if imported.exists() and not accept_changes:
        refuse(change_problems(read_rows(imported), rows), table)
    rows = sorted(rows, key=lambda row: row["id"])
    write(imported, COLUMNS, rows)
    recorded = read_sources(data) if sources.exists() else {}
    documents = documents_of((finding(row) for row in rows), recorded)
    write(sources, tuple(Source.model_fields), (source_row(documents[name]) for name in sorted(documents)))
    return summary(rows, documents)


def read_rows(table: Path) -> list[Row]:
    """The rows of a table with exactly the known columns."""
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if set(reader.fieldnames or ()) != set(COLUMNS):
            raise ImportRefusedError(f"{table.name}: the columns must be {','.join(COLUMNS)}, not {reader.fieldnames}")
        return [_stripped(row, f"{table.name} line {reader.line_num}") for row in reader]


def _stripped(row: dict[str | Any, str | Any], place: str) -> Row:
    """The cells without spaces around them, if there are as many as columns."""
    if None in row or None in row.values():
        raise ImportRefusedError(f"{place}: more or fewer cells than columns; quote a text with commas")
    return {key: value.strip() for key, value in row.items()}


def row_problems(rows: Iterable[Row]) -> list[str]:
    """Ids that occur twice, and rows that are no finding."""
    rows = list(rows)
    counts = Counter(row["id"] for row in rows)
    problems = [f"{name}: the id occurs {count} times" for name, count in counts.items() if count > 1]
    return problems + [f"{row['id']}: {complaint}" for row in rows for complaint in complaints(row)]


def complaints(row: Row) -> list[str]:
    """What is wrong with one row."""
    try:
        finding(row)
    except ValidationError as error:
        return [f"{item['loc'][0]} {item.get('input')!r}: {item['msg']}" for item in error.errors()]
    return []


def finding(row: Row) -> Finding:
    """A row as a record; an empty cell is nothing."""
    return Finding.model_validate({key: value for key, value in row.items() if value})


def change_problems(before: Iterable[Row], now: Iterable[Row]) -> list[str]:
    """Findings that were imported and now read differently."""
    new = {row["id"]: row for row in now}
    problems = []
    for old in before:
        if old["id"] not in new:
            problems.append(f"{old['id']}: was imported and is not in the table")
            continue
        problems += [
            f"{old['id']}: {key} was {old[key]!r} and is now {new[old['id']][key]!r}"
            for key in COLUMNS
            if old[key] != new[old["id"]][key]
        ]
    return problems


def refuse(problems: Sequence[str], table: Path) -> None:
    """Raise all problems at once, with what to do."""
    if problems:
        advice = "Findings are append-only: correct the table, or run again with --accept-changes after a look."
        raise ImportRefusedError("\n".join([f"{table.name} was not imported:", *problems, advice]))


def source_row(source: Source) -> Row:
    """A document as a row."""
    return {key: "" if value is None else str(value) for key, value in source.model_dump().items()}


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table, the same bytes for the same rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")


def summary(rows: Sequence[Row], documents: Mapping[str, Source]) -> str:
    """How many findings of which status, from how many documents."""
    counts = ", ".join(f"{count} {status}" for status, count in sorted(Counter(r["status"] for r in rows).items()))
    return f"{len(rows)} findings ({counts}) from {len(documents)} documents"


if __name__ == "__main__":
    sys.exit(main())
