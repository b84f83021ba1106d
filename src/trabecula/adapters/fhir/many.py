"""Many patients out of a folder or a file, one after the other: a bulk export, or Bundles of one or several.

A bulk export has a file for each type of resource, so that what is about one patient stands in many places. A first
pass notes where each resource stands and whose it is (18 bytes a resource); a second reads one patient at a time. No
more than one patient's resources is in memory, and nothing is written.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np

from trabecula.adapters.fhir import elements, forms
from trabecula.adapters.fhir.bundle import FhirError
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.reading import READ, read_bundle
from trabecula.person import PersonError, Reading
from trabecula.words.message import Message, verbatim

ENDINGS = (".ndjson", ".jsonl", ".json", ".xml")
"""Of files that are looked into; the first two have one resource on each line."""
_LOOKED_AT = 4_000
"""Bytes in which the type of a first resource stands."""
_LONGEST_LINE = 100_000_000
"""Bytes of one resource; a file without ends of lines is no export."""
_NEEDED = ("Medication", "Device")
"""Resources about nobody that those of a patient are not understood without."""
_NOBODY = -1
_OF_ONE = ("subject", "patient", "for", "beneficiary")


@dataclass(frozen=True)
class PatientRead:
    """One patient of many: what was read, or why nothing was."""

    patient: str
    """The id of the Patient where it comes from; it goes nowhere else."""
    reading: Reading | None
    """The person, and the report of what was lost."""
    refused: FhirError | PersonError | None = None
    """Why there is no reading."""


@dataclass
class ManyPatients:
    """The patients of a folder or of a file: iterate over it, as often as wanted.

    many = ManyPatients(Path("export"), date(2026, 11, 22))
    for found in many: ...  # found.patient, found.reading or found.refused
    many.left_out  # what could be given to no patient, said line by line
    """

    source: Path
    on: date
    """The day of assessment, after which nothing counts."""
    left_out: list[Message] = field(default_factory=list)
    """What could be given to nobody: lines that are no resource, resources about nobody or about a patient who is not
    there."""

    def __post_init__(self) -> None:
        self._places = _Places()
        self._bundles: list[Path] = []
        for file in _files_of(self.source):
            self._look_into(file)
        self.left_out += self._places.told()

    @property
    def ids(self) -> list[str]:
        """The patients, in the order in which they are read; of Bundles only when there is one file of them."""
        known = [*self._places.present()]
        return known + [id for path in self._bundles for id in forms.patients_in(_bundle(path))]

    def __iter__(self) -> Iterator[PatientRead]:
        """Every patient, one after the other."""
        for patient, bundle in self._of_lines():
            yield _read(patient, bundle, self.on)
        seen = set(self._places.present())
        for path in self._bundles:
            for patient, bundle in _apart(_bundle(path)):
                yield _twice(patient) if patient in seen else _read(patient, bundle, self.on)
                seen |= {patient} - {""}

    def one(self, patient: str) -> Reading:
        """The reading of one patient; raises FhirError for one who is not there, and what reading a Bundle raises."""
        found = self._places.bundle_of(patient) if patient in self._places.present() else None
        if found is None:
            of_files = (pair for path in self._bundles for pair in _apart(_bundle(path)))
            found = next((bundle for id, bundle in of_files if id == patient), None)
        if found is None:
            expected, todo = forms.one_of(self.ids), Message("fhir.name_one_of_them")
            raise FhirError("Patient", verbatim(patient[:40]), expected, todo)
        return Reading(*read_bundle(found, self.on))

    def _of_lines(self) -> Iterator[tuple[str, Element]]:
        """The patients of NDJSON, each with a Bundle."""
        for patient in self._places.present():
            bundle = self._places.bundle_of(patient)
            if bundle is not None:
                yield patient, bundle

    def _look_into(self, file: Path) -> None:
        """Note what a file holds."""
        if _has_lines(file):
            self._places.note(file)
        elif _is_bundle(file):
            self._bundles.append(file)
        else:
            self.left_out.append(Message("fhir.many.no_bundle", {"file": verbatim(file.name)}))


def _files_of(source: Path) -> list[Path]:
    """The file, or the files of the folder, in the order of their names."""
    if not source.is_dir():
        return [source]
    return sorted(path for path in source.rglob("*") if path.suffix in ENDINGS and path.is_file())


def _has_lines(file: Path) -> bool:
    """Whether a file has one resource on each line."""
    if file.suffix in (".ndjson", ".jsonl"):
        return True
    with file.open("rb") as lines:
        first = lines.readline(_LONGEST_LINE)
        return bool(_resource(first)) and text(_resource(first).get("resourceType")) != "Bundle" and any(lines)


def _is_bundle(file: Path) -> bool:
    """Whether a file begins as a Bundle does; which one it is, is seen when it is read."""
    with file.open("rb") as content:
        start = content.read(_LOOKED_AT)
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b'"resourceType"' in start


def _bundle(path: Path) -> Element:
    """A file as a Bundle; an empty one for what is none: it then has no patients."""
    said = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        found = forms.from_xml(said) if said.lstrip().startswith("<") else element(json.loads(said))
    except (FhirError, ValueError, RecursionError):
        return {}
    return found if text(found.get("resourceType")) == "Bundle" else forms.collected([found])


def _twice(patient: str) -> PatientRead:
    """A patient who has come before: which of two records holds is not for us to say."""
    expected, todo = Message("fhir.many.each_patient_once"), Message("fhir.many.keep_the_newer")
    return PatientRead(patient, None, FhirError("Patient", Message("fhir.many.patient_again"), expected, todo))


def _read(patient: str, bundle: Element, on: date) -> PatientRead:
    """One patient, read."""
    try:
        return PatientRead(patient, Reading(*read_bundle(bundle, on)))
    except (FhirError, PersonError) as refused:
        return PatientRead(patient, None, refused)


# ---------------------------------------------------------------- whose a resource is


def _whose(resource: Element) -> str:
    """The id, or the address, of the patient that a resource is about; empty for nobody."""
    if text(resource.get("resourceType")) == "Patient":
        return text(resource.get("id"))
    who = next((text(element(resource.get(name)).get("reference")) for name in _OF_ONE if name in resource), "")
    return who if who.startswith("urn:") else who.split("/_history/")[0].rpartition("/")[2]


def _name(resource: Element) -> str:
    """Type and id, as references have them."""
    return f"{text(resource.get('resourceType'))}/{text(resource.get('id'))}"


def _newest(resources: Iterable[Element]) -> list[Element]:
    """Each resource once, as it was changed last: an export of changes has some again.

    Without a time of change the later line is the newer.
    """
    kept: dict[str, Element] = {}
    for number, held in enumerate(resources):
        name = _name(held) if text(held.get("id")) else f"#{number}"
        before = kept.get(name)
        if before is None or _changed(held) >= _changed(before):
            kept[name] = held
    return list(kept.values())


def _changed(resource: Element) -> str:
    """When a resource was changed last, as FHIR writes times."""
    return text(element(resource.get("meta")).get("lastUpdated"))


def _apart(bundle: Element) -> Iterator[tuple[str, Element]]:
    """The Bundle about each of its patients."""
    entries = elements.elements(bundle.get("entry"))
    held = [(entry, element(entry.get("resource"))) for entry in entries]
    patients = {text(found.get("id")): entry for entry, found in held if found.get("resourceType") == "Patient"}
    if len(patients) <= 1:
        yield from ((patient, bundle) for patient in patients)
        return
    by_url = {text(entry.get("fullUrl")): patient for patient, entry in patients.items()}
    own: dict[str, list[Element]] = {patient: [] for patient in patients}
    shared = []
    for entry, found in held:
        who = by_url.get(_whose(found), _whose(found))
        if who in own:
            own[who].append(entry)
        elif text(found.get("resourceType")) in _NEEDED:
            shared.append(entry)
    yield from ((patient, bundle | {"entry": [*mine, *shared]}) for patient, mine in own.items())


# ---------------------------------------------------------------- places in files


class _Places:
    """Where each resource of NDJSON stands, and whose it is."""

    def __init__(self) -> None:
        self._files: list[Path] = []
        self._file, self._whose = array("h"), array("i")
        self._start, self._length = array("q"), array("i")
        self._numbers: dict[str, int] = {}
        self._shared: dict[str, int] = {}
        self._patients: dict[str, None] = {}
        self._deleted: set[str] = set()
        self._lost: Counter[tuple[str, str]] = Counter()
        self._order: tuple[np.ndarray, np.ndarray] | None = None

    def note(self, file: Path) -> None:
        """Look through a file."""
        self._files.append(file)
        with file.open("rb") as lines:
            start = 0
            while line := lines.readline(_LONGEST_LINE):
                if line.strip():
                    self._note_line(line, start, file.name)
                start += len(line)

    def _note_line(self, line: bytes, start: int, file: str) -> None:
        """One line: a resource, or the Bundle that says what was deleted."""
        resource = _resource(line)
        kind, who = text(resource.get("resourceType")), _whose(resource)
        if not kind:
            self._lost["fhir.many.no_resource", file] += 1
        elif kind == "Bundle":
            self._deleted |= set(_deleted(resource))
        elif kind in _NEEDED and not who:
            self._shared[_name(resource)] = self._add(_NOBODY, start, len(line))
        elif who:
            if kind == "Patient":
                self._patients[who] = None
            self._add(self._numbers.setdefault(who, len(self._numbers)), start, len(line))
        elif kind in READ or kind == "OperationOutcome":
            self._lost["fhir.many.about_nobody" if kind in READ else "fhir.many.messages", file] += 1

    def _add(self, who: int, start: int, length: int) -> int:
        """One place; its number."""
        self._file.append(len(self._files) - 1)
        self._whose.append(who)
        self._start.append(start)
        self._length.append(length)
        return len(self._whose) - 1

    def present(self) -> dict[str, None]:
        """The patients whose Patient is there, in their order."""
        return {id: None for id in self._patients if f"Patient/{id}" not in self._deleted}

    def told(self) -> Iterator[Message]:
        """What could be given to nobody."""
        for (id, file), n in sorted(self._lost.items()):
            yield Message(id, {"n": n, "file": verbatim(file)})
        absent = {number for id, number in self._numbers.items() if id not in self._patients}
        if absent:
            n = int(np.isin(np.asarray(self._whose), list(absent)).sum())
            yield Message("fhir.many.without_their_patient", {"n": n, "patients": len(absent)})

    def bundle_of(self, patient: str) -> Element | None:
        """What there is about a patient, and what it refers to; None when the Patient was taken out of its file."""
        resources = _newest(self._load(self._rows(self._numbers[patient])))
        kept = [held for held in resources if _name(held) not in self._deleted]
        needed = dict.fromkeys(name for held in kept for name in _refers_to(held) if name in self._shared)
        return forms.collected([*kept, *self._load(self._shared[name] for name in needed)]) if kept else None

    def _rows(self, number: int) -> Iterator[int]:
        """The places of a patient's resources."""
        if self._order is None:
            whose = np.asarray(self._whose)
            order = np.argsort(whose, kind="stable")
            self._order = order, whose[order]
        order, whose = self._order
        first, after = np.searchsorted(whose, [number, number + 1])
        yield from (int(row) for row in order[first:after])

    def _load(self, rows: Iterable[int]) -> Iterator[Element]:
        """The resources at some places."""
        open_now: dict[int, IO[bytes]] = {}
        try:
            for row in rows:
                file = self._file[row]
                if file not in open_now:
                    open_now[file] = self._files[file].open("rb")
                open_now[file].seek(self._start[row])
                yield _resource(open_now[file].read(self._length[row]))
        finally:
            for opened in open_now.values():
                opened.close()


def _resource(line: bytes) -> Element:
    """The resource on a line; an empty one for anything else."""
    try:
        return element(json.loads(line))
    except (ValueError, RecursionError):
        return {}


def _deleted(bundle: Element) -> Iterator[str]:
    """What a Bundle of an export of changes says was deleted."""
    for entry in elements.elements(bundle.get("entry")):
        request = element(entry.get("request"))
        if text(request.get("method")) == "DELETE":
            yield "/".join(text(request.get("url")).split("/")[-2:])


def _refers_to(resource: Element) -> Iterator[str]:
    """The medicine or the device that a resource refers to."""
    for held in (resource.get("medicationReference"), resource.get("medication"), resource.get("device")):
        named = element(held).get("reference")
        reference = text(element(named).get("reference") if isinstance(named, dict) else named)  # a dict in R5
        if reference:
            yield "/".join(reference.split("/_history/")[0].split("/")[-2:])
