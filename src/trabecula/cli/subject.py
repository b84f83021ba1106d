"""The person whom a command is about: out of a file, on a day, and conditioned on everything up to that day.

What needs the compiler is imported when it is needed, so that a refusal of the record comes at once.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trabecula.cli.options import ModelOptions
from trabecula.cli.output import CommandRefused, announcing_compilation, refusing, say

if TYPE_CHECKING:
    from trabecula.adapters.loss import LossReport
    from trabecula.assessment.patient_state import PatientState
    from trabecula.evidence import Evidence
    from trabecula.person import Person, Reading
    from trabecula.words.message import Message

STDIN = "-"
_REASONS = 10
"""Reasons in the short form of a loss report."""


@dataclass(frozen=True)
class Subject:
    """A person, and the day of assessment."""

    person: "Person"
    on: date
    loss: "LossReport | None"
    """What became of a record from another system; None for one of ours, of which everything is read."""


def read_subject(source: str, on: date | None) -> Subject:
    """The person in a file, for a day: the one asked for, the record's own, or today.

    source: a path, or a hyphen for standard input. Which day was taken is said on standard error when nobody named one.
    Raises CommandRefused with every problem of the record.
    """
    from trabecula.adapters.files import InputError, check_file

    with refusing(InputError):
        if source != STDIN:
            check_file(source)
        from trabecula.person import PersonError  # a file that is not there is told before the record's models are made

    where = "standard input" if source == STDIN else source
    with refusing(InputError), refusing(PersonError, where=where):
        reader = _reader(source)
        return _dated(reader) if on is None else _subject(reader(on), on)


def _reader(source: str) -> Callable[[date | None], "Reading"]:
    """Reads the source for a day; what can be read only once (a pipe) is kept."""
    from trabecula.adapters import files
    from trabecula.words.message import Message, verbatim

    if source == STDIN:
        raw, where = sys.stdin.buffer.read(files.LARGEST_BUNDLE + 1), Message("file.standard_input")
    elif Path(source).is_fifo():
        raw, where = Path(source).read_bytes(), verbatim(source)
    else:
        return lambda on: files.read_record(source, on)
    return lambda on: files.read_bytes(raw, where, on)


def _dated(reader: Callable[[date | None], "Reading"]) -> Subject:
    """The record on its own day, or else today; a FHIR Bundle has no day of its own."""
    from trabecula.adapters.files import InputError
    from trabecula.person.dates import read_date

    try:
        own = reader(None).person.assessed_on
    except InputError:  # a bundle needs a day; anything else that is wrong is said again below
        own = None
    if own is not None:
        return _subject(reader(own), own)
    today = date.today()
    subject = _subject(reader(today), today)
    died = subject.person.death_date
    if died is not None and died <= today:
        death = read_date(died)
        alive = death.first - timedelta(days=1)
        say(f"This person died on {death.written}, so the assessment is for the day before; use --date for another.")
        return _subject(reader(alive), alive)
    say(f"Assessed for today, {today.isoformat()}; --date sets another day.")
    return subject


def _subject(reading: "Reading", on: date) -> Subject:
    """What was read, with its day."""
    return Subject(reading.person, on, reading.report)


@contextmanager
def conditioned(subject: Subject, options: ModelOptions) -> Iterator["PatientState"]:
    """The person from whom every future begins; refusals of the model, here and within, become one message.

    with conditioned(subject, options) as known: ...  # answered(known), compare(known, plans)
    """
    from trabecula.evidence import Evidence, EvidenceError

    with refusing(EvidenceError):
        evidence = Evidence.load()
        _check_horizon(subject, options.horizon_y, evidence)
    from trabecula.assessment.patient_state import NotAssessable, prepare
    from trabecula.compiled import without_linear_algebra
    from trabecula.fracture import AgeRefused, CountryRefused
    from trabecula.model import Model
    from trabecula.skeleton import DoseRefused, MarchError

    asked = {"country": options.country, "stand_in": options.stand_in}
    person = subject.person.model_copy(update={name: key for name, key in asked.items() if key})
    refusals = (AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable)
    without_linear_algebra()
    with announcing_compilation(), refusing(*refusals):
        yield prepare(person, subject.on, Model(evidence), options.draws, options.seed, float(options.horizon_y))


def _check_horizon(subject: Subject, horizon_y: int, evidence: "Evidence") -> None:
    """Refuse a horizon beyond the age at which the tables of fracture and death end."""
    from trabecula.door.checks import years_left

    last_y = evidence.scalar("mortality.lifetime_until")
    left_y = years_left(subject.person, subject.on, evidence)
    if horizon_y > left_y:
        raise CommandRefused(
            f"--horizon: found {horizon_y}; expected at most {left_y} years, because the fracture and death"
            f" tables end at age {last_y:.0f}; choose a shorter horizon (lifetime risk is always shown)"
        )


def loss_lines(report: "LossReport | None", *, verbose: bool) -> "tuple[Message, ...]":
    """What was left out of a record from another system, by reason, and how much was assumed.

    verbose: everything, one by one.
    """
    if report is None:
        return ()
    from trabecula.words.message import Message

    everything = report.lines()
    assumed = [Message("loss.n_assumed", {"n": len(report.assumed)})] if report.assumed else []
    return everything if verbose else (everything[0], *_reasons(report), *assumed)


def _reasons(report: "LossReport") -> "list[Message]":
    """Why something was left out, the commonest reason first, one line for each type of resource and reason."""
    from trabecula.words.message import Message

    counts: Counter[tuple[str, Message]] = Counter()
    for loss in report.ignored:
        counts[loss.resource, loss.reason] += loss.n
    lines = [
        Message("loss.reason_line", {"n": n, "resource": resource, "reason": reason})
        for (resource, reason), n in counts.most_common()
    ]
    more = len(lines) - _REASONS
    return [*lines[:_REASONS], *([Message("loss.more_reasons", {"n": more})] if more > 0 else [])]
