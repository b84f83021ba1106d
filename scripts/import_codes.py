"""Copy the clinical code table into the package: `python scripts/import_codes.py path/to/codes.csv`.

The table is kept as it is given, row by row, with its status (verified or recalled) and one column more:
which version of which file a row came from. What the adapters read a code *as* is decided elsewhere, in
readings.csv. Codes of things in the vocabulary are left out: they stand in their rows.
"""

import csv
import hashlib
import sys
from pathlib import Path

from trabecula.vocabulary.rows import all_rows

TARGET = Path(__file__).parent.parent / "src/trabecula/adapters/data/codes.csv"
COLUMNS = ("concept", "system", "code", "display", "status", "note")
STATUSES = {"verified", "recalled"}


def rows_of(table: Path) -> list[dict[str, str]]:
    """The rows of the given table, checked: known columns, a known status, no code twice for one concept."""
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        if set(row) != set(COLUMNS) or row["status"] not in STATUSES:
            raise SystemExit(f"{table.name}, line {number}: expected the columns {COLUMNS} and a status of {STATUSES}")
    keys = [(row["concept"], row["system"], row["code"]) for row in rows]
    if len(keys) != len(set(keys)):
        raise SystemExit(f"{table.name}: a code stands twice under one concept")
    return rows


def provenance(table: Path) -> str:
    """Which file, which version: its name and the first digits of its hash."""
    return f"{table.name} sha256:{hashlib.sha256(table.read_bytes()).hexdigest()[:12]}"


def main(arguments: list[str]) -> None:
    """Write codes.csv from the table named on the command line."""
    if len(arguments) != 1:
        raise SystemExit("one argument: the path of the clinical code table (csv)")
    table = Path(arguments[0])
    origin = provenance(table)
    in_the_vocabulary = {(code.system, code.code) for row in all_rows() for code in row.codes}
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        columns: list[str] = [*COLUMNS, "provenance"]
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows_of(table):
            if (row["system"], row["code"]) not in in_the_vocabulary:
                writer.writerow({**row, "provenance": origin})
    print(f"{TARGET.name}: written from {origin}")


if __name__ == "__main__":
    main(sys.argv[1:])
