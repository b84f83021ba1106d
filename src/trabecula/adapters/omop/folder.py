"""A folder with one CSV for each table of OMOP, written person by person."""

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from trabecula.adapters.omop.concepts import OmopConcept, own_concept
from trabecula.adapters.omop.query import model
from trabecula.adapters.omop.writing import OmopRows, write_rows
from trabecula.person import Person

_FROM, _TO = date(1970, 1, 1), date(2099, 12, 31)
"""Days between which a concept is valid, as OMOP writes them."""
_MS_SUBTYPES = ("426373005", "428700003", "425500002")
_MS = "24700007"


def write_folder(people: Iterable[Person], folder: Path, on: date, name: str) -> OmopRows:
    """Everybody as tables in a folder that is there; what became of the records.

    name: of the database, in `cdm_source`.
    """
    columns, total = model(), OmopRows()
    with ExitStack() as stack:
        files = {table: _Sheet(stack, folder / f"{table}.csv", list(held)) for table, held in columns.items()}
        for number, person in enumerate(people, 1):
            rows = write_rows(person, number, on)
            total.named |= rows.named
            total.read += rows.read
            total.hidden += rows.hidden
            for table, held in rows.tables.items():
                files[table].write(held)
        for concept in sorted(total.named.values(), key=lambda known: known.concept_id):
            files["concept"].write([_concept_row(concept)])
        files["concept_ancestor"].write(_ancestors(total.named.values()))
        files["vocabulary"].write([_vocabulary_row()])
        files["cdm_source"].write([_source_row(name, on)])
    return total


class _Sheet:
    """One file with its header."""

    def __init__(self, stack: ExitStack, path: Path, columns: list[str]) -> None:
        file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        self.writer = csv.DictWriter(file, columns, lineterminator="\n")
        self.writer.writeheader()

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Some rows more; numbers by their shortest text, so that they come back to the last bit."""
        self.writer.writerows(rows)


def _concept_row(concept: OmopConcept) -> dict[str, Any]:
    """A row of `concept`."""
    return {
        "concept_id": concept.concept_id, "concept_name": concept.name, "domain_id": concept.domain,
        "vocabulary_id": concept.vocabulary, "concept_class_id": concept.concept_class,
        "standard_concept": "S" if concept.standard else None, "concept_code": concept.code, "valid_start_date": _FROM,
        "valid_end_date": _TO,
    }  # fmt: skip


def _ancestors(named: Iterable[OmopConcept]) -> list[dict[str, Any]]:
    """Each concept below itself, and the courses of MS below MS."""
    known = {concept.concept_id: concept for concept in named}
    pairs = [(number, number, 0) for number in sorted(known)]
    ms = next((c.concept_id for c in known.values() if c.vocabulary == "SNOMED" and c.code == _MS), None)
    if ms is not None:
        pairs += [(ms, number, 1) for number, c in sorted(known.items()) if c.code in _MS_SUBTYPES]
    return [
        {"ancestor_concept_id": above, "descendant_concept_id": below, "min_levels_of_separation": levels,
         "max_levels_of_separation": levels}
        for above, below, levels in pairs
    ]  # fmt: skip


def _vocabulary_row() -> dict[str, Any]:
    """Our own vocabulary."""
    return {
        "vocabulary_id": "Trabecula", "vocabulary_name": "Fields of a Trabecula record",
        "vocabulary_reference": "urn:trabecula:record:1", "vocabulary_version": "1",
        "vocabulary_concept_id": own_concept("record").concept_id,
    }  # fmt: skip


def _source_row(name: str, on: date) -> dict[str, Any]:
    """What the database is."""
    return {
        "cdm_source_name": name, "cdm_source_abbreviation": "Trabecula", "cdm_holder": "Trabecula",
        "source_description": name, "source_release_date": on, "cdm_release_date": on, "cdm_version": "5.4",
        "vocabulary_version": "none",
    }  # fmt: skip
