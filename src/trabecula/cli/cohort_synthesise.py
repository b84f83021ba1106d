"""`trabecula cohort synthesise`: a register of people who do not exist, to try everything on."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import IsoDate, seed_option, whole_option
from trabecula.cli.output import CommandInterrupted, CommandRefused, check_installed, say

if TYPE_CHECKING:
    from trabecula.adapters.synthetic import SyntheticPlan
    from trabecula.person import Person

_FORMATS = ("csv", "excel", "fhir", "omop")
_MOST, _USUAL = 10_000_000, 300
_MOST_ROWS = 1_000_000
"""Rows that a sheet of a workbook has."""
_ROWS_EACH = 30
"""About how many rows the fullest sheet has for one person."""
_DAY = date(2026, 11, 30)
"""Of the extract, when no other is asked for: the same register tomorrow."""
_EVERY, _MB = 5_000, 1_000_000


@click.command(short_help="Write a register of people who do not exist.")
@whole_option("people", "a number of people", 1, _MOST, _USUAL, "How many people.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="csv", show_default=True, help="In which form.")
@click.option("-o", "--output", metavar="DIR", required=True, help="A new folder.")
@click.option("--date", "on", metavar="YYYY-MM-DD", type=IsoDate(), default=_DAY.isoformat(), show_default=True,
              help="The day of the extract.")  # fmt: skip
@click.option("--general", is_flag=True, help="People of the general population, without MS.")
@seed_option("Random seed: the same seed gives the same people.")
def synthesise(people: int, form: str, output: str, on: date, general: bool, seed: int) -> None:
    """Write plausible people with MS, none of them real, as a register has them: with gaps, and some dates rough.

    csv and excel have the form of `trabecula cohort template`, fhir is a Bundle for each person, omop a folder with the
    tables of OMOP CDM 5.4. Every register says that it is synthetic. DIR must not be there yet.

    \b
    Examples:
      trabecula cohort synthesise --people 300 --format excel -o synthetic
      trabecula cohort synthesise --people 20000 --format omop -o cdm
    """
    target = Path(output)
    _check(target, people, form)
    from trabecula.adapters.synthetic import SyntheticPlan, free_bytes, write_synthetic

    plan = SyntheticPlan(people, form, seed, on, not general)
    say(f"{people:,} synthetic people as {form}: about {max(1, round(plan.size / _MB)):,} MB in {target}")
    if plan.size > (free := free_bytes(target)):
        raise CommandRefused(
            f"--people: found {people:,}, about {plan.size // _MB:,} MB; expected at most the {free // _MB:,} MB that"
            " are free; ask for fewer, or choose another disk"
        )
    try:
        write_synthetic(plan, _drawn(people, plan), target)
    except OSError as error:
        raise CommandRefused(f"--output: {target} can't be written ({error.strerror}); nothing is left there") from None
    except KeyboardInterrupt:
        raise CommandInterrupted("stopped; nothing is left behind. The same command draws the same people.") from None
    say(f"Written to {target}. Then, for example: trabecula cohort score {target} -o scores.parquet --date {on}")


def _check(target: Path, people: int, form: str) -> None:
    """Refuse a place that is taken or not there, and more people than a workbook holds."""
    if target.exists() or target.is_symlink():
        raise CommandRefused(f"--output: found {target}, which is there already; expected a new folder; choose another")
    if not target.absolute().parent.is_dir():
        raise CommandRefused(f"--output: found {target}, in a folder that is not there; create it, or choose another")
    if form == "excel":
        check_installed("cohort synthesise --format excel", "openpyxl", otherwise="use --format csv")
    if form == "excel" and people * _ROWS_EACH > _MOST_ROWS:
        most = _MOST_ROWS // _ROWS_EACH
        raise CommandRefused(
            f"--people: found {people:,}; expected at most {most:,} in a workbook; use --format csv or omop"
        )


def _drawn(people: int, plan: "SyntheticPlan") -> "Iterable[Person]":
    """The people, with a line every so often."""
    from trabecula.evidence import Evidence
    from trabecula.people import VirtualRegister

    register = VirtualRegister(plan.on, plan.seed, Evidence.load(), plan.ms)
    return _told(register.people(range(1, people + 1)), people)


def _told(people: "Iterable[Person]", total: int) -> "Iterator[Person]":
    """The same people; how far it has come is said on the way."""
    for number, person in enumerate(people, 1):
        yield person
        if number % _EVERY == 0 and number < total:
            say(f"  {number:,} of {total:,}")
