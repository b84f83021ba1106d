"""What a source of many people is, told by what is in it: records, FHIR, a table, or OMOP."""

from datetime import date
from pathlib import Path

from trabecula.adapters.files import InputError, check_file
from trabecula.adapters.records import ENDINGS, Records, found_in
from trabecula.register.entries import Register
from trabecula.words.message import Message, verbatim

_WORKBOOK = b"PK\x03\x04"
_LOCKED = b"\xd0\xcf\x11\xe0"
"""How old Excel files begin, and new ones with a password."""
_SEEN = 4000
"""Bytes of a file that tell what it is."""
TABLE_ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm")


def register_of(source: str, on: date, mapping: Path | None = None) -> Register:
    """The register in a file, a folder or a database; mapping: how the columns of a table are called.

    Raises InputError where there is none, or where it cannot be read.
    """
    from trabecula.adapters.omop.sources import engine_of  # an extra reads it

    if engine_of(source) is not None:
        return _omop(source, on)
    path = Path(source)
    if not path.is_dir():
        check_file(path)
    kind = _kind_of(path)
    if kind == "fhir":
        from trabecula.adapters.fhir.register import FhirPatients

        return FhirPatients(path, on)
    if kind == "table":
        from trabecula.adapters.table.register import TableRegister

        return TableRegister(path, on, mapping)
    return Records(path, on)


def _omop(source: str, on: date) -> Register:
    """A register in the OMOP common data model."""
    from trabecula.adapters.omop.sources import omop_register  # an extra

    register = omop_register(source, on)
    assert register is not None  # an engine was found for it
    return register


def _kind_of(path: Path) -> str:
    """records, fhir or table."""
    if not path.is_dir():
        return _kind_of_file(path)
    tables, records = found_in(path, TABLE_ENDINGS), found_in(path, (*ENDINGS, ".xml"))
    if not tables and not records:
        where, found = verbatim(str(path)), Message("register.folder_without_people")
        raise InputError(where, found, Message("register.a_source"), Message("register.name_a_source"))
    if len(tables) > len(records):
        return "table"
    return "fhir" if any(_kind_of_file(file) == "fhir" for file in records) else "records"


def _kind_of_file(path: Path) -> str:
    """What one file is, by how it begins."""
    with path.open("rb") as file:
        begin = file.read(_SEEN)
    if begin.startswith(_LOCKED):
        expected, todo = Message("register.an_open_workbook"), Message("register.save_without_password")
        raise InputError(verbatim(path.name), Message("register.locked_workbook"), expected, todo)
    if begin.startswith(_WORKBOOK):
        return "table"
    text = begin.decode("utf-8", errors="ignore").lstrip("\ufeff \r\n\t")
    if text.startswith("<") or (text.startswith("{") and '"resourceType"' in text):
        return "fhir"
    return "table" if path.suffix.lower() in TABLE_ENDINGS or _is_csv(text) else "records"


def _is_csv(text: str) -> bool:
    """Whether the first line has several cells, and is no field of YAML."""
    first = text.split("\n", 1)[0]
    return not text.startswith(("{", "[", "-")) and ":" not in first and max(map(first.count, ";,\t")) >= 2
