"""Reads the files of the registry into records, and says kindly what is wrong with a file.

This is the one place where the package's own data are opened.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from trabecula.data_files import DataError, load_yaml
from trabecula.evidence.records import Finding, Fit, Parameter, Record, Source

DATA = Path(__file__).parent / "data"
"""The registry that comes with the package."""

RecordT = TypeVar("RecordT", bound=Record)


class EvidenceError(DataError):
    """The registry is not in order; `problems` has every complaint, each with its place."""


def read_parameters(*directories: Path) -> dict[str, Parameter]:
    """Every parameter of every file in `parameters/` of the directories, by id."""
    return _by_id(_yaml_records(Parameter, _files(directories, "parameters/*.yaml")))


def read_fits(directory: Path) -> dict[str, Fit]:
    """The calibrations that parameters name."""
    return _by_id(_yaml_records(Fit, [directory / "fits.yaml"]))


def read_findings(*directories: Path, files: Iterable[Path] = ()) -> dict[str, Finding]:
    """Every finding of every file in `findings/` of the directories, and of the files named, by id."""
    return _by_id(_csv_records(Finding, [*_files(directories, "findings/*.csv"), *files]))


def read_sources(*directories: Path, files: Iterable[Path] = ()) -> dict[str, Source]:
    """The documents of the directories and of the files named, by id."""
    return _by_id(_csv_records(Source, [*_files(directories, "sources.csv"), *files]))


def _files(directories: Iterable[Path], pattern: str) -> Iterator[Path]:
    """The files of each directory in turn."""
    for directory in directories:
        yield from sorted(directory.glob(pattern))


def _by_id(found: Iterable[tuple[str, RecordT | str]]) -> dict[str, Any]:
    """Records by id; all problems of all files are raised together."""
    records: dict[str, Any] = {}
    places: dict[str, str] = {}
    problems = []
    for place, record in found:
        if isinstance(record, str):
            problems.append(f"{place}: {record}")
            continue
        name = record.id  # type: ignore[attr-defined]
        if name in records:
            problems.append(f"{place}: the id is already taken in {places[name]}; ids are unique and permanent")
        records[name], places[name] = record, place
    if problems:
        raise EvidenceError(problems)
    return records


def _yaml_records(kind: type[RecordT], paths: Iterable[Path]) -> Iterator[tuple[str, RecordT | str]]:
    """(place, record or complaint) for each entry of YAML files that hold one list each."""
    for path in paths:
        try:
            entries = load_yaml(path)
        except yaml.YAMLError as error:
            yield path.name, f"cannot be read as YAML: {error}. Quote texts that begin with % or hold `: `"
            continue
        if not isinstance(entries, list):
            yield path.name, "must hold one list of records, each beginning with `- id:`"
            continue
        for entry in entries:
            yield _record(kind, path, entry, lambda: "")


def _csv_records(kind: type[RecordT], paths: Iterable[Path]) -> Iterator[tuple[str, RecordT | str]]:
    """(place, record or complaint) for each row of CSV files; an empty cell is None."""
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")  # a spreadsheet may begin the file with a mark
        except (OSError, UnicodeDecodeError) as error:
            yield path.name, f"cannot be read: {error}; expected a CSV file in UTF-8; save it as one"
            continue
        with StringIO(text, newline="") as file:
            rows = csv.DictReader(file)
            if complaint := _header_complaint(kind, rows.fieldnames or ()):
                yield path.name, complaint
                continue
            for row in rows:
                if None in row:
                    yield (f"{path.name} line {rows.line_num}", "more cells than columns; quote a text with commas")
                    continue
                entry = {key: value for key, value in row.items() if value != ""}
                yield _record(kind, path, entry, lambda rows=rows: f" line {rows.line_num}")


def _header_complaint(kind: type[Record], columns: Sequence[str]) -> str:
    """What is wrong with the columns of a file; nothing if all that are needed stand there, and no others."""
    known = kind.model_fields
    missing = [name for name, info in known.items() if info.is_required() and name not in columns]
    unknown = [name for name in columns if name not in known]
    found = [f"no column {name}" for name in missing] + [f"the unknown column {name!r}" for name in unknown]
    if not found:
        return ""
    return (
        f"found {', '.join(found)}; expected the columns {', '.join(known)}; correct the first line of the file"
        " (columns that may be empty may be left out)"
    )


def _record(kind: type[RecordT], path: Path, entry: Any, where: Callable[[], str]) -> tuple[str, RecordT | str]:
    """One entry as a record, or what is wrong with it."""
    name = entry.get("id", "(no id)") if isinstance(entry, Mapping) else "(not a record)"
    try:
        return f"{path.name}{where()}: {name}", kind.model_validate(entry)
    except ValidationError as error:
        return f"{path.name}{where()}: {name}", "; ".join(_complaints(kind, entry, error))


def _complaints(kind: type[Record], entry: Any, error: ValidationError) -> list[str]:
    """Pydantic's errors in our words, one a field."""
    told: dict[str, str] = {}
    for item in error.errors():
        field = str(item["loc"][0]) if item["loc"] else ""
        told.setdefault(field, _complaint(kind, entry, field, item["type"], item["msg"]))
    return list(told.values())


def _complaint(kind: type[Record], entry: Any, field: str, error_type: str, message: str) -> str:
    """One error in our words."""
    known = [info.alias or name for name, info in kind.model_fields.items()]
    if error_type == "extra_forbidden":
        return f"unknown key `{field}`; known are {', '.join(known)}"
    if error_type == "missing":
        return f"`{field}` is missing; " + _WHAT_IS_ASKED.get(field, "add it")
    given = f" (given: {entry.get(field)!r})" if field and isinstance(entry, Mapping) else ""
    return f"{f'`{field}`: ' if field else ''}{message.removeprefix('Value error, ')}{given}"


_WHAT_IS_ASKED = {
    "because": "say in a sentence or two why this value, specific to this number",
    "spread": "say {kind: lognormal, sd: ...}, or {kind: none} and in `because` why it is fixed",
    "method": "one of as_printed, pooled, transported, calibrated, assumed",
    "reviewed": "the date on which a person last looked at it",
    "unit": "write 1 for a plain number",
}
