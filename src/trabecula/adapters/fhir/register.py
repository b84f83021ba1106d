"""A register out of FHIR: the patients of a bulk export, or of Bundles, as entries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from trabecula.adapters.fhir.many import ENDINGS, ManyPatients, PatientRead
from trabecula.adapters.records import fingerprint_of, found_in, refusal_of
from trabecula.register.entries import Entry
from trabecula.words.message import Message


@dataclass(frozen=True)
class FhirPatients:
    """Everybody of a folder or file of FHIR R4."""

    source: Path
    on: date

    kind = "fhir"
    size = None

    @cached_property
    def _patients(self) -> ManyPatients:
        return ManyPatients(self.source, self.on)

    @property
    def fingerprint(self) -> str:
        """A hash of what is read."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        """A hash of every file."""
        return fingerprint_of(self.source, found_in(self.source, ENDINGS))

    @property
    def facts(self) -> Mapping[str, object]:
        """How much could be given to no patient."""
        return {"left_out": len(self._patients.left_out)}

    def __iter__(self) -> Iterator[Entry]:
        """Everybody, read or refused."""
        for number, found in enumerate(self._patients, 1):
            yield _entry(found, found.patient or f"patient {number}")


def _entry(found: PatientRead, id: str) -> Entry:
    """One patient."""
    if found.reading is None:
        return Entry(id, refusal=refusal_of(found.refused) if found.refused else Message("register.no_record"))
    report = found.reading.report
    return Entry(id, found.reading.person, notes=tuple(report.lines()[:1]) if report is not None else ())
