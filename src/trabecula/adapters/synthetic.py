"""A synthetic register in one of the forms in which registers come; everywhere it says that nobody in it is real."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trabecula import __version__
from trabecula.person import Person

FORMATS = ("csv", "excel", "fhir", "omop")
"""The forms."""
MARK = "SYNTHETIC: nobody in this register is real; drawn by Trabecula"
"""What stands in every manifest and source description."""
MANIFEST = "SYNTHETIC.txt"
"""No ending that a register could be read from; the text is JSON."""
BYTES_EACH = {"csv": 800, "excel": 750, "fhir": 34_000, "omop": 6_800}
"""About how large one person with MS is in each form [bytes], measured on sixty of them."""
_FHIR_TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST", "display": "test health data"
}  # fmt: skip
Writer = Callable[[Iterable[Person], Path, date], None]


@dataclass(frozen=True)
class SyntheticPlan:
    """What is to be written, before anything is."""

    people: int
    form: str
    seed: int
    on: date
    ms: bool

    @property
    def size(self) -> int:
        """About how many bytes it will be."""
        return self.people * BYTES_EACH[self.form]

    @property
    def about(self) -> Mapping[str, object]:
        """What the manifest says: with it the same register can be drawn again."""
        return {
            "synthetic": MARK, "people": self.people, "format": self.form, "seed": self.seed,
            "date": self.on.isoformat(), "ms": self.ms, "version": __version__,
        }  # fmt: skip


def free_bytes(folder: Path) -> int:
    """How much room there is where a folder is to be."""
    return shutil.disk_usage(folder.absolute().parent).free


def write_synthetic(plan: SyntheticPlan, people: Iterable[Person], target: Path) -> None:
    """Everybody into a folder, which is there in whole or not at all: it is written beside its place and then moved.

    Raises OSError when the disk is full or the place cannot be written; nothing is left then.
    """
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _WRITERS[plan.form](people, part, plan.on)
        part.joinpath(MANIFEST).write_text(json.dumps(plan.about, indent=1) + "\n", encoding="utf-8")
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _named(people: Iterable[Person]) -> Iterator[tuple[str, Person]]:
    """Everybody with their pseudonym."""
    return ((person.id or str(n), person) for n, person in enumerate(people, 1))


def _csv(people: Iterable[Person], folder: Path, on: date) -> None:  # noqa: ARG001
    """A CSV file for each sheet."""
    from trabecula.adapters.table.writing import tables, write_csv

    write_csv(tables(_named(people)), folder)


def _excel(people: Iterable[Person], folder: Path, on: date) -> None:  # noqa: ARG001
    """One workbook."""
    from trabecula.adapters.table.writing import tables, write_workbook

    write_workbook(tables(_named(people)), folder / "synthetic.xlsx")


def _fhir(people: Iterable[Person], folder: Path, on: date) -> None:
    """A Bundle for each person, every resource marked as test data."""
    from trabecula.adapters.fhir.building import to_json
    from trabecula.adapters.fhir.writing import write_bundle

    for name, person in _named(people):
        bundle = write_bundle(person, on).bundle
        for entry in bundle["entry"]:
            entry["resource"]["meta"] = {"tag": [_FHIR_TAG]}
        folder.joinpath(f"{name}.json").write_text(to_json(bundle) + "\n", encoding="utf-8")


def _omop(people: Iterable[Person], folder: Path, on: date) -> None:
    """A CSV file for each table of OMOP CDM 5.4."""
    from trabecula.adapters.omop.folder import write_folder

    write_folder(people, folder, on, MARK)


_WRITERS: Mapping[str, Writer] = {"csv": _csv, "excel": _excel, "fhir": _fhir, "omop": _omop}
