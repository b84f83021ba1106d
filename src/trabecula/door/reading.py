"""A person from a file, and the formats."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from trabecula.door.checks import a_day, a_path, one_of, write
from trabecula.person import Person

if TYPE_CHECKING:  # adapters wait for the first file
    from trabecula.adapters.loss import LossReport

    PersonAndLoss = tuple[Person, LossReport | None]

SCHEMAS = ("person", "assessment", "population")
_ADD_DAY = "file.add_date_yyyy_mm_dd"
"""What the command line says of a bundle without a day."""


@overload
def read(path: str | Path, on: date | None = None, *, with_loss: Literal[False] = False) -> Person: ...


@overload
def read(path: str | Path, on: date | None = None, *, with_loss: Literal[True]) -> "PersonAndLoss": ...


def read(path: str | Path, on: date | None = None, *, with_loss: bool = False) -> "Person | PersonAndLoss":
    """A person from a file: a record in YAML or JSON, or a FHIR R4 bundle about one patient.

    on: the day of assessment, after which nothing can have happened; a record may bring its own (`assessed_on`), a
    bundle needs one, which becomes the record's. with_loss: also what became of a bundle's resources, each counted as
    read, or as left out with its reason; None for a record of ours, of which everything is read.

    Raises TrabeculaError where the file cannot be read, or the record in it: with every problem, its place, what was
    expected and what to do.

    >>> import trabecula as tb
    >>> person = tb.read("examples/ms_woman_44.yaml")
    >>> person.sex, person.assessed_on.isoformat(), len(person.steroids)
    ('female', '2026-11-22', 7)
    >>> person, loss = tb.read("examples/ms_woman_44.yaml", with_loss=True)
    >>> loss is None
    True
    """
    from trabecula.adapters.files import InputError, read_record

    day = None if on is None else a_day(on)
    try:
        person, report = read_record(a_path(path, 'tb.read("record.yaml")'), day)
    except InputError as error:
        if error.todo.id != _ADD_DAY:
            raise
        refused = InputError(error.where, error.found, error.expected, write("on=date(2026, 11, 22)"))
        raise refused from None
    if day is not None and person.assessed_on is None:
        person = person.model_copy(update={"assessed_on": day})
    return (person, report) if with_loss else person


def schema(what: Literal["person", "assessment", "population"] = "person") -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, of an assessment as `to_dict()` and `--format json` write it, or of a
    scenario file (`population`).

    Raises TrabeculaError for anything else.

    >>> import trabecula as tb
    >>> tb.schema("person")["required"]
    ['birth_date', 'sex']
    """
    if one_of("what", what, SCHEMAS) == "person":
        from trabecula.person import person_schema

        return person_schema()
    if what == "population":
        from trabecula.simulation.reading import study_schema

        return study_schema()
    from trabecula.assessment import assessment_schema

    return assessment_schema()
