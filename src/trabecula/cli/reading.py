"""The person and the day: what `assess` is asked about."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trabecula.cli.errors import refusing, say

if TYPE_CHECKING:  # imported when a record is read
    from trabecula.adapters.loss import LossReport
    from trabecula.person import Person, Reading

STDIN = "-"


@dataclass(frozen=True)
class Asked:
    """A person, the day of assessment, and what became of the record if it came from another system."""

    person: "Person"
    on: date
    loss: "LossReport | None"


def read(source: str, on: date | None) -> Asked:
    """The person in a file, for a day: the one asked for, the record's own, or today."""
    from trabecula.adapters.files import InputError
    from trabecula.person import PersonError

    where = "standard input" if source == STDIN else source
    with refusing(InputError), refusing(PersonError, where=where):
        reader = _reader(source)
        if on is not None:
            return _asked(reader(on), on)
        return _dated(reader)


def _reader(source: str) -> Callable[[date | None], "Reading"]:
    """Reads the source for a day; what can be read only once (a pipe) is kept."""
    from trabecula.adapters import files

    if source == STDIN:
        return _of_bytes(sys.stdin.buffer.read(files.LARGEST_BUNDLE + 1), "standard input")
    if Path(source).is_fifo():
        return _of_bytes(Path(source).read_bytes(), source)
    return lambda on: files.read_record(source, on)


def _of_bytes(raw: bytes, where: str) -> Callable[[date | None], "Reading"]:
    """Reads what is in hand for a day."""
    from trabecula.adapters import files

    return lambda on: files.read_bytes(raw, where, on)


def _dated(reader: Callable[[date | None], "Reading"]) -> Asked:
    """The record on its own day, or else today; a FHIR Bundle has no day of its own."""
    from trabecula.adapters.files import InputError
    from trabecula.person.dates import read_date

    try:
        own = reader(None).person.assessed_on
    except InputError:  # a bundle needs a day; anything else that is wrong is said again below
        own = None
    if own is not None:
        return _asked(reader(own), own)
    today = date.today()
    asked = _asked(reader(today), today)
    died = asked.person.death_date
    if died is not None and died <= today:
        death = read_date(died)
        alive = death.first - timedelta(days=1)
        say(f"This person died on {death.written}: assessed for the day before; --date sets another day.")
        return _asked(reader(alive), alive)
    say(f"Assessed for today, {today.isoformat()}; --date sets another day.")
    return asked


def _asked(reading: "Reading", on: date) -> Asked:
    """What was read, with its day."""
    return Asked(reading.person, on, reading.report)
